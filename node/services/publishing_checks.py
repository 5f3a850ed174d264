"""What the node checks of its publishing: a program that belongs to a federation and said yes to nothing is unseen."""

from dataclasses import dataclass

from node.services.checks import Finding, Severity
from node.services.ports import OpenWork
from node.services.ports.federation import Federation


@dataclass(frozen=True, slots=True)
class CheckAgreement:
    """Nothing is published before a named person said yes to what it is."""

    reading: OpenWork
    federation: Federation

    def __call__(self) -> Finding:
        """Whether somebody ever said yes."""
        if self.federation.freshness() is None:
            return Finding("publishing-alone", Severity.FINE)
        with self.reading() as work:
            agreed = bool(work.policies.all())
        code = "publishing-agreed" if agreed else "publishing-not-agreed"
        return Finding(code, Severity.FINE if agreed else Severity.WARNING)
