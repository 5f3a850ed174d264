"""What was done, by whom, to what, when: ids only, added to and never edited."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import TokenId, UserId


class Act(StrEnum):
    """Something that was done and is remembered."""

    PROGRAM_FOUNDED = "program.founded"
    PROGRAM_RESTORED = "program.restored"
    PROGRAM_CAUGHT_UP = "program.caught_up"
    ANSWERS_GIVEN_UP = "answers.given_up"
    COMMUNITY_ADDED = "community.added"
    PEOPLE_IMPORTED = "people.imported"
    PEOPLE_EXPORTED = "people.exported"
    APPLICATION_SENT = "application.sent"
    APPLICATION_SHOWN = "application.shown"
    APPLICATION_TAKEN_IN = "application.taken_in"
    APPLICATION_TURNED_DOWN = "application.turned_down"
    APPLICATION_ERASED = "application.erased"
    APPLICATION_TAKEN_BACK = "application.taken_back"
    INTAKE_CHANGED = "intake.changed"
    SOURCE_ADDED = "intake.source_added"
    SOURCE_RETIRED = "intake.source_retired"
    SOURCE_BACK = "intake.source_back"
    PERSON_ADDED = "person.added"
    PERSON_EDITED = "person.edited"
    PERSON_PAUSED = "person.paused"
    PERSON_RESUMED = "person.resumed"
    PERSON_SHOWN = "person.shown"
    PERSON_ERASED = "person.erased"
    ERASURES_PROVEN = "erasures.proven"
    PEOPLE_MERGED = "people.merged"
    PEOPLE_TOLD_APART = "people.told_apart"
    NOTE_ADDED = "note.added"
    PAIR_EXCLUDED = "pair.excluded"
    PAIR_ALLOWED = "pair.allowed"
    PAIR_PINNED = "pair.pinned"
    PAIR_UNPINNED = "pair.unpinned"
    RULES_CHANGED = "rules.changed"
    DRAFT_MADE = "draft.made"
    DRAFT_EDITED = "draft.edited"
    DRAFT_SIGNED = "draft.signed"
    DRAFT_PUBLISHED = "draft.published"
    DRAFT_DISCARDED = "draft.discarded"
    CONSENT_ADDED = "consent.added"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    SIGNED_IN = "user.signed_in"
    SIGNED_OUT = "user.signed_out"
    SIGNED_OUT_EVERYWHERE = "user.signed_out_everywhere"
    PASSWORD_SET = "user.password_set"  # noqa: S105 - the name of an act
    PASSWORD_LINK_GIVEN = "user.password_link_given"  # noqa: S105 - the name of an act
    FACTOR_ADDED = "user.factor_added"
    FACTOR_REMOVED = "user.factor_removed"
    RECOVERY_CODES_RENEWED = "user.recovery_codes_renewed"
    PASSKEY_ADDED = "user.passkey_added"
    PASSKEY_REMOVED = "user.passkey_removed"
    ACCOUNT_LINKED = "user.account_linked"
    ACCOUNT_UNLINKED = "user.account_unlinked"
    PARTICIPANT_LINK_SENT = "participant.link_sent"
    PARTICIPANT_SIGNED_IN = "participant.signed_in"
    PARTICIPANT_SIGNED_OUT = "participant.signed_out"
    TOKEN_ADDED = "token.added"  # noqa: S105 - the name of an act
    TOKEN_ENDED = "token.ended"  # noqa: S105 - the name of an act
    KEYS_ROTATED = "keys.rotated"
    BACKUP_MADE = "backup.made"
    REQUEST_OPENED = "request.opened"
    REQUEST_HEARD = "request.heard"
    REQUEST_RECOVERED = "request.recovered"
    REQUEST_QUESTIONED = "request.questioned"
    REQUEST_ANSWERED = "request.answered"
    REQUEST_OFFERED = "request.offered"
    REQUEST_ACCEPTED = "request.accepted"
    REQUEST_REFUSED = "request.refused"
    REQUEST_DECLINED = "request.declined"
    REQUEST_WITHDRAWN = "request.withdrawn"
    REQUEST_RECALLED = "request.recalled"
    REQUEST_LAPSED = "request.lapsed"
    REQUEST_ERASED = "request.erased"
    REQUEST_QUARANTINED = "request.quarantined"
    REQUEST_ATTESTED = "request.attested"
    REQUEST_POSTED = "request.posted"
    REQUEST_UNPOSTED = "request.unposted"
    REQUEST_MENTOR_ASKED = "request.mentor_asked"
    REQUEST_MENTOR_ANSWERED = "request.mentor_answered"
    REQUEST_OFFER_POSTED = "request.offer_posted"
    REQUEST_OFFER_TAKEN = "request.offer_taken"
    REQUEST_OFFER_PASSED = "request.offer_passed"
    MENTORSHIP_BEGUN = "mentorship.begun"
    MENTORSHIP_AGREED = "mentorship.agreed"
    GOAL_SETTLED = "goal.settled"
    MEETING_LOGGED = "meeting.logged"
    MENTORSHIP_PAUSED = "mentorship.paused"
    MENTORSHIP_RESUMED = "mentorship.resumed"
    MENTORSHIP_CLOSED = "mentorship.closed"
    STEP_TICKED = "step.ticked"
    PAIR_NOTED = "pair.noted"
    PAIR_HEARD = "pair.heard"
    MEETING_PLANNED = "meeting.planned"
    MEETING_CALLED_OFF = "meeting.called_off"
    LETTER_HANDED_OVER = "letter.handed_over"
    LETTER_OPENED = "letter.opened"
    LETTER_TICKED_OFF = "letter.ticked_off"
    STAFF_REMINDED = "staff.reminded"
    SUMMARY_AGREED = "summary.agreed"
    SUMMARY_PUBLISHED = "summary.published"
    COUNTS_DRAWN = "counts.drawn"
    COUNTS_UNPROVEN = "counts.unproven"
    VISIBILITY_SET = "visibility.set"
    DISCLOSURES_SHOWN = "disclosures.shown"
    LEDGER_EXPORTED = "ledger.exported"
    PROGRAM_EDITED = "program.edited"
    KEPT_CHANGED = "retention.changed"
    TEXTS_CHANGED = "texts.changed"
    KEPT_NO_LONGER = "retention.kept_no_longer"
    OUTBOX_CHANGED = "outbox.changed"
    FEDERATION_ASKED = "federation.asked"


READING = frozenset({Act.PERSON_SHOWN, Act.DISCLOSURES_SHOWN})
"""Acts that change nothing: by them somebody read of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `subject` is the id of what was acted upon, never its name; `via` the token another program used."""

    at: datetime
    actor: UserId
    act: Act
    subject: str
    via: TokenId | None = None
