"""A real PostgreSQL server for a test session, and empty databases on it for every test.

Needs the server's binaries: Debian's package `postgresql`. Where they are missing a test fails and says so;
it is never skipped, because half of the contract suites would silently prove nothing.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from federation.ground.engine import make_engine
from tests.support.waiting import wait_until

_SYSTEM_USER = "postgres"
_QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
_LET_GO = b"""select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()"""
_EMPTY = b"""do $$ declare name text; begin
    set local session_replication_role = replica;
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' loop
        execute format('delete from %I', name);
    end loop;
    for name in select sequencename from pg_sequences where schemaname = 'public' loop
        execute format('alter sequence %I restart', name);
    end loop;
end $$"""
_MISSING = (
    "PostgreSQL's server is not installed, and these tests run against a real one: "
    "install Debian's package `postgresql` (apt-get install postgresql), or put `initdb` and `postgres` on PATH."
)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that hands out fresh databases."""

    port: int
    _numbers: Iterator[int] = field(default_factory=count)
    _kept: dict[Callable[[Engine], None], list[str]] = field(default_factory=dict)

    def url(self, database: str) -> str:
        """Return the URL of a database on this server."""
        return f"postgresql://{_SYSTEM_USER}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as the server's owner."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the URL of an empty database that goes away afterwards."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"create database {name} template template_mentorweave")
        try:
            yield self.url(name)
        finally:
            self.execute(f"drop database {name} with (force)")

    @contextmanager
    def kept_database(self, prepare: Callable[[Engine], None]) -> Iterator[str]:
        """Yield the URL of a database in which `prepare` once made the tables: only their rows go away afterwards."""
        kept = self._kept.setdefault(prepare, [])
        if not kept:
            name = f"kept_{next(self._numbers)}"
            self.execute(f"create database {name} template template_mentorweave")
            engine = make_engine(self.url(name))
            prepare(engine)
            engine.dispose()
            kept.append(name)
        name = kept.pop()
        yield self.url(name)
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(_LET_GO)
            connection.execute(_EMPTY)
        kept.append(name)


def find_binaries(installed: Path = Path("/usr/lib/postgresql")) -> Path:
    """Return the folder of the newest server's binaries; fails the test where there is none."""
    folders = sorted(installed.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    if on_path is not None:
        folders.insert(0, Path(on_path).parent)
    if not folders:
        pytest.fail(_MISSING, pytrace=False)
    return folders[-1]


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server in a folder of its own and stop it afterwards; `durable` keeps fsync for tests of loss."""
    binaries = find_binaries()
    with tempfile.TemporaryDirectory(prefix="mw-pg-", ignore_cleanup_errors=True) as parent:
        data = Path(parent) / "data"
        data.mkdir(mode=0o700)
        _hand_over(Path(parent), data)
        _run(binaries / "initdb", "-D", data, "-A", "trust", "-U", _SYSTEM_USER, "--no-sync", "-E", "UTF8")
        port = _free_port()
        options = (
            "-D",
            data,
            "-k",
            data,
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=50",
        )
        log = Path(parent) / "server.log"
        with log.open("wb") as output:
            command = _as_owner(binaries / "postgres", *options, *(() if durable else _QUICK))
            process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        try:
            server = PostgresServer(port)
            wait_until(lambda: _answers(server, process, log), within=30, what="PostgreSQL answering")
            server.execute("create database template_mentorweave is_template true")
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _answers(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}", pytrace=False)
    try:
        psycopg.connect(server.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _hand_over(*folders: Path) -> None:
    # The server refuses to run as root, so as root its folders belong to the package's own user.
    if _is_root():
        for folder in folders:
            shutil.chown(folder, _SYSTEM_USER, _SYSTEM_USER)


def _as_owner(*command: object) -> list[str]:
    drop_root = ["setpriv", "--reuid", _SYSTEM_USER, "--regid", _SYSTEM_USER, "--clear-groups"]
    return [*(drop_root if _is_root() else []), *(str(part) for part in command)]


def _run(*command: object) -> None:
    done = subprocess.run(_as_owner(*command), capture_output=True, check=False, cwd="/")
    if done.returncode:
        pytest.fail(f"{command[0]} failed:\n{done.stderr.decode(errors='replace')}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One quick server for the whole session; it forgets everything when the power goes."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url
