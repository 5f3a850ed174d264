"""A steward's folder keeps its secrets, and its record keeps its order."""

import stat
from pathlib import Path

import pytest

from federation.governance.adapters.folder import Folder
from federation.governance.bootstrap import Desk, World
from federation.governance.domain.errors import (
    CardDamagedError,
    PassphraseMissingError,
    PassphraseWrongError,
    RecordBrokenError,
    StewardMissingError,
)
from federation.governance.services.views import StatusView
from tests.support.clock import FakeClock
from tests.support.stewards import Circle, no_passphrase

PASSPHRASE = "correct horse battery staple"


def folder(path: Path, passphrase: str | None = PASSPHRASE) -> Folder:
    return Folder(path, FakeClock(), lambda: passphrase)


def made(path: Path) -> Desk:
    desk = Desk(path, lambda: PASSPHRASE, World(clock=FakeClock()))
    desk.make_steward(desk.steward, "Ada", duty=True)
    return desk


def test_keys_lie_encrypted_for_their_owners_eyes_and_open_with_the_passphrase(tmp_path: Path) -> None:
    desk = made(tmp_path)
    root = desk.steward.root_key()
    for name in ("steward.key", "duty.key"):
        path = tmp_path / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert root.seed not in path.read_bytes()
    assert folder(tmp_path).root_key() == root
    assert folder(tmp_path).card.root == root.public.jwk


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(PassphraseWrongError):
        folder(tmp_path, "wrong").admissions_key()


def test_without_a_passphrase_nothing_is_opened_and_nothing_made(tmp_path: Path) -> None:
    made(tmp_path / "Ada")
    with pytest.raises(PassphraseMissingError):
        folder(tmp_path / "Ada", None).duty_key()
    desk = Desk(tmp_path / "Ben", no_passphrase, World(clock=FakeClock()))
    with pytest.raises(PassphraseMissingError):
        desk.make_steward(desk.steward, "Ben", duty=False)


def test_an_empty_folder_is_no_steward(tmp_path: Path) -> None:
    with pytest.raises(StewardMissingError):
        _ = folder(tmp_path).card


def test_a_damaged_card_is_told(tmp_path: Path) -> None:
    (tmp_path / "steward.json").write_text("{}")
    with pytest.raises(CardDamagedError):
        _ = folder(tmp_path).card


def test_a_join_secret_is_not_in_the_clear(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    circle.found("Ada")
    _, join = circle.code("Ada")
    issued = circle.desk("Ada").steward.issued(join)
    (path,) = (tmp_path / "Ada" / "joins").iterdir()
    assert issued.secret.encode() not in path.read_bytes()


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
