"""What the rules refuse a person. Every class names a code; `node/words` says it in two languages."""

from federation.ground.refusal import Refusal


class DomainError(Refusal):
    """A person asked for what the rules refuse; parameters are ids, codes and counts only."""

    code = "refused"


class NotAllowedError(DomainError):
    """The role of the actor does not allow this."""

    code = "not-allowed"


class ChangedMeanwhileError(DomainError):
    """Somebody else changed the row since it was read."""

    code = "changed-meanwhile"


class UnknownPersonError(DomainError):
    """No person has this id."""

    code = "unknown-person"


class NotAMenteeError(DomainError):
    """A mentee was needed and this person is not one."""

    code = "not-a-mentee"


class NotAMentorError(DomainError):
    """A mentor was needed and this person is not one."""

    code = "not-a-mentor"


class PersonLeftError(DomainError):
    """The person left the program."""

    code = "person-left"


class PauseOverError(DomainError):
    """A pause until a day that has passed is none."""

    code = "pause-over"


class UnknownConsentError(DomainError):
    """No grant has this id."""

    code = "unknown-consent"


class ConsentAlreadyWithdrawnError(DomainError):
    """The grant was taken back before."""

    code = "consent-already-withdrawn"


class ConsentPeriodError(DomainError):
    """The grant would end before it begins."""

    code = "consent-period"


class UnknownOccupationError(DomainError):
    """No unit group has this code."""

    code = "unknown-occupation"


class UnknownOccupationFileError(DomainError):
    """A file is none of the official files of occupations."""

    code = "unknown-occupation-file"


class UnreadableOccupationRowError(DomainError):
    """A row of an official file cannot be read."""

    code = "unreadable-occupation-row"


class NoOccupationFilesError(DomainError):
    """No official file of occupations was found."""

    code = "no-occupation-files"


class DamagedOccupationsError(DomainError):
    """The index of official occupations cannot be read."""

    code = "damaged-occupations"


class UnreadableLanguageError(DomainError):
    """A list of languages that cannot be read."""

    code = "unreadable-language"


class UnreadableSlotError(DomainError):
    """A list of weekly hours that cannot be read."""

    code = "unreadable-slot"


class NoFreeSeatError(DomainError):
    """Every seat of the mentor is promised or taken."""

    code = "no-free-seat"


class UnknownSeatError(DomainError):
    """No seat is claimed under this id."""

    code = "unknown-seat"


class AlreadyExcludedError(DomainError):
    """The pair is kept apart already."""

    code = "already-excluded"


class NotExcludedError(DomainError):
    """The pair is not kept apart."""

    code = "not-excluded"


class AlreadyPinnedError(DomainError):
    """The mentee is pinned to a mentor already."""

    code = "already-pinned"


class NotPinnedError(DomainError):
    """The pair is not pinned."""

    code = "not-pinned"


class UserExistsError(DomainError):
    """Somebody with this e-mail address is a user already."""

    code = "user-exists"


class StaffRoleError(DomainError):
    """Only the program itself has this role."""

    code = "staff-role"


class LastAdministratorError(DomainError):
    """Somebody must stay who may do everything."""

    code = "last-administrator"


class ProgramExistsError(DomainError):
    """The data folder holds a program already."""

    code = "program-exists"


class NoProgramError(DomainError):
    """The data folder holds no program yet."""

    code = "no-program"


class CommunityNeededError(DomainError):
    """A program needs at least one community."""

    code = "community-needed"


class CommunityExistsError(DomainError):
    """The program has a community of this name already."""

    code = "community-exists"


class BlankNameError(DomainError):
    """A name was left blank."""

    code = "blank-name"


class HiddenTextError(DomainError):
    """The address was not made by this node, or it was changed."""

    code = "hidden-text"


class KeysExistError(DomainError):
    """A key file of this name is there already."""

    code = "keys-exist"


class RecoveryWordsError(DomainError):
    """The words do not open this backup, or are not recovery words."""

    code = "recovery-words"


class UnreadableBackupError(DomainError):
    """The file is no backup, or was cut short."""

    code = "unreadable-backup"


class BackupTooNewError(DomainError):
    """The backup was made by a newer release."""

    code = "backup-too-new"


class DatabaseInUseError(DomainError):
    """The database to restore into is not empty."""

    code = "database-in-use"


class DatabaseBehindError(DomainError):
    """The database waits for `db upgrade`."""

    code = "database-behind"


class UnreadableFileError(DomainError):
    """The spreadsheet cannot be read at all."""

    code = "unreadable-file"


class SheetTooLargeError(DomainError):
    """The spreadsheet is larger inside than any list of people."""

    code = "sheet-too-large"


class MacrosError(DomainError):
    """The spreadsheet holds macros."""

    code = "macros"


class TooManyRowsError(DomainError):
    """The spreadsheet holds more rows than one import takes."""

    code = "too-many-rows"
