"""What the stewards' rules refuse; each error says why and what to do next.

Broken signatures and documents of other programs are protocol errors and stand in `protocol`.
"""

from federation.ground.refusal import Refusal


class GovernanceError(Refusal):
    """A rule of the stewards said no."""

    code = "governance"
    title = "A rule of the stewards refuses this."


class ThresholdError(GovernanceError):
    """A role asks for more keys than it has, or for none."""

    code = "threshold-impossible"
    title = "A role cannot ask for more signatures than it has keys, nor for none."
    remedy = "Choose a threshold between 1 and the number of stewards."


class SharedKeyError(GovernanceError):
    """One key would stand for two people, or for two roles that must not meet."""

    code = "key-shared"
    title = "One key would count twice, or would serve two roles that must stay apart."
    remedy = "Let every steward make a folder of her own with `mentorweave-fed init steward`."


class FalseKeyIdError(GovernanceError):
    """A key is listed under an id that is not its thumbprint, so it could be counted twice."""

    code = "key-id-false"
    title = "The roster lists a key under a name that is not its own."
    remedy = "Do not sign; ask whoever wrote the proposal to make it anew with this command."


class DutyMissingError(GovernanceError):
    """Nobody could suspend a member in an emergency."""

    code = "duty-missing"
    title = "No steward holds a duty key, so nobody could suspend a program in an emergency."
    remedy = "Run `mentorweave-fed init steward --duty` for at least one steward."


class StewardUnknownError(GovernanceError):
    """The roster names no such steward."""

    code = "steward-unknown"
    title = "The roster names no such steward, or several."
    remedy = "See the names with `mentorweave-fed roster show`."


class NameTakenError(GovernanceError):
    """Two stewards of one name could not be told apart in a diff."""

    code = "steward-name-taken"
    title = "Two stewards have the same name."
    remedy = "Let one of them make her folder anew under another name."


class NothingToChangeError(GovernanceError):
    """The proposal would change nothing."""

    code = "nothing-to-change"
    title = "The roster already says so."
    remedy = "See it with `mentorweave-fed roster show`."


class AlreadyMemberError(GovernanceError):
    """The id or the identity key belongs to a member already."""

    code = "already-member"
    title = "A program with this id or this identity key is in the roster already."
    remedy = "For a member with a new identity key use `propose rekey`; to let one return use `propose resume`."


class KeyVersionError(GovernanceError):
    """A new identity must come with a higher key version, or stolen keys would still count."""

    code = "key-version-too-low"
    title = "The new identity's first keys must carry a higher version than the stolen ones."
    remedy = "Ask the program to make its keys anew with a higher version, and to join again."


class ProposalDamagedError(GovernanceError):
    """The file is not a proposal, or its parts do not fit together."""

    code = "proposal-damaged"
    title = "The proposal file cannot be read, or its parts do not fit together."
    remedy = "Ask for the file once more, as it was made."


class ProposalStaleError(GovernanceError):
    """The roster moved on since the proposal was made."""

    code = "proposal-stale"
    title = "The roster has changed since this proposal was made."
    remedy = "Propose it again; a proposal always follows the newest roster."


class ProposalsDifferError(GovernanceError):
    """Copies to be joined do not propose the same thing."""

    code = "proposals-differ"
    title = "The files do not propose the same change."
    remedy = "Pass copies of one proposal only."


class NothingToSignError(GovernanceError):
    """This steward holds no key that the proposal needs."""

    code = "nothing-to-sign"
    title = "This steward holds no key that the proposal needs, or has signed already."
    remedy = "Pass the file to another steward; `roster diff FILE` shows whose signature is missing."


class UnderThresholdError(GovernanceError):
    """Too few stewards signed."""

    code = "under-threshold"
    title = "Too few stewards have signed."
    remedy = "Pass the file to more stewards; `roster diff FILE` shows whose signature is missing."


class ProposalExpiredError(GovernanceError):
    """What was signed is out of date before it was published."""

    code = "proposal-expired"
    title = "The proposal is past its date."
    remedy = "Propose it again; for a founding, let a steward with a duty key sign the file once more."


class NotConfirmedError(GovernanceError):
    """The steward did not say yes."""

    code = "not-confirmed"
    title = "Nothing was done, because nobody confirmed it."
    remedy = "Read what would change and answer yes, or pass --yes."


class FolderTakenError(GovernanceError):
    """The folder holds a steward's keys already."""

    code = "folder-taken"
    title = "The folder already holds a steward's keys."
    remedy = "Choose another folder with --data-dir; keys are never overwritten."


class StewardMissingError(GovernanceError):
    """The folder is no steward's folder."""

    code = "steward-missing"
    title = "There is no steward in this folder."
    remedy = "Run `mentorweave-fed init steward --name NAME`, or name the folder with --data-dir."


class DutyKeyMissingError(GovernanceError):
    """This steward has no duty key."""

    code = "duty-key-missing"
    title = "This steward has no duty key."
    remedy = "Ask a steward on duty, or make one with `mentorweave-fed init steward --duty` and propose it to the root."


class FederationTakenError(GovernanceError):
    """The folder belongs to another federation."""

    code = "federation-taken"
    title = "This folder already trusts another federation."
    remedy = "Make another folder with --data-dir for another federation."


class FederationUnknownError(GovernanceError):
    """The folder does not know whose roster to read."""

    code = "federation-unknown"
    title = "This folder does not know its federation yet."
    remedy = "Sign the founding proposal, or run `mentorweave-fed roster pin URL --sha256 HASH`."


class NoCopyError(GovernanceError):
    """No roster was ever read here."""

    code = "roster-unread"
    title = "No copy of the roster was read on this machine yet."
    remedy = "Run `mentorweave-fed roster verify` first, with the exchange in reach."


class RosterRefusedError(GovernanceError):
    """What the exchange serves does not hold under the trusted root."""

    code = "roster-refused"
    title = "The roster that the exchange serves does not hold."
    remedy = "Keep the last copy (--offline) and tell the other stewards: the exchange may be withholding or forging."


class RootDiffersError(GovernanceError):
    """The first root served is not the one that was signed or read out."""

    code = "root-differs"
    title = "The exchange serves another root than the one trusted here."
    remedy = "Stop, and compare the root's hash with the other stewards over the phone."


class ExchangeUnreachableError(GovernanceError):
    """The exchange does not answer."""

    code = "exchange-unreachable"
    title = "The exchange does not answer."
    remedy = "Check its address and the network, or work with --offline where the command has it."


class ExchangeRefusedError(GovernanceError):
    """The exchange answered no."""

    code = "exchange-refused"
    title = "The exchange refused this."
    remedy = "Look up the code it gave in the documentation of errors."


class RecordBrokenError(GovernanceError):
    """A line of the record of acts was changed, removed or inserted."""

    code = "record-broken"
    title = "The record of acts was changed at the line named here."
    remedy = "Keep the file as evidence, and compare it with a backup."


class CardDamagedError(GovernanceError):
    """A file that should present an exchange or a steward does not."""

    code = "card-damaged"
    title = "The file that presents the exchange or the steward cannot be read."
    remedy = "Ask for it once more: `exchange.json` or `steward.json`, as `init` wrote it."


class PassphraseMissingError(GovernanceError):
    """A steward's key file needs a passphrase, and nobody was there to enter it."""

    code = "steward-passphrase-needed"
    title = "The steward's key file needs a passphrase."
    remedy = "Enter it when asked, or name a file that holds it in MENTORWEAVE_FED_PASSPHRASE_FILE."


class PassphraseWrongError(GovernanceError):
    """The passphrase does not open the steward's key file."""

    code = "steward-passphrase-wrong"
    title = "The passphrase does not open the steward's key file."
    remedy = "Try again; if it is lost, the other stewards replace this steward with `propose root`."


class OnceWithoutDutyError(GovernanceError):
    """Only a duty is done once; an exchange runs."""

    code = "once-without-duty"
    title = "`--once` goes with `--duty` only."
    remedy = "Run `mentorweave-fed serve --duty --once`, or `serve` without it."
