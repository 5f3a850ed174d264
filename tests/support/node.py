"""A program's database and people for tests: real keys, real seals, builders with sensible defaults."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from federation.ground.engine import make_engine
from node.adapters.sql.work import SqlUnitOfWork, unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.community import Community, CommunityId
from node.domain.language import parse_languages
from node.domain.person import Contact, Kind, OccupationCode, Person, PersonId, Profile
from node.domain.program import Program, ProgramId, Tongue
from node.domain.request import Capability
from node.services.ports.vault import Guard
from protocol.ids import uuid7
from protocol.vocabulary import Mode
from tests.support.clock import NOON

WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
HAT = Community(id=CommunityId("01a00000-0000-7000-8000-000000000001"), name="Medicine Hat")
PROGRAM = Program(
    id=ProgramId("01a00000-0000-7000-8000-000000000002"),
    name="Medicine Hat Mentors",
    region="Alberta",
    language=Tongue.ENGLISH,
    founded_at=NOON,
)

OpenSqlWork = Callable[[], SqlUnitOfWork]
_numbers = count(1)


def new_id() -> str:
    """An id nobody else has in this run of the tests."""
    return uuid7(NOON, next(_numbers).to_bytes(10, "big"))


def a_person(kind: Kind = Kind.MENTEE, *, contact: Contact | None = None, profile: Profile | None = None) -> Person:
    """A civil engineer of Medicine Hat."""
    number = next(_numbers)
    return Person(
        id=PersonId(new_id()),
        kind=kind,
        contact=contact or Contact(name=f"Amara Okafor-{number}", email=f"amara{number}@example.org"),
        profile=profile or a_profile(seats=1 if kind is Kind.MENTOR else 0),
        added_at=NOON,
    )


def a_capability() -> Capability:
    """What an offer tells of a mentor."""
    return Capability(
        occupation=OccupationCode("21300"),
        languages=("en",),
        topics=(),
        mode=Mode.ONLINE,
        hours=2,
        years_of_experience=9,
        time_zone="",
    )


def a_profile(*, occupation: str = "21300", languages: str = "en:8", seats: int = 0) -> Profile:
    """What matching looks at, of a civil engineer."""
    return Profile(
        community=HAT.id,
        occupation=OccupationCode(occupation),
        languages=parse_languages(languages),
        seats=seats,
        waiting_since=date(2027, 1, 4),
    )


def a_mentor(*, seats: int = 1) -> Person:
    """A mentor with some seats."""
    mentor = a_person(Kind.MENTOR)
    return replace(mentor, profile=replace(mentor.profile, seats=seats))


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """Real keys in a bare file."""
    return FileVault.create(tmp_path / "keys" / "test.key", Lock(guard=Guard.BARE, passphrase=None), make_keys(WORDS))


@pytest.fixture
def node_engine(node_url: str) -> Iterator[Engine]:
    """A node's empty database at the newest schema, once on each kind."""
    engine = make_engine(node_url)
    yield engine
    engine.dispose()


@pytest.fixture
def work(node_engine: Engine, vault: FileVault) -> OpenSqlWork:
    """Opens units of work over a founded program with one community."""
    opened = unit_of_work(node_engine, vault)
    with opened() as first:
        first.programs.add(PROGRAM)
        first.communities.add(HAT)
    return opened
