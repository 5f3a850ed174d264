"""Compose as the deployment how-to types it: secrets of this run, services, and answers to what a command asks."""

import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from node.demo.processes import Answer

ROOT = Path(__file__).parents[2]
DOMAIN = "mentors.example"
PROJECT = "mentorweave-smoke"
_OWNERS = {"database_password": 999, "pgpass": 10001, "passphrase": 10001, "tls.crt": 101, "tls.key": 101}
_WORD, _QUESTION = re.compile(r"^\s*(\d+)\. (\w+)\s*$", re.MULTILINE), re.compile(r"(\d+)[^\d\n]*: $")


def typed(*words: str) -> str:
    """Run a command of this machine and hand back what it printed. Raises: AssertionError that says what was wrong."""
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, f"{' '.join(words[:8])}: {(done.stdout + done.stderr)[-3000:]}"
    return done.stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """The federation of docker-compose.yml under a project name and secrets of its own."""

    secrets: Path

    @property
    def line(self) -> list[str]:
        """The words that begin every command."""
        tool = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
        files = ["--file", "docker-compose.yml", "--file", "tests/smoke/compose.yml"]
        return [*tool, "--project-name", PROJECT, "--env-file", str(self.secrets / "env"), *files]

    def do(self, *words: str) -> str:
        """Run one command to its end."""
        return typed(*self.line, *words)

    def run(self, service: str, *words: str) -> str:
        """Run one command in a container of its own, without a terminal."""
        return self.do("run", "--rm", "--no-deps", "-T", service, *words, "--data-dir", "/data")

    def once(self, service: str, *words: str) -> Answer:
        """The same with `--json`, and read the document."""
        return Answer(json.loads(self.run(service, *words, "--json")), f"{service}: {' '.join(words[:3])}")

    def ask(self, service: str, *words: str) -> Answer:
        """Run one command with `--json` where the service already runs, and read the document."""
        said = self.do("exec", "-T", service, *words, "--json", "--data-dir", "/data")
        return Answer(json.loads(said), f"{service}: {' '.join(words[:3])}")

    def init(self, service: str, *words: str) -> None:
        """Found a program at a terminal: read the recovery sheet, and give back the two words that are asked for."""
        ours, theirs = pty.openpty()
        line = [*self.line, "run", "--rm", "--no-deps", service, *words, "--data-dir", "/data"]
        process = subprocess.Popen(line, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
        os.close(theirs)
        said = _converse(ours)
        assert process.wait() == 0, said

    def is_healthy(self, *services: str) -> bool:
        """Whether every one of these services says so."""
        ids = self.do("ps", "-q", *services).split()
        states = typed("docker", "inspect", "--format", "{{.State.Health.Status}}", *ids).split()
        return bool(ids) and set(states) == {"healthy"}


def _converse(terminal: int) -> str:
    said, answered = "", 0
    while chunk := _read(terminal):
        said += chunk
        text = said.replace("\r", "")
        asked = _QUESTION.search(text[answered:])
        if asked is not None:
            answered = len(text)
            os.write(terminal, f"{dict(_WORD.findall(text))[asked[1]]}\n".encode())
    return said


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65_536).decode(errors="replace")
    except OSError:  # how a terminal ends whose other side is closed
        return ""


def _secrets(folder: Path) -> None:
    """What section 1 of the how-to types, with an authority of this run in place of the world's."""
    names = ",".join(f"DNS:{name}.{DOMAIN}" for name in ("exchange", "medicine-hat", "calgary", "lethbridge"))
    for name in ("database_password", "passphrase"):
        typed("openssl", "rand", "-hex", "-out", str(folder / name), "32")
    password = (folder / "database_password").read_text().strip()
    (folder / "pgpass").write_text(f"database:5432:*:mentorweave:{password}\n")
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=smoke")
    typed(
        *new, "-addext", f"subjectAltName={names}", "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")
    )
    shutil.copy(folder / "tls.crt", folder / "authority.pem")
    (folder / "authority.pem").chmod(0o644)
    folder.chmod(0o711)
    for name, owner in _OWNERS.items():
        (folder / name).chmod(0o600 if name == "pgpass" else 0o400)
        os.chown(folder / name, owner, owner)
    (folder / "env").write_text(f"DOMAIN={DOMAIN}\nSECRETS={folder}\n")


@contextmanager
def composed(secrets: Path) -> Iterator[Compose]:
    """A federation that is built, and brought down with its volumes at the end."""
    _secrets(secrets)
    compose = Compose(secrets=secrets)
    try:
        compose.do("build", "exchange-1")
        yield compose
    finally:
        compose.do("down", "--volumes", "--remove-orphans")
