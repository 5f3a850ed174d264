"""What a program runs of this house runs on Windows, macOS and Linux alike: nothing in it is there on POSIX only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files

EVERYWHERE = ("protocol", "federation/membership", "federation/ground", "node")
MODULES = {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
SIGNALS = {
    "CLD_EXITED",
    "SIGALRM",
    "SIGCHLD",
    "SIGHUP",
    "SIGKILL",
    "SIGPIPE",
    "SIGQUIT",
    "SIGSTOP",
    "SIGUSR1",
    "SIGUSR2",
}
CALLS = {
    *("add_signal_handler", "chown", "chroot", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid"),
    *("getgroups", "getloadavg", "getpgid", "getsid", "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice"),
    *("open_signal_receiver", "openpty", "pread", "pwrite", "sched_getaffinity", "setgid", "setpgid", "setsid"),
    *("setuid", "sync", "tcgetpgrp", "umask", "uname", "wait3", "wait4", "waitpid"),
}
OURS = {"sync"}
"""Names of ours that POSIX has, too; `os.` stands before its own."""


def posix_only(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in {*MODULES, "os", "signal"}:
            yield from (alias.name for alias in node.names if node.module in MODULES or alias.name in CALLS | SIGNALS)
        elif isinstance(node, ast.Attribute) and (node.attr not in OURS or ast.unparse(node.value) == "os"):
            yield from {node.attr} & (CALLS | SIGNALS)


@pytest.mark.parametrize("folder", EVERYWHERE)
def test_nothing_is_there_on_posix_only(folder: str) -> None:
    modules = [path for path in files(".py", under=folder) if "migrations" not in path.parts]

    found = [f"{path}: {name}" for path in modules for name in posix_only(ast.parse((ROOT / path).read_bytes()))]

    assert modules
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import fcntl",
        "from pwd import getpwnam",
        "import os\nos.geteuid()",
        "from os import fork",
        "import signal\nsignal.SIGUSR1",
        "import os\nos.sync()",
        "loop.add_signal_handler(2, end)",
    ],
)
def test_what_windows_lacks_is_noticed(source: str) -> None:
    assert len(list(posix_only(ast.parse(source)))) == 1


def test_no_name_of_a_file_is_one_that_windows_refuses() -> None:
    reserved = {"aux", "con", "nul", "prn"}

    assert [
        str(path) for path in files() if Path(path).stem.lower() in reserved or set(':*?"<>|\\') & set(path.name)
    ] == []
