"""The verbs about other programs and about pairs, assembled from ports once and handed out by concept."""

from dataclasses import dataclass

from node.services.agreeing import AgreeToRequest
from node.services.checks import Check, Recently
from node.services.crossing_checks import CheckExchange, CheckLetters, CheckOutbox, CheckRoster
from node.services.federation import (
    JoinFederation,
    ListWaiting,
    PauseSending,
    RetryMessage,
    ShowRoster,
    SyncFederation,
)
from node.services.letters import ListLetters, SendLetters, TickOffLetter
from node.services.mentorship.approving import ApprovePair
from node.services.mentorship.keeping import AgreeOnGoals, CloseMentorship, LogMeeting, SettleGoal
from node.services.mentorship.views import ListMentorships, ShowMentorship
from node.services.ports import Clock, Ids, OpenWork
from node.services.ports.federation import Federation
from node.services.ports.letters import PostOffice
from node.services.report import MakeReport
from node.services.request.answering import AcceptOffer, AnswerQuestion, AskQuestion, EndRequest, OfferSeat
from node.services.request.lapsing import LapseRequests
from node.services.request.opening import OpenRequest, SearchRequest
from node.services.request.views import ListRequests, ShowRequest
from node.services.summary import ListReleases, PreviewSummary, PublishSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What these verbs need of the world; `time_zone` is that of people who gave none."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    ids: Ids
    federation: Federation
    post_office: PostOffice
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestServices:
    """What can be done with requests to and from other programs."""

    search: SearchRequest
    open: OpenRequest
    list: ListRequests
    show: ShowRequest
    agree: AgreeToRequest
    ask: AskQuestion
    answer: AnswerQuestion
    offer: OfferSeat
    accept: AcceptOffer
    end: EndRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorshipServices:
    """What can be done with mentorships."""

    approve: ApprovePair
    list: ListMentorships
    show: ShowMentorship
    agree: AgreeOnGoals
    settle: SettleGoal
    meet: LogMeeting
    close: CloseMentorship


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterServices:
    """What can be done with letters to our own people."""

    send: SendLetters
    list: ListLetters
    tick_off: TickOffLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryServices:
    """What can be done with what this program publishes."""

    preview: PreviewSummary
    publish: PublishSummary
    ledger: ListReleases


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationServices:
    """What taking part in a federation asks for."""

    join: JoinFederation
    sync: SyncFederation
    roster: ShowRoster
    waiting: ListWaiting
    retry: RetryMessage
    pause: PauseSending


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """All of them."""

    requests: RequestServices
    mentorships: MentorshipServices
    letters: LetterServices
    summary: SummaryServices
    federation: FederationServices
    report: MakeReport
    checks: tuple[Check, ...]
    daily: tuple[Check, ...]


def assemble(outside: Outside) -> Crossing:
    """Every verb over the same ports."""
    work, reading, clock, ids = outside.work, outside.reading, outside.clock, outside.ids
    roster, exchange = CheckRoster(outside.federation), CheckExchange(outside.federation)
    return Crossing(
        requests=_requests(outside),
        mentorships=MentorshipServices(
            approve=ApprovePair(work, clock, ids, outside.time_zone),
            list=ListMentorships(reading),
            show=ShowMentorship(reading),
            agree=AgreeOnGoals(work, clock),
            settle=SettleGoal(work, clock),
            meet=LogMeeting(work, clock),
            close=CloseMentorship(work, clock),
        ),
        letters=LetterServices(
            send=SendLetters(work, clock, outside.post_office),
            list=ListLetters(reading),
            tick_off=TickOffLetter(work, clock),
        ),
        summary=SummaryServices(
            preview=PreviewSummary(reading, clock),
            publish=PublishSummary(work, clock, ids),
            ledger=ListReleases(reading),
        ),
        federation=FederationServices(
            join=JoinFederation(work, clock, outside.federation),
            sync=SyncFederation(reading, outside.federation, LapseRequests(work, clock)),
            roster=ShowRoster(outside.federation),
            waiting=ListWaiting(reading),
            retry=RetryMessage(work, clock),
            pause=PauseSending(work, clock),
        ),
        report=MakeReport(reading, clock),
        checks=(roster, exchange, CheckOutbox(reading), CheckLetters(reading)),
        daily=(roster, Recently(exchange, clock)),
    )


def _requests(outside: Outside) -> RequestServices:
    work, reading, clock, ids = outside.work, outside.reading, outside.clock, outside.ids
    return RequestServices(
        search=SearchRequest(reading, clock),
        open=OpenRequest(work, clock, outside.time_zone),
        list=ListRequests(reading, clock),
        show=ShowRequest(reading, clock),
        agree=AgreeToRequest(work, clock, ids),
        ask=AskQuestion(work, clock),
        answer=AnswerQuestion(work, clock),
        offer=OfferSeat(work, clock, ids, outside.time_zone),
        accept=AcceptOffer(work, clock),
        end=EndRequest(work, clock),
    )
