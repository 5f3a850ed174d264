"""What the exchange refuses, beyond the errors of the language; each carries the code of its problem document."""

from __future__ import annotations

from protocol.errors import ProtocolError


class UnfoundedError(ProtocolError):
    """No roster was published here yet."""

    code = "federation-unfounded"
    status = 503
    title = "This exchange has no federation yet."
    remedy = "The stewards publish the founding files first; try again later."


class FoundingTokenError(ProtocolError):
    """The first root came without this exchange's founding token."""

    code = "founding-token"
    status = 403
    title = "The first files of a federation need this exchange's founding token."
    remedy = "Use the exchange.json that `mentorweave-fed init exchange` wrote."


class RosterError(ProtocolError):
    """A staged roster is not acceptable."""

    code = "roster-invalid"
    status = 422
    title = "The staged files do not make a valid roster."
    remedy = "Compare them with `mentorweave-fed roster show`, then propose and sign again."


class RosterVersionError(RosterError):
    """A staged file is not the next version of its role."""

    code = "roster-version"
    status = 409
    title = "A staged file is not the next version of its kind."
    remedy = "Somebody published meanwhile: propose again on top of the newest roster."


class RosterSignatureError(RosterError):
    """A staged file lacks the signatures that the trusted root asks for."""

    code = "roster-signatures"
    status = 403
    title = "A staged file lacks the signatures it needs."
    remedy = "Have more stewards sign it, then publish again."


class RosterExpiredError(RosterError):
    """A staged file is out of date already."""

    code = "roster-expired"
    title = "A staged file is out of date."
    remedy = "Propose a renewal, have it signed, then publish again."


class RosterMixError(RosterError):
    """The staged files do not belong together, or not to what is published."""

    code = "roster-mix"
    title = "The staged files do not belong together."
    remedy = "Publish the files of one proposal together, with every file they describe."


class NoSuchItemError(ProtocolError):
    """Nothing is stored under this name."""

    code = "item-unknown"
    status = 404
    title = "Nothing is stored here under this name."
    remedy = "Check the address; what has expired is gone."


class TakenError(ProtocolError):
    """The name already stands for other bytes."""

    code = "id-taken"
    status = 409
    title = "Other content is already stored under this id."
    remedy = "Send it again under a new id."


class MismatchError(ProtocolError):
    """The body says something else than the address it was sent to."""

    code = "address-mismatch"
    status = 422
    title = "The content does not belong to the address it was sent to."
    remedy = "Report the code to the makers of the sending program."


class EnvelopeDateError(ProtocolError):
    """The envelope is past its end, or from the future."""

    code = "envelope-date"
    status = 422
    title = "The letter is past its end, or dated in the future."
    remedy = "Check the date and time of the machine that made it."


class NotYoursError(ProtocolError):
    """The caller acts in another member's name."""

    code = "not-yours"
    status = 403
    title = "A program may do this in its own name only."
    remedy = "Check which program's keys signed the request."


class KeyUseError(ProtocolError):
    """The request is signed with a key that is for other requests."""

    code = "hop-key-use"
    status = 401
    title = "The request is signed with a key that is not for this kind of request."
    remedy = "Sign with the newest signing key; the identity key is for joining and for publishing keys."


class KeyTakenError(ProtocolError):
    """A signing key already belongs to another member, or is somebody's identity key."""

    code = "key-taken"
    status = 409
    title = "A published key is already in use elsewhere."
    remedy = "Run `mentorweave keys rotate`."


class RecipientUnknownError(ProtocolError):
    """Nobody of this id is, or was, a member."""

    code = "recipient-unknown"
    status = 404
    title = "The letter is addressed to a program that is not a member."
    remedy = "Run `mentorweave sync`; the program may have been removed."


class RecipientLeftError(ProtocolError):
    """The recipient left the federation."""

    code = "recipient-left"
    status = 410
    title = "The letter is addressed to a program that has left the federation."
    remedy = "Settle the matter by phone or mail."


class QuotaError(ProtocolError):
    """The member used up what it may send for now; `retry_after` is in seconds."""

    code = "quota-exceeded"
    status = 429
    title = "The program has sent as much as it may for now."
    remedy = "It is sent again by itself later; ask the stewards for a larger quota if this stays."


class MailboxFullError(QuotaError):
    """The recipient has too much waiting."""

    code = "mailbox-full"
    title = "The other program has too many letters waiting."
    remedy = "It is sent again by itself later; tell the other program that its machine does not fetch."


class JoinsFullError(QuotaError):
    """Too many requests to join are waiting."""

    code = "joins-full"
    title = "Too many requests to join are waiting."
    remedy = "Try again later, or ask a steward."


class JoinStateError(ProtocolError):
    """The step does not fit where the joining stands."""

    code = "join-state"
    status = 409
    title = "This step of joining does not fit where it stands."
    remedy = "Look at its state again; ask a steward for a new join code if it was refused."


class BatchClosedError(ProtocolError):
    """The batch is not the one that is open; `open` names it."""

    code = "batch-closed"
    status = 409
    title = "This batch of anonymous requests is closed."
    remedy = "It is sent with the open batch."


class BoardUnreachableError(ProtocolError):
    """The need board, run by another steward, does not answer as it should; `retry_after` is in seconds."""

    code = "board-unreachable"
    status = 503
    title = "The anonymous requests cannot be reached for now."
    remedy = "What was to be handed over waits and is sent again by itself."


class MediaTypeError(ProtocolError):
    """The body is announced as another kind of content."""

    code = "media-type"
    status = 415
    title = "The body is announced as another kind of content than belongs here."
    remedy = "Report the code to the makers of the sending program."


class NotReadyError(ProtocolError):
    """The service cannot do its work now."""

    code = "not-ready"
    status = 503
    title = "The exchange is not ready."
    remedy = "Whoever runs it looks at `check`; try again later."
