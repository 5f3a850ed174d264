"""Where a page leads: from what needs a person, or is wrong, to the page on which the next step is taken."""

from collections.abc import Iterable, Mapping

from node.services.checks import Finding, Severity
from node.services.today import Concern, Matter
from node.words import catalogue

_ABOUT: Mapping[Concern, str] = {
    Concern.APPLICATION_WAITS: "/people/arrivals/{0}",
    Concern.MENTOR_TO_ASK: "/others/requests/{0}",
    Concern.REQUEST_WAITS: "/others/requests/{0}",
    Concern.QUESTION_TO_ANSWER: "/others/requests/{0}/answer",
    Concern.CONSENT_TO_COLLECT: "/others/requests/{0}/agree",
    Concern.OFFER_TO_ACCEPT: "/others/requests/{0}/accept",
    Concern.OFFER_LAPSES: "/others/requests/{0}",
    Concern.PROGRAM_SILENT: "/others/requests/{0}",
    Concern.PERSON_UNANSWERED: "/matching/{0}",
    Concern.PAIR_IN_TROUBLE: "/mentorships/{0}",
    Concern.AGREEMENT_ENDS: "/mentorships/{0}",
    Concern.PAIR_QUIET: "/mentorships/{0}",
    Concern.ANONYMOUS_OFFER: "/others/anonymous/offers/{0}",
    Concern.ANONYMOUS_OFFER_AGAIN: "/others/anonymous/offers/{0}",
    Concern.MENTOR_ASKED: "/others/anonymous/{0}/{1}",
    Concern.MENTOR_ASKED_AGAIN: "/others/anonymous/{0}/{1}",
    Concern.LETTER_TO_SEND: "/letters#{0}",
    Concern.LETTER_REFUSED: "/letters#{0}",
    Concern.LETTER_UNCLEAR: "/letters#{0}",
    Concern.LETTER_WAITS: "/letters#{0}",
    Concern.MESSAGE_STUCK: "/others/node#waiting",
}
_REMEDIES: Mapping[str, str] = {
    "backup-none": "/others/node#backup",
    "backup-old": "/others/node#backup",
    "outbox-stuck": "/others/node#waiting",
    "letters-by-hand": "/letters",
    "roster-none": "/others/node#joining",
    "roster-warn": "/others/programs",
    "roster-no-new": "/others/programs",
    "roster-silent": "/others/programs",
    "erasures-outstanding": "/privacy/forgetting",
    "offers-in-vain": "/privacy/ledger",
    "publishing-not-agreed": "/privacy",
}
_ORDER = (Severity.PROBLEM, Severity.WARNING, Severity.FINE)


def lead(matter: Matter) -> str:
    """The page on which somebody takes the next step."""
    return _ABOUT[matter.concern].format(*matter.subject.split(" "))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """What is wrong before what is well."""
    return sorted(findings, key=lambda one: _ORDER.index(one.severity))


def advice(code: str) -> str:
    """The code of the sentence that says what to do about a finding: on a page, where commands are not typed."""
    return f"check.{code}.page" if f"check.{code}.page" in catalogue() else f"check.{code}.next"


def remedy(code: str) -> str:
    """The page on which a finding is seen to; blank where no page helps."""
    return _REMEDIES.get(code, "")
