"""The port `StewardFolder`: a folder on disk keeps what it is given, and a rehearsal of it leaves no trace."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from federation.governance.adapters.folder import Folder
from federation.governance.adapters.rehearsal import RehearsalFolder
from federation.governance.bootstrap import Desk, World
from federation.governance.domain.acts import START, Verb
from federation.governance.domain.cards import StewardCard
from federation.governance.domain.errors import (
    CardDamagedError,
    DutyKeyMissingError,
    FolderTakenError,
    PassphraseMissingError,
    PassphraseWrongError,
    RecordBrokenError,
    StewardMissingError,
)
from federation.governance.domain.join_errors import JoinUnknownError
from federation.governance.domain.proposal import Proposal
from federation.governance.services.ports import IssuedCode, Pin, PinKind, StewardFolder
from protocol.documents import to_moment
from protocol.ids import JoinId
from protocol.keys import SigningKey
from tests.support.clock import NOON, FakeClock
from tests.support.stewards import Circle, no_passphrase

PASSPHRASE = "correct horse battery staple"
ROOT, ADMISSIONS, DUTY = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
JOIN = JoinId("01890000-0000-7000-8000-000000000000")
PIN = Pin(exchange="https://exchange.example", root_version=1, sha256="0" * 64, of=PinKind.SIGNED)
CODE = IssuedCode(
    join=JOIN, program="Medicine Hat", secret="a secret", root_version=1, root_sha256="0" * 64, expires=to_moment(NOON)
)


def folder(path: Path, passphrase: str | None = PASSPHRASE) -> Folder:
    return Folder(path, FakeClock(), lambda: passphrase)


def bare(path: Path) -> Folder:
    return Folder(path, FakeClock(), no_passphrase, bare=True)


def rehearsed(path: Path) -> Folder:
    return RehearsalFolder(path, FakeClock(), lambda: PASSPHRASE)


Opening = Callable[[Path], StewardFolder]
on_disk = pytest.mark.parametrize("opening", [folder, bare])
everywhere = pytest.mark.parametrize("opening", [folder, bare, rehearsed])


def card_of(*, duty: bool) -> StewardCard:
    return StewardCard(
        name="Ada",
        root=ROOT.public.jwk,
        admissions=ADMISSIONS.public.jwk,
        duty=DUTY.public.jwk if duty else None,
    )


def fill(steward: StewardFolder, *, duty: bool = True) -> None:
    steward.found(card_of(duty=duty), root=ROOT, admissions=ADMISSIONS, duty=DUTY if duty else None)


def files_in(path: Path) -> list[Path]:
    return sorted(path.rglob("*"))


@everywhere
def test_a_new_steward_has_her_card_and_her_three_keys(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    with pytest.raises(StewardMissingError):
        _ = steward.card

    fill(steward)

    assert steward.card == card_of(duty=True)
    assert (steward.root_key(), steward.admissions_key(), steward.duty_key()) == (ROOT, ADMISSIONS, DUTY)


@everywhere
def test_who_is_not_on_duty_has_no_duty_key(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    fill(steward, duty=False)
    with pytest.raises(DutyKeyMissingError):
        steward.duty_key()


@everywhere
def test_no_steward_is_made_over_another(tmp_path: Path, opening: Opening) -> None:
    fill(folder(tmp_path))
    before = {path: path.read_bytes() for path in files_in(tmp_path)}

    with pytest.raises(FolderTakenError):
        fill(opening(tmp_path))

    assert {path: path.read_bytes() for path in files_in(tmp_path)} == before


@everywhere
def test_a_federation_is_trusted_from_when_it_is_kept(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    assert steward.pin() is None

    steward.keep_pin(PIN)

    assert steward.pin() == PIN


@everywhere
def test_a_new_record_is_empty_and_an_unknown_code_is_told(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    fill(steward)
    assert (steward.acts(), steward.head(), steward.all_issued()) == ((), START, ())
    with pytest.raises(JoinUnknownError):
        steward.issued(JOIN)


@on_disk
def test_all_that_is_kept_is_there_when_the_folder_is_opened_again(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    fill(steward)
    steward.keep_pin(PIN)
    steward.keep_issued(CODE)
    steward.record(Verb.ISSUED_CODE, "code", JOIN)
    head = steward.head()

    again = opening(tmp_path)

    assert again.card == card_of(duty=True)
    assert (again.root_key(), again.admissions_key(), again.duty_key()) == (ROOT, ADMISSIONS, DUTY)
    assert (again.pin(), again.all_issued(), again.issued(JOIN)) == (PIN, (JOIN,), CODE)
    assert again.head() == head != START


@on_disk
def test_acts_are_recorded_in_their_order_by_name_and_time(tmp_path: Path, opening: Opening) -> None:
    steward = opening(tmp_path)
    fill(steward)

    steward.record(Verb.MADE_STEWARD, "duty")
    steward.record(Verb.ISSUED_CODE, "code", JOIN)

    first, second = steward.acts()
    assert (first.n, first.at, first.by, first.verb, first.subject) == (
        1,
        to_moment(NOON),
        "Ada",
        Verb.MADE_STEWARD,
        "",
    )
    assert (second.n, second.what, second.subject) == (2, "code", JOIN)


@on_disk
def test_a_proposal_is_kept_as_a_file_that_can_travel(tmp_path: Path, opening: Opening) -> None:
    proposal = Circle(tmp_path / "circle").draft("Ben")

    path = opening(tmp_path / "Ada").keep_proposal(proposal, "found.json")

    assert path.is_relative_to(tmp_path / "Ada")
    assert Proposal.read(path.read_bytes()) == proposal


def test_a_rehearsal_leaves_no_trace(tmp_path: Path) -> None:
    proposal = Circle(tmp_path / "circle").draft("Ben")
    steward = rehearsed(tmp_path / "Ada")
    fill(steward)
    steward.keep_pin(PIN)
    steward.keep_issued(CODE)
    steward.record(Verb.ISSUED_CODE, "code", JOIN)

    path = steward.keep_proposal(proposal, "found.json")

    assert path.is_relative_to(tmp_path / "Ada")
    assert files_in(tmp_path / "Ada") == []


def test_a_rehearsal_reads_what_lies_in_the_folder(tmp_path: Path) -> None:
    steward = folder(tmp_path)
    fill(steward)
    steward.keep_pin(PIN)
    steward.keep_issued(CODE)
    steward.record(Verb.ISSUED_CODE, "code", JOIN)

    found = rehearsed(tmp_path)

    assert (found.card, found.pin(), found.issued(JOIN)) == (steward.card, PIN, CODE)
    assert (found.root_key(), found.acts(), found.head()) == (ROOT, steward.acts(), steward.head())


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


@everywhere
def test_a_touched_record_is_told_and_takes_no_further_act(tmp_path: Path, opening: Opening) -> None:
    steward = folder(tmp_path)
    fill(steward)
    steward.record(Verb.MADE_STEWARD, "duty")
    steward.record(Verb.ISSUED_CODE, "code", JOIN)
    path = tmp_path / "acts.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))

    with pytest.raises(RecordBrokenError):
        opening(tmp_path).acts()
    with pytest.raises(RecordBrokenError):
        steward.record(Verb.SIGNED, "proposal")
