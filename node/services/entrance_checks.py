"""Who keeps the doors of a hosted program should not open them with a password alone."""

from dataclasses import dataclass

from node.domain.actor import Role
from node.domain.user import User, UserState
from node.services.checks import Finding, Severity
from node.services.ports import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class CheckFactors:
    """Administrators are asked for a second factor or a passkey; `second_factor` in node.toml insists."""

    reading: OpenWork

    def __call__(self) -> Finding:
        """How many have neither."""
        with self.reading() as work:
            bare = [user for user in work.users.all() if _keeps_doors(user) and not _is_guarded(work, user)]
        if bare:
            return Finding("factors-missing", Severity.WARNING, {"count": len(bare)})
        return Finding("factors-set", Severity.FINE)


def _keeps_doors(user: User) -> bool:
    return user.role is Role.ADMINISTRATOR and user.state is UserState.ACTIVE


def _is_guarded(work: UnitOfWork, user: User) -> bool:
    factor = work.factors.of(user.id)
    return (factor is not None and factor.confirmed_at is not None) or bool(work.passkeys.of(user.id))
