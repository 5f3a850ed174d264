"""Showing and renewing the node's own keys."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.services.ports import Clock, Guard, KeyVault, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysView:
    """What may be said about the keys."""

    master_version: int
    data_keys: int
    identity: str
    guard: Guard


@dataclass(frozen=True, slots=True)
class ShowKeys:
    """Versions, how many data keys they wrap, what guards the file."""

    reading: OpenWork
    vault: KeyVault

    def __call__(self, actor: Actor) -> KeysView:
        """The state of the keys; never a key."""
        actor.may(Action.KEEP_KEYS)
        state = self.vault.state()
        with self.reading() as work:
            count = work.data_keys.count()
        return KeysView(
            master_version=state.master_version, data_keys=count, identity=state.identity, guard=state.guard
        )


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """Put every data key under a fresh master key.

    The key file holds both masters until the database has committed: whatever is interrupted, every data key opens.
    """

    work: OpenWork
    vault: KeyVault
    clock: Clock

    def __call__(self, actor: Actor) -> KeysView:
        """The state after the rotation."""
        actor.may(Action.KEEP_KEYS)
        version = self.vault.add_master()
        with self.work() as work:
            count = work.data_keys.rewrap()
            remember(work, actor, Act.KEYS_ROTATED, str(version), self.clock.now())
        self.vault.forget_old_masters()
        state = self.vault.state()
        return KeysView(master_version=version, data_keys=count, identity=state.identity, guard=state.guard)
