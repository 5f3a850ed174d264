"""How a check names the paragraph it holds to and says what it found; what is checked is left to each kit."""

from collections.abc import Callable
from typing import Generic, TypeVar

Check = TypeVar("Check", bound=Callable[..., object])


class ViolationError(AssertionError):
    """The foreign program did not do what a paragraph says."""


class Rules(dict[str, Check], Generic[Check]):
    """The checks of one kit, in the order in which they are asked."""

    def rule(self, paragraph: str) -> Callable[[Check], Check]:
        """Name the paragraph a check holds to."""

        def named(check: Check) -> Check:
            self[f"{paragraph} {check.__name__.replace('_', ' ')}"] = check
            return check

        return named


def holds(fact: object, otherwise: str) -> None:
    """Raises: ViolationError."""
    if not fact:
        raise ViolationError(otherwise)
