"""Founding the program and telling what it is."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor, Role, UserId
from node.domain.audit import Act
from node.domain.community import Community, CommunityId
from node.domain.errors import BlankNameError, CommunityExistsError, CommunityNeededError
from node.domain.program import Program, ProgramId, Standing, Tongue
from node.domain.traces import fold
from node.domain.user import User, UserState
from node.services.ports import Clock, Ids, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgram:
    """What is asked when a program is founded; the first community is its town."""

    name: str
    region: str
    language: Tongue
    communities: tuple[str, ...]
    operator_name: str
    operator_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramView:
    """The program as people read it."""

    id: ProgramId
    name: str
    region: str
    language: Tongue
    communities: tuple[str, ...]
    founded_at: datetime
    standing: Standing
    version: int


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """Write the program, its communities and its operator into an empty database."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, new: NewProgram) -> ProgramView:
        """The founded program; nobody can act before it exists, so no actor is asked for.

        Raises: BlankNameError, CommunityNeededError, ProgramExistsError.
        """
        communities = self._communities(new)
        if not new.name.strip() or not new.operator_name.strip():
            raise BlankNameError
        now = self.clock.now()
        program = Program(
            id=ProgramId(self.ids.new()),
            name=new.name.strip(),
            region=new.region.strip(),
            language=new.language,
            founded_at=now,
        )
        operator = User(
            id=UserId(self.ids.new()),
            name=new.operator_name.strip(),
            email=new.operator_email.strip(),
            role=Role.ADMINISTRATOR,
            state=UserState.ACTIVE,
            added_at=now,
        )
        with self.work() as work:
            work.programs.add(program)
            for community in communities:
                work.communities.add(community)
            work.users.add(operator)
            remember(work, Actor(operator.id, operator.role), Act.PROGRAM_FOUNDED, program.id, now)
        return _view(program, communities)

    def _communities(self, new: NewProgram) -> tuple[Community, ...]:
        named = {fold(name): " ".join(name.split()) for name in reversed(new.communities) if name.strip()}
        if not named:
            raise CommunityNeededError
        return tuple(Community(id=CommunityId(self.ids.new()), name=name) for name in reversed(named.values()))


@dataclass(frozen=True, slots=True)
class ShowProgram:
    """What this program is."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> ProgramView:
        """The program. Raises: NoProgramError."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return _view(work.programs.get(), work.communities.all())


@dataclass(frozen=True, slots=True)
class EditProgram:
    """Call the program otherwise, or write to people in another language by default."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, name: str, region: str, language: Tongue, version: int) -> ProgramView:
        """The program; `version` is the one that was read. Raises: BlankNameError, ChangedMeanwhileError."""
        actor.may(Action.EDIT_PROGRAM)
        if not name.strip():
            raise BlankNameError
        with self.work() as work:
            before = work.programs.get()
            after = replace(before, name=name.strip(), region=region.strip(), language=language, version=version)
            work.programs.replace(after)
            remember(work, actor, Act.PROGRAM_EDITED, before.id, self.clock.now())
            return _view(work.programs.get(), work.communities.all())


@dataclass(frozen=True, slots=True)
class AddCommunity:
    """Add a community around the town, so that people who live there can be taken in."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, name: str) -> ProgramView:
        """The program with it. Raises: BlankNameError, CommunityExistsError."""
        actor.may(Action.EDIT_PROGRAM)
        plain = " ".join(name.split())
        if not plain:
            raise BlankNameError
        with self.work() as work:
            if fold(plain) in {fold(place.name) for place in work.communities.all()}:
                raise CommunityExistsError
            community = Community(id=CommunityId(self.ids.new()), name=plain)
            work.communities.add(community)
            remember(work, actor, Act.COMMUNITY_ADDED, community.id, self.clock.now())
            return _view(work.programs.get(), work.communities.all())


@dataclass(frozen=True, slots=True)
class IdentifyOperator:
    """Who the command line acts as: the operator named when the data folder was made."""

    reading: OpenWork

    def __call__(self) -> Actor:
        """The operator. Raises: NoProgramError."""
        with self.reading() as work:
            return Actor(work.users.operator(), Role.ADMINISTRATOR)


def _view(program: Program, communities: tuple[Community, ...]) -> ProgramView:
    return ProgramView(
        id=program.id,
        name=program.name,
        region=program.region,
        language=program.language,
        communities=tuple(community.name for community in communities),
        founded_at=program.founded_at,
        standing=program.standing,
        version=program.version,
    )
