"""What a steward is told about herself and her federation, whether or not the exchange answers."""

from pathlib import Path

import pytest

from federation.governance.domain.errors import RecordBrokenError
from federation.governance.services.views import StatusView
from tests.support.stewards import Circle


def test_the_status_tells_acts_codes_and_dates_with_or_without_the_exchange(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    circle.make("Ada")
    desk = circle.desk("Ada")
    assert desk.status(desk.steward).roster is None
    circle.found("Ada")
    _, join = circle.code("Ada")

    def status() -> StatusView:
        return circle.desk("Ada").status(desk.steward)

    live = status()
    assert live.codes == (join,)
    assert live.acts == len(circle.desk("Ada").history(desk.steward).acts) == 5
    assert live.roster is not None
    assert live.roster.live
    circle.site.away = True
    away = status()
    assert away.roster is not None
    assert not away.roster.live


def test_a_steward_who_signed_and_never_reached_the_exchange_still_has_a_status(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    circle.sign("Ada", circle.draft("Ada"))
    circle.site.away = True
    desk = circle.desk("Ada")
    assert desk.status(desk.steward).roster is None


def test_a_touched_record_stops_every_further_act_and_shows_in_the_status(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    circle.found("Ada")
    path = tmp_path / "Ada" / "acts.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))
    desk = circle.desk("Ada")
    with pytest.raises(RecordBrokenError):
        desk.status(desk.steward)
    with pytest.raises(RecordBrokenError):
        desk.history(desk.steward)
    with pytest.raises(RecordBrokenError):
        desk.propose.renew(desk.steward)
