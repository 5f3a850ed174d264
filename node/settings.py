"""What an operator sets: a file `node.toml` in the data folder and variables `MENTORWEAVE_*`. Secrets are not here."""

import os
import tomllib
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import PositiveInt, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from federation.ground.engine import sqlite_url
from federation.ground.refusal import Refusal
from node.domain.retention import DEFAULT_DAYS, Kept, Schedule, check_days

PREFIX = "MENTORWEAVE_"
_OTHERS = (f"{PREFIX}FED_",)
_ELSEWHERE = frozenset({f"{PREFIX}DATA_DIR"})
FILE = "node.toml"


class UnknownSettingError(Refusal):
    """A setting has a name or a value that is not known."""

    code = "unknown-setting"


class NoDataFolderError(Refusal):
    """The folder holds no node yet."""

    code = "no-data-folder"


class Settings(BaseSettings):
    """Every setting of a node. A variable `MENTORWEAVE_<NAME>` wins over the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path
    instance: str
    language: Literal["en", "fr"] = "en"
    database_url: str = ""
    keys_dir: Path = Path(platformdirs.user_config_dir("mentorweave", appauthor=False)) / "keys"
    passphrase_file: Path | None = None
    backups_dir: Path | None = None
    exchange_url: str = ""
    public_url: str = ""
    mail_sender: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    time_zone: str = "America/Edmonton"
    sync_seconds: int = 60
    host: str = "127.0.0.1"
    port: int = 8200
    trusted_proxies: str = "127.0.0.1"
    api_calls_a_minute: PositiveInt = 600
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    second_factor: Literal["nobody", "administrators", "everybody"] = "nobody"
    keep_requests_days: PositiveInt = DEFAULT_DAYS[Kept.REQUESTS]
    keep_words_days: PositiveInt = DEFAULT_DAYS[Kept.WORDS]
    keep_letters_days: PositiveInt = DEFAULT_DAYS[Kept.LETTERS]
    keep_attempts_days: PositiveInt = DEFAULT_DAYS[Kept.ATTEMPTS]
    keep_people_days: PositiveInt = DEFAULT_DAYS[Kept.PEOPLE]
    keep_audit_days: PositiveInt = DEFAULT_DAYS[Kept.AUDIT]
    keep_applications_days: PositiveInt = DEFAULT_DAYS[Kept.APPLICATIONS]
    keep_offers_days: PositiveInt = DEFAULT_DAYS[Kept.OFFERS]

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
        """Where the database is: the one set, else a SQLite file in the data folder."""
        return self.database_url or sqlite_url(self.data_dir / "mentorweave.sqlite3")

    @property
    def key_file(self) -> Path:
        """Where the node's keys are, outside the data folder."""
        return self.keys_dir / f"{self.instance}.key"

    @property
    def kept(self) -> Schedule:
        """How many days each kind of record is kept."""
        return Schedule({kind: int(getattr(self, f"keep_{kind}_days")) for kind in Kept})

    @property
    def backups(self) -> Path:
        """Where backups go."""
        return self.backups_dir or self.data_dir / "backups"


def load_settings(data_dir: Path) -> Settings:
    """The settings of a data folder. Raises: NoDataFolderError, UnknownSettingError."""
    file = data_dir / FILE
    if not file.is_file():
        raise NoDataFolderError
    try:
        return make_settings(data_dir, tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownSettingError(setting=FILE) from error


def make_settings(data_dir: Path, values: dict[str, object]) -> Settings:
    """Settings from a file's values and the variables of this process. Raises: UnknownSettingError, KeptDaysError."""
    _refuse_misspelt_variables()
    try:
        settings = Settings.model_validate({**values, "data_dir": data_dir})
    except ValidationError as error:
        raise UnknownSettingError(setting=".".join(str(part) for part in error.errors()[0]["loc"])) from error
    check_days(settings.kept.days)
    # The command line has weighed --data-dir against the variable already; here the variable would win.
    return settings.model_copy(update={"data_dir": data_dir})


def _refuse_misspelt_variables() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _ELSEWHERE
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and not name.startswith(_OTHERS) and name not in known:
            raise UnknownSettingError(setting=name)


def write_settings(data_dir: Path, values: dict[str, str | int | bool]) -> None:
    """Write `node.toml`; what is blank is left out."""
    lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value != ""]
    (data_dir / FILE).write_text("\n".join(lines) + "\n", "utf-8")


def _toml(value: str | int | bool) -> str:  # noqa: FBT001 - a value of a file
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
