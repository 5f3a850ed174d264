"""Making an exchange's folder, and reading its settings and keys back."""

import json
import stat
import tomllib
from pathlib import Path

import pytest

from federation.exchange.adapters.keyring import read_board_keyring, read_keyring, read_link
from federation.exchange.bootstrap import build_board
from federation.exchange.founding import (
    BoardCardError,
    ExchangeExistsError,
    init_board,
    init_exchange,
    read_board_card,
)
from federation.exchange.settings import ExchangeSettingError, NoExchangeError, load_settings
from federation.ground import keyfile
from protocol.ids import sha256_hex
from protocol.keys import SigningKey
from protocol.parsing import unb64u

URL = "https://exchange.example"


def test_a_new_folder_holds_keys_settings_and_the_stewards_card(tmp_path: Path) -> None:
    folder = tmp_path / "exchange"

    public = init_exchange(folder, URL + "/")

    card = json.loads((folder / "exchange.json").read_text())
    settings = tomllib.loads((folder / "exchange.toml").read_text())
    keys = read_keyring(folder / "keys", None)
    assert card["url"] == URL
    assert card["snapshot"] == keys.snapshot.public.jwk.model_dump()
    assert card["timestamp"] == keys.timestamp.public.jwk.model_dump()
    assert card["board"]["seal"]["x"] == read_board_keyring(folder / "keys", None).seal.public.jwk.x
    assert card["founding_token"] == public.founding_token
    assert settings["founding_sha256"] == sha256_hex(public.founding_token.encode())
    assert public.founding_token not in (folder / "exchange.toml").read_text()
    secrets = [*(folder / "keys").iterdir(), folder / "exchange.json", folder / "exchange.toml"]
    assert len(secrets) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_keys_are_encrypted_where_a_passphrase_is_at_hand(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")

    init_exchange(tmp_path / "exchange", URL, passphrase_file=passphrase)

    settings = load_settings(tmp_path / "exchange")
    assert not keyfile.is_bare(settings.keys / "snapshot.key")
    assert read_keyring(settings.keys, settings.passphrase).relay
    with pytest.raises(keyfile.PassphraseNeededError):
        read_keyring(settings.keys, None)


def test_an_exchange_is_never_overwritten(tmp_path: Path) -> None:
    init_exchange(tmp_path, URL)

    with pytest.raises(ExchangeExistsError):
        init_exchange(tmp_path, URL)


@pytest.mark.parametrize("url", ["", "exchange.example", "ftp://exchange.example", "https://exchange.example?x"])
def test_the_public_address_must_be_one(tmp_path: Path, url: str) -> None:
    with pytest.raises(ExchangeSettingError):
        init_exchange(tmp_path / "exchange", url)
    assert not (tmp_path / "exchange").exists()


def test_settings_default_to_a_database_in_the_folder(tmp_path: Path) -> None:
    init_exchange(tmp_path, URL)

    settings = load_settings(tmp_path)

    assert settings.url == f"sqlite:///{tmp_path}/exchange.sqlite3"
    assert settings.keys == tmp_path / "keys"
    assert settings.metrics_port == 0


def test_a_database_is_named_in_the_file_a_variable_or_a_secret_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init_exchange(tmp_path, URL, 'postgresql://x:a"b\\c@db/exchange')
    from_file = load_settings(tmp_path).url
    monkeypatch.setenv("MENTORWEAVE_EXCHANGE_DATABASE_URL", "postgresql://db/other")
    from_variable = load_settings(tmp_path).url
    secret = tmp_path / "url"
    secret.write_text("postgresql://db/secret\n")
    monkeypatch.setenv("MENTORWEAVE_EXCHANGE_DATABASE_URL_FILE", str(secret))

    assert from_file == 'postgresql://x:a"b\\c@db/exchange'
    assert from_variable == "postgresql://db/other"
    assert load_settings(tmp_path).url == "postgresql://db/secret"


def test_a_folder_without_an_exchange_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoExchangeError):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("line", "setting"),
    [("colour = 1", "colour"), ("metrics_port = 70000", "metrics_port"), ("data_dir", "exchange.toml")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, setting: str) -> None:
    init_exchange(tmp_path, URL)
    with (tmp_path / "exchange.toml").open("a") as stream:
        stream.write(line)

    with pytest.raises(ExchangeSettingError) as refusal:
        load_settings(tmp_path)

    assert refusal.value.params == {"setting": setting}


def test_a_misspelt_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init_exchange(tmp_path, URL)
    monkeypatch.setenv("MENTORWEAVE_EXCHANGE_METRIC_PORT", "1")

    with pytest.raises(ExchangeSettingError) as refusal:
        load_settings(tmp_path)

    assert refusal.value.params == {"setting": "MENTORWEAVE_EXCHANGE_METRIC_PORT"}


def test_a_board_alone_holds_its_own_keys_and_knows_its_relay_by_the_public_half(tmp_path: Path) -> None:
    card = init_board(tmp_path / "board", "https://board.example/")

    keys, settings = read_board_keyring(tmp_path / "board" / "keys", None), load_settings(tmp_path / "board")
    link = SigningKey(unb64u(card.link))
    assert read_board_card(tmp_path / "board" / "board.json") == card
    assert (card.url, card.board.sign, card.board.seal) == (
        "https://board.example",
        keys.sign.public.jwk,
        keys.seal.public.jwk,
    )
    assert settings.relay_key == link.public.jwk.x
    written = [
        path.read_text() for path in (tmp_path / "board").rglob("*") if path.name != "board.json" and path.is_file()
    ]
    assert not [text for text in written if card.link in text]
    with pytest.raises(ExchangeExistsError):
        init_board(tmp_path / "board", URL)


def test_an_exchange_with_a_board_elsewhere_presents_that_boards_keys(tmp_path: Path) -> None:
    board = init_board(tmp_path / "board", "https://board.example")

    public = init_exchange(tmp_path / "relay", URL, board=board)

    settings = load_settings(tmp_path / "relay")
    assert public.board == board.board
    assert settings.board_url == "https://board.example"
    assert read_link(settings.keys, None).seed == unb64u(board.link)
    with pytest.raises(keyfile.KeyfileMissingError):
        read_board_keyring(settings.keys, None)


@pytest.mark.parametrize("content", [None, b"not json", b'{"url": "https://board.example"}'])
def test_only_the_card_of_a_board_is_taken_for_one(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "board.json").write_bytes(content)

    with pytest.raises(BoardCardError):
        read_board_card(tmp_path / "board.json")


@pytest.mark.parametrize(
    ("role", "line", "setting"),
    [
        ("exchange", "board_url = 'https://board.example'", "board_sign"),
        ("relay", "relay_key = '" + "A" * 43 + "'", "board_url"),
        ("bare", "public_url = 'https://exchange.example'", "founding_sha256"),
    ],
)
def test_settings_that_make_no_whole_are_refused(tmp_path: Path, role: str, line: str, setting: str) -> None:
    if role == "bare":
        (tmp_path / "exchange.toml").write_text("")
    else:
        board = init_board(tmp_path / "board", "https://board.example") if role == "relay" else None
        init_exchange(tmp_path, URL, board=board)
    with (tmp_path / "exchange.toml").open("a") as stream:
        stream.write(line)

    with pytest.raises(ExchangeSettingError) as refusal:
        load_settings(tmp_path)

    assert refusal.value.params == {"setting": setting}


def test_an_exchange_is_not_served_as_a_board(tmp_path: Path) -> None:
    init_exchange(tmp_path, URL)

    with pytest.raises(ExchangeSettingError):
        build_board(load_settings(tmp_path))
