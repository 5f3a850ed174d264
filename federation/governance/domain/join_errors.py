"""What the stewards' rules refuse while a program asks to join."""

from federation.governance.domain.errors import GovernanceError


class OtherMemberError(GovernanceError):
    """The join request speaks for another program than the one to be rekeyed."""

    code = "join-other-member"
    title = "The join request speaks for another program."
    remedy = "Check the program's id and the join id, and ask the program which code it used."


class JoinUnknownError(GovernanceError):
    """This steward issued no such join code, so she does not hold its secret."""

    code = "join-unknown"
    title = "This steward did not issue that join code."
    remedy = "The steward who issued the code must propose the admission; see `mentorweave-fed status`."


class JoinAbsentError(GovernanceError):
    """Nobody used the code yet."""

    code = "join-absent"
    title = "The program has not used its join code yet."
    remedy = "Ask the program to run `mentorweave join CODE`, then try again."


class WordsNeededError(GovernanceError):
    """Nobody confirmed the six words."""

    code = "words-needed"
    title = "Nobody confirmed the six words that the program reads on the phone."
    remedy = "Phone the program, let it read its six words, and pass them with --words."


class WordsDifferError(GovernanceError):
    """The words heard are not the words of this key: somebody stands in between."""

    code = "words-differ"
    title = "The six words heard are not the six words of this request."
    remedy = "Do not admit it; let the program read them once more, and if they still differ start with a new code."


class ChallengeUnansweredError(GovernanceError):
    """The program has not opened the challenge yet."""

    code = "challenge-unanswered"
    title = "The program has not answered the challenge yet."
    remedy = "Ask it to run `mentorweave sync`, then run the same command again."


class JoinDecidedError(GovernanceError):
    """The request is admitted or refused."""

    code = "join-decided"
    title = "This join request is decided already."
    remedy = "See `mentorweave-fed roster show`; a refused program needs a new code."
