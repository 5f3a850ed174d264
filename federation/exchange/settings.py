"""What an operator of an exchange sets: `exchange.toml` in the data folder and variables `MENTORWEAVE_EXCHANGE_*`.

Secrets are files that settings name, never settings.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from federation.exchange.domain.board import WEEK
from federation.ground.engine import sqlite_url
from federation.ground.files import write_atomically
from federation.ground.refusal import Refusal
from protocol.ids import DIGEST_PATTERN
from protocol.roster import Url

PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]

PREFIX = "MENTORWEAVE_EXCHANGE_"
FILE = "exchange.toml"


class NoExchangeError(Refusal):
    """The folder holds no exchange yet."""

    code = "no-exchange"
    title = "This folder holds no exchange."
    remedy = "Run `mentorweave-fed init exchange --public-url URL` first, or name another folder with --data-dir."


class ExchangeSettingError(Refusal):
    """A setting has a name or a value that is not known; `setting` names it."""

    code = "exchange-setting"
    title = "A setting of the exchange is not known, or its value is not allowed."
    remedy = f"Correct it in {FILE}, or among the variables that begin with {PREFIX}."


class ExchangeSettings(BaseSettings):
    """Every setting of an exchange. A variable `MENTORWEAVE_EXCHANGE_<NAME>` wins over the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path
    public_url: Url
    founding_sha256: Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)] | None = None
    database_url: str = ""
    database_url_file: Path | None = None
    keys_dir: Path | None = None
    passphrase_file: Path | None = None
    metrics_port: Annotated[int, Field(ge=0, le=65_535, description="0: no metrics")] = 0
    metrics_host: str = "127.0.0.1"
    json_logs: bool = False
    requests_at_once: Annotated[int, Field(ge=1)] = 2_000
    threads: Annotated[int, Field(ge=1, le=200)] = 12
    body_seconds: Annotated[float, Field(gt=0)] = 30.0
    mailbox_items: Annotated[int, Field(ge=1)] = 150_000
    mailbox_bytes: Annotated[int, Field(ge=65_536)] = 1_073_741_824
    oldest_release: str = "0.1.0"
    newest_release: str = "0.1.0"
    board_url: Annotated[Url | None, Field(description="where the need board is, if another process keeps it")] = None
    board_sign: Annotated[PublicKey | None, Field(description="the public signing key of that board")] = None
    board_seal: Annotated[PublicKey | None, Field(description="the public sealing key of that board")] = None
    relay_key: Annotated[PublicKey | None, Field(description="makes this a board alone: its relay's public key")] = None
    board_interval: Annotated[int, Field(ge=1, description="of a board alone: as in the policy, in seconds")] = WEEK

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables first, then what the file says."""
        return env_settings, init_settings

    @property
    def url(self) -> str:
        """Where the database is: in the file named, as set, or a SQLite file in the data folder."""
        if self.database_url_file is not None:
            return self.database_url_file.read_text("utf-8").strip()
        return self.database_url or sqlite_url(self.data_dir / "exchange.sqlite3")

    @property
    def keys(self) -> Path:
        """Where the exchange's keys are."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def passphrase(self) -> str | None:
        """What opens the key files, if they are encrypted."""
        return self.passphrase_file.read_text("utf-8").strip() if self.passphrase_file else None


def load_settings(data_dir: Path) -> ExchangeSettings:
    """The settings of an exchange's or a board's data folder. Raises: NoExchangeError, ExchangeSettingError."""
    file = data_dir / FILE
    if not file.is_file():
        raise NoExchangeError
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExchangeSettingError(setting=FILE) from error
    return make_settings(data_dir, values)


def make_settings(data_dir: Path, values: dict[str, object]) -> ExchangeSettings:
    """Settings from the values of a file and the variables of this process. Raises: ExchangeSettingError."""
    _refuse_misspelt_variables()
    try:
        settings = ExchangeSettings.model_validate({**values, "data_dir": data_dir})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        raise ExchangeSettingError(setting=where) from None
    missing = _missing(settings)
    if missing is not None:
        raise ExchangeSettingError(setting=missing)
    return settings


def _missing(settings: ExchangeSettings) -> str | None:
    """What must be set, or must not, beside what is set."""
    if settings.relay_key is not None:
        return None if settings.board_url is None else "board_url"
    if settings.founding_sha256 is None:
        return "founding_sha256"
    if settings.board_url is None:
        return None
    keys = {"board_sign": settings.board_sign, "board_seal": settings.board_seal}
    return next((name for name, key in keys.items() if key is None), None)


def write_settings(data_dir: Path, values: dict[str, str]) -> None:
    """Write `exchange.toml`; what is blank is left out."""
    lines = [f'{name} = "{_escaped(value)}"' for name, value in values.items() if value]
    write_atomically(data_dir / FILE, ("\n".join(lines) + "\n").encode(), mode=0o600)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _refuse_misspelt_variables() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in ExchangeSettings.model_fields} - {f"{PREFIX}DATA_DIR"}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise ExchangeSettingError(setting=name)
