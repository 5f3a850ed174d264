"""Opens what talks to the exchange when it is first asked for."""

from collections.abc import Callable
from functools import cached_property

from federation.ground.stop import Stop
from node.services.ports.federation import (
    Applicant,
    Federation,
    Freshness,
    JoinView,
    MembershipView,
    Probe,
    RosterView,
    Round,
    Warned,
)


class FederationOnDemand:
    """The federation, opened once."""

    def __init__(self, make: Callable[[], Federation]) -> None:
        """Nothing is opened yet."""
        self._make = make

    def join(self, code: str, applicant: Applicant) -> JoinView:
        """Ask to join, or go on with it."""
        return self._federation.join(code, applicant)

    def attend(self, stop: Stop) -> None:
        """See to the post for about a minute. Raises: NotJoinedError."""
        self._federation.attend(stop)

    def sync(self) -> Round:
        """One round. Raises: NotJoinedError."""
        return self._federation.sync()

    def go_on(self) -> None:
        """Wait no longer for programs that have not answered."""
        self._federation.go_on()

    def roster(self) -> RosterView:
        """The last verified roster. Raises: RosterUnverifiedError."""
        return self._federation.roster()

    def membership(self) -> MembershipView | None:
        """Our own place in it; None for a program that never asked to join."""
        return self._federation.membership()

    def freshness(self) -> Freshness | None:
        """How old the list of members is; None for a program that has not joined."""
        return self._federation.freshness()

    def warnings(self) -> tuple[Warned, ...]:
        """What a person must know of."""
        return self._federation.warnings()

    def probe(self) -> Probe | None:
        """Ask the exchange for the time; None for a program that has not joined."""
        return self._federation.probe()

    @cached_property
    def _federation(self) -> Federation:
        return self._make()
