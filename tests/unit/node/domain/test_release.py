"""When the next release is due."""

from datetime import timedelta

from node.domain.release import Release, ReleaseId
from tests.support.clock import NOON

RELEASE = Release(id=ReleaseId("first"), at=NOON, digest="0" * 64, size="under_25", listed=0, people=(), receivers=2)


def test_the_next_one_is_due_within_half_a_day_before_a_week_is_over() -> None:
    late = Release(id=ReleaseId("second"), at=NOON, digest="f" * 64, size="under_25", listed=0, people=(), receivers=2)

    assert RELEASE.next_at == NOON + timedelta(days=7)
    assert NOON + timedelta(days=6, hours=12) <= late.next_at < NOON + timedelta(days=7)
