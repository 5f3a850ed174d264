"""What a member's own rules refuse before anything is sent. What a peer breaks is an error of `protocol`."""

from __future__ import annotations

from federation.ground.refusal import Refusal


class NotJoinedError(Refusal):
    """This program has not joined a federation."""

    code = "not-joined"
    title = "This program has not joined a federation."
    remedy = "Ask a steward for a join code and run `mentorweave join CODE`."


class AlreadyJoinedError(Refusal):
    """This program is a member already, or waits for another admission."""

    code = "already-joined"
    title = "This program has already joined, or waits to be admitted."
    remedy = "Run `mentorweave join` with the code it was started with, or `mentorweave sync`."


class RosterUnverifiedError(Refusal):
    """The list of members was never verified here."""

    code = "roster-missing"
    title = "The list of member programs was never fetched."
    remedy = "Run `mentorweave sync`."


class RosterTooOldError(Refusal):
    """The list of members is too old for this."""

    code = "roster-too-old"
    title = "The list of member programs has not been renewed for too long."
    remedy = "Run `mentorweave sync`; if it stays, ask a steward whether the exchange serves the newest list."


class CatchingUpError(Refusal):
    """What the other end said since the backup is not known yet."""

    code = "catching-up"
    title = "This program was restored, and does not know yet what was said in this request since."
    remedy = "Run `mentorweave sync`; withdrawals and erasures can be said at once."


class UnknownThreadError(Refusal):
    """No such thread here."""

    code = "thread-unknown"
    title = "There is no such request between two programs."
    remedy = "Check the id; `mentorweave request list` shows every request."


class UnknownLetterError(Refusal):
    """No such letter waits in the outbox, or it cannot be sent again."""

    code = "letter-unknown"
    title = "There is no such letter that could be sent again."
    remedy = "`mentorweave outbox list` shows what waits to be sent."


class KeysMissingError(Refusal):
    """This member's own keys are not there."""

    code = "keys-missing"
    title = "This program's own keys for letters are missing."
    remedy = "Run `mentorweave keys rotate`."
