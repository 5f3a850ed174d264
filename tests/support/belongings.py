"""A program with one thing of every kind that an address can name, and who may come in at its doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.actor import Actor, Participant, Role
from node.domain.consent import Given, Purpose
from node.domain.intake.application import Answer, Application, ApplicationId, Stage
from node.domain.intake.question import Ask
from node.domain.mentorship import Agreement, Goal, MentorshipId, Step
from node.domain.pair import Reach
from node.domain.participant import ParticipantSession
from node.domain.person import Contact, Kind, Person
from node.domain.program import Tongue
from node.domain.signin import Session, digest
from node.domain.token import Scope
from node.services.consent import NewConsent
from protocol.ids import NodeId
from tests.support.api import ApiNode
from tests.support.crossing import CLERK
from tests.support.node import a_person, new_id

FAR_AWAY = NodeId("c" * 16)
TEXT = "name,community,occupation,languages\n{mark} Sheet,Medicine Hat,21300,en:8\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What a program has. `mark` stands in every name, note and address of it, and in nothing of anybody else."""

    mark: str
    ids: Mapping[str, str]
    pair: tuple[Person, Person]
    other_pair: tuple[Person, Person]
    staff: Mapping[Role, str]
    """The secret of a session of each role."""
    guest: str
    """The secret of a session of one of `other_pair`, who is in the same program."""


def belongings(node: ApiNode, mark: str) -> Belongings:
    """Everything in one program, which has asked a program far away for a mentee of its own."""
    services, program = node.services, node.program
    actors = {role: Actor(user.id, user.role) for role, user in node.users.items()}
    people = [_person(mark, kind) for kind in (Kind.MENTEE, Kind.MENTOR) * 2]
    one, his, two, hers = (program.add(person) for person in people)
    first, second = (program.approve(CLERK, a.id, b.id).id for a, b in ((one, his), (two, hers)))
    noted, planned = _written(node, first, one, mark)
    _written(node, second, two, mark)
    waiting, free = program.add(_person(mark, Kind.MENTEE)), program.add(_person(mark, Kind.MENTOR))
    grant = services.consents.add(CLERK, NewConsent(person=waiting.id, purpose=Purpose.OUTSIDE, given=Given.PHONE))
    thread = program.open(CLERK, waiting.id, FAR_AWAY).id
    application = _application(node, mark)
    with program.work() as work:
        work.applications.add(application)
        letter = next(iter(work.letters.all())).id
    coordinator = actors[Role.COORDINATOR]
    token = services.users.add_token(coordinator, coordinator.id, f"{mark} token", [Scope.PEOPLE_READ]).token
    ids = {
        "person": waiting.id,
        "mentee": waiting.id,
        "mentor": free.id,
        "place": free.id,
        "one": waiting.id,
        "other": free.id,
        "mentorship": first,
        "second": second,
        "note": noted,
        "plan": planned,
        "thread": thread,
        "request": thread,
        "grant": grant.id,
        "letter": letter,
        "draft": services.drafts.make(coordinator).id,
        "upload": services.people.uploads.keep(coordinator, TEXT.format(mark=mark).encode()),
        "user": node.users[Role.REVIEWER].id,
        "application": application.id,
        "token": token.id,
    }
    return Belongings(
        mark=mark,
        ids=ids,
        pair=(one, his),
        other_pair=(two, hers),
        staff={role: _enter(node, actor) for role, actor in actors.items()},
        guest=_let_in(node, two),
    )


def _person(mark: str, kind: Kind) -> Person:
    number = new_id()[-6:]
    contact = Contact(name=f"{mark} {number}", email=f"{mark}.{number}@example.org", notes=f"{mark} said so")
    return a_person(kind, contact=contact)


def _written(node: ApiNode, mentorship: MentorshipId, mentee: Person, mark: str) -> tuple[str, str]:
    """An agreement, a meeting that is planned, and what one of the pair tells the coordinator; ids of the last two."""
    her, pairs = Participant(mentee.id), node.services.mentorships
    goal = Goal(words=f"{mark} goal", due_on=date(2027, 6, 1), steps=(Step(f"{mark} step"),))
    agreed = Agreement(words=f"{mark} words", goals=(goal,), review_on=date(2027, 6, 1))
    pairs.agree(her, mentorship, agreed)
    note = pairs.note(her, mentorship, f"{mark} trouble", Reach.COORDINATOR)
    plan = pairs.plan(her, mentorship, node.clock.now() + timedelta(days=3), 60, f"{mark} library")
    return note.id, plan.id


def _application(node: ApiNode, mark: str) -> Application:
    now = node.clock.now()
    return Application(
        id=ApplicationId(new_id()),
        kind=Kind.MENTEE,
        language=Tongue.ENGLISH,
        link=digest(f"application of {mark}"),
        begun_at=now,
        until=now + timedelta(days=30),
        stage=Stage.SENT,
        answers=(Answer(Ask.NAME, (("name", f"{mark} Newcomer"),)),),
        sent_at=now,
    )


def _enter(node: ApiNode, actor: Actor) -> str:
    secret = f"session of {actor.id}"
    with node.program.work() as work:
        now = node.clock.now()
        work.sessions.begin(Session(digest=digest(secret), user=actor.id, begun_at=now, seen_at=now))
    return secret


def _let_in(node: ApiNode, person: Person) -> str:
    secret = f"session of {person.id}"
    with node.program.work() as work:
        work.participants.begin(ParticipantSession(digest=digest(secret), person=person.id, begun_at=node.clock.now()))
    return secret
