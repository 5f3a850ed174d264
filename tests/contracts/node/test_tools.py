"""The ports that touch no database: `Ids`, `KeyVault`, `Occupations`, `Sheets`."""

from pathlib import Path

import pytest

from federation.ground.keyfile import PassphraseNeededError, WrongPassphraseError
from federation.ground.sealed import UnsealError
from node.adapters.ids import SystemIds
from node.adapters.occupations.table import OccupationTable
from node.adapters.sheets.files import SheetFiles
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.errors import KeysExistError, RecoveryWordsError, UnknownOccupationError
from node.domain.person import OccupationCode
from node.services.ports.sheets import SheetFormat
from node.services.ports.vault import Guard
from tests.support.clock import FakeClock
from tests.support.node import WORDS

SHUT = Lock(guard=Guard.PASSPHRASE, passphrase="correct horse")


def test_ids_never_repeat_and_sort_in_the_order_they_were_made() -> None:
    ids = SystemIds(FakeClock())
    made = [ids.new() for _ in range(5000)]

    assert made == sorted(set(made))


def test_a_shut_vault_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "a.key"
    made = FileVault.create(file, SHUT, make_keys(WORDS))

    assert FileVault.open(file, lambda: SHUT).state() == made.state()
    with pytest.raises(WrongPassphraseError):
        FileVault.open(file, lambda: Lock(guard=Guard.PASSPHRASE, passphrase="wrong"))
    with pytest.raises(PassphraseNeededError):
        FileVault.open(file, lambda: Lock(guard=Guard.PASSPHRASE, passphrase=None))


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    FileVault.create(file, SHUT, make_keys(WORDS))

    with pytest.raises(KeysExistError):
        FileVault.create(file, SHUT, make_keys(WORDS))


def test_both_masters_open_until_the_old_one_is_destroyed(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    vault = FileVault.create(file, SHUT, make_keys(WORDS))
    wrapped = vault.wrap(b"k" * 32, "somebody")
    assert vault.add_master() == 2

    again = FileVault.open(file, lambda: SHUT)
    assert again.unwrap(wrapped, "somebody") == b"k" * 32
    assert again.state().master_versions == (1, 2)
    again.forget_old_masters()
    with pytest.raises(UnsealError):
        FileVault.open(file, lambda: SHUT).unwrap(wrapped, "somebody")


def test_a_data_key_opens_for_its_own_subject_only(vault: FileVault) -> None:
    with pytest.raises(UnsealError):
        vault.unwrap(vault.wrap(b"k" * 32, "somebody"), "somebody else")


def test_tokens_and_tombstones_depend_on_the_index_key(tmp_path: Path, vault: FileVault) -> None:
    other = FileVault.create(tmp_path / "other.key", SHUT, make_keys(WORDS))

    assert vault.token("name:ama") == vault.token("name:ama") != other.token("name:ama")
    assert vault.tombstone("id") != other.tombstone("id")


def test_words_that_are_no_recovery_words_are_refused() -> None:
    with pytest.raises(RecoveryWordsError):
        make_keys("legal winner thank year wave sausage worth useful legal winner thank thank")


def test_the_table_holds_every_unit_group_and_nothing_else() -> None:
    table = OccupationTable()

    assert table.get(OccupationCode("00010")).title_en == "Legislators"
    with pytest.raises(UnknownOccupationError):
        table.get(OccupationCode("99999"))


@pytest.mark.parametrize("typed", ["00010", "10", "10.0", "NOC 10", "legislators", "Membres des corps législatifs"])
def test_codes_without_their_zeros_and_whole_titles_are_resolved(typed: str) -> None:
    found = OccupationTable().resolve(typed)

    assert found is not None
    assert found.code == "00010"


@pytest.mark.parametrize("typed", ["engineer", "99999", ""])
def test_what_is_not_certain_is_not_resolved(typed: str) -> None:
    assert OccupationTable().resolve(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("civil eng", "21300"),
        ("truck driver", "73300"),
        ("ingenieur civil", "21300"),
        ("civil enginer", "21300"),
        ("21300", "21300"),
        ("dentistes", "31110"),
    ],
)
def test_what_people_type_finds_its_occupation_first(typed: str, code: str) -> None:
    (first, score), *_ = OccupationTable().search(typed, 5)

    assert first.code == code
    assert 0 < score <= 1


def test_nothing_typed_finds_nothing() -> None:
    assert OccupationTable().search(" - ", 5) == ()


@pytest.mark.parametrize("form", SheetFormat)
def test_a_written_sheet_is_read_back_with_formulas_as_text(form: SheetFormat) -> None:
    sheets = SheetFiles()
    rows = [["=1+1", 'Zoé; "quoted", text\nin two lines', "-5"], ["@cmd", "", "+1 403 555 0100"]]

    read = sheets.read(sheets.write(("a", "b", "c"), rows, form), 10)

    assert [list(row.cells) for row in read] == [["a", "b", "c"], *rows]
    assert [row.number for row in read] == [1, 2, 3]


def test_no_cell_of_a_written_file_begins_a_formula() -> None:
    content = SheetFiles().write(("a",), [["=cmd|x"], ["+SUM(A1)"], ["\tx"]], SheetFormat.CSV).decode("utf-8-sig")

    assert [line for line in content.splitlines() if line.startswith(("=", "+", "\t", "@"))] == []
