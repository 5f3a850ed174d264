"""A turn of duty: the suspensions signed anew every day, so that members know the roster is alive.

When a turn is taken belongs to the server around it. What holds is carried over; duty can deny, never lift.
"""

from dataclasses import dataclass
from datetime import timedelta

from federation.governance.domain import changes
from federation.governance.domain.acts import Verb
from federation.governance.domain.content import Bundle
from federation.governance.domain.errors import NothingToSignError
from federation.governance.services.ports import Engine, Exchange, Reader, StewardFolder
from federation.governance.services.views import DutyView
from federation.ground.clock import Clock
from protocol.documents import from_moment

EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TakeDuty:
    """Sign the suspensions anew if a day has passed, or at once if told so."""

    reader: Reader
    engine: Engine
    exchange: Exchange
    clock: Clock

    def __call__(self, steward: StewardFolder, *, at_once: bool = False) -> DutyView:
        """Raises: DutyKeyMissingError, NothingToSignError where the roster does not name this key, exchange errors."""
        published, now = self.reader.read(), self.clock.now()
        content = published.content
        if not at_once and now - from_moment(content.suspensions.signed_at) < EVERY:
            return DutyView(
                signed=False,
                suspensions_version=content.versions.suspensions,
                expires=content.expires.suspensions,
            )
        key = steward.duty_key()
        if key.key_id not in content.trust.suspensions.key_ids:
            raise NothingToSignError
        fresh = changes.refresh(content, published.kept, now)
        bundle = self.engine.write(fresh, published.bundle)
        signed = Bundle(suspensions=self.engine.sign(bundle.suspensions, key), suspensions_file=bundle.suspensions_file)
        self.exchange.publish(signed, None)
        steward.record(Verb.PUBLISHED, "duty", f"s{fresh.versions.suspensions}")
        return DutyView(signed=True, suspensions_version=fresh.versions.suspensions, expires=fresh.expires.suspensions)
