"""The stewards' commands against the real exchange, as a person types them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from federation.ground.clock import SystemClock
from protocol.ids import JoinId, NodeId
from tests.integration.governance.conftest import Fed, Running, Said
from tests.support.newcomer import Newcomer

NODE = NodeId("abcdefghijklmnop")
NAMES = ("Ada", "Ben", "Cleo", "Dai", "Eve")


def text(said: Said, *path: str) -> str:
    """A text of the JSON document."""
    assert said.code == 0, said.err + said.out
    found = said.document
    value = found[path[0]]
    assert isinstance(value, str)
    return value


def pilot(fed: Fed, exchange: Running) -> None:
    founded = fed("ada", "init", "--exchange", exchange.card, "--name", "Ada", "--board-interval", "60", "--json")
    published = fed("ada", "publish", text(founded, "file"), "--json")
    assert published.document == {"root_version": 1, "targets_version": 1, "suspensions_version": 1}


def change(fed: Fed, who: str, *proposal: str) -> None:
    """Propose, sign and publish, all by one steward."""
    file = text(fed(who, "propose", *proposal, "--json"), "file")
    assert fed(who, "sign", file, "--yes").code == 0
    assert fed(who, "publish", file).code == 0


def admitted(fed: Fed, exchange: Running, newcomer: Newcomer, *verb: str) -> Said:
    """Code, request, words, challenge, answer: up to the proposal."""
    issued = fed("ada", "join-code", "--program", "Medicine Hat", "--json")
    code, join = text(issued, "code"), JoinId(text(issued, "join"))
    exchange.knock(code, newcomer, join)
    words = newcomer.words(code, SystemClock().now())
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(exchange.answer, newcomer, join)
        rest = ("--words", words, "--wait", "30", "--json")
        said = fed("ada", "propose", *(verb or ("admit",)), *(("--join-id",) if verb else ()), join, *rest)
        answer.result(timeout=30)
    return said


def test_a_pilot_founds_admits_suspends_resumes_rekeys_and_removes(fed: Fed, exchange: Running) -> None:
    pilot(fed, exchange)
    file = text(admitted(fed, exchange, Newcomer(NODE)), "file")
    signed = fed("ada", "sign", file, "--yes")
    assert "Medicine Hat" in signed.err
    assert fed("ada", "publish", file).code == 0
    change(fed, "ada", "suspend", NODE)
    assert f"{NODE}  suspended" in fed("ada", "roster", "show").out
    file = text(admitted(fed, exchange, Newcomer(NODE, key_version=2), "rekey", NODE), "file")
    assert fed("ada", "sign", file, "--yes").code == 0
    assert fed("ada", "publish", file).code == 0
    change(fed, "ada", "resume", NODE)
    assert f"{NODE}  active" in fed("ada", "roster", "show").out
    change(fed, "ada", "remove", NODE)
    change(fed, "ada", "renew")
    change(fed, "ada", "policy", "--board-interval", "3600")
    change(fed, "ada", "vouch", NODE, "60")
    change(fed, "ada", "root")
    verified = fed("ada", "roster", "verify", "--json").document
    assert (verified["root_version"], verified["targets_version"]) == (2, 8)
    assert fed("ada", "serve", "--duty", "--once", "--json").document["suspensions_version"] == 3
    history = fed("ada", "roster", "history")
    assert "The chain holds" in history.out
    assert fed("exchange", "board", "release", "--json").code == 0
    assert fed("exchange", "db", "upgrade").code == 0


def five_found(fed: Fed, exchange: Running, folder: Path) -> str:
    """The founding file of five stewards."""
    for name in NAMES:
        assert fed(name.lower(), "init", "steward", "--name", name, "--duty", "--unattended").code == 0
    cards = [word for name in NAMES for word in ("--steward", str(folder / name.lower() / "steward.json"))]
    thresholds = ("--root-threshold", "3", "--targets-threshold", "2")
    return text(fed("ada", "init", "federation", "--exchange", exchange.card, *cards, *thresholds, "--json"), "file")


def signed_by(fed: Fed, file: str | Path, *names: str) -> Said:
    """Sign in turn; what the last one was told."""
    said = [fed(name, "sign", file, "--yes") for name in names]
    assert all(each.code == 0 for each in said)
    return said[-1]


def test_three_of_five_found_and_two_of_five_admit(fed: Fed, exchange: Running, tmp_path: Path) -> None:
    founding = five_found(fed, exchange, tmp_path)
    assert "next steward" in signed_by(fed, founding, "ada", "ben").out
    refused = fed("ben", "publish", founding)
    assert refused.code == 1
    assert refused.err.splitlines()[0] == "Too few stewards have signed."
    assert "publish FILE" in signed_by(fed, founding, "cleo").out
    assert fed("cleo", "publish", founding).code == 0
    renewal = text(fed("ada", "propose", "renew", "--json"), "file")
    assert "0 of 2, 2 more needed" in fed("ada", "roster", "diff", renewal).out
    copies = []
    for name in ("ada", "ben"):
        copy = tmp_path / f"{name}.json"
        copy.write_bytes(Path(renewal).read_bytes())
        signed_by(fed, copy, name)
        copies.append(copy)
    assert fed("ben", "publish", *copies).code == 0


def test_a_steward_comes_and_another_goes(fed: Fed, exchange: Running, tmp_path: Path) -> None:
    founding = five_found(fed, exchange, tmp_path)
    signed_by(fed, founding, "ada", "ben", "cleo")
    assert fed("cleo", "publish", founding).code == 0
    assert fed("ben", "roster", "verify").code == 0
    assert fed("dai", "roster", "verify").code == 1
    card = text(fed("zoe", "init", "steward", "--name", "Zoe", "--unattended", "--json"), "card")
    digest = text(fed("ada", "roster", "show", "--json"), "root_sha256")
    change = ("--add", card, "--remove", "Eve", "--root-threshold", "2", "--exchange", exchange.card)
    rotation = text(fed("ada", "propose", "root", *change, "--json"), "file")
    signed_by(fed, rotation, "ada", "ben", "cleo")
    assert fed("cleo", "publish", rotation).code == 0
    assert "Zoe may sign root" in fed("ben", "roster", "diff").out
    assert fed("zoe", "roster", "pin", exchange.url, "--sha256", digest).code == 0
    assert "root: 2 of 5 (Ada, Ben, Cleo, Dai, Zoe)" in fed("zoe", "roster", "show").out
    assert fed("eve", "roster", "diff").code == 1
    assert fed("ben", "roster", "diff").out == "Nothing changed.\n"


def test_two_stewards_make_a_board_and_the_relay_to_it(fed: Fed, tmp_path: Path) -> None:
    made = fed("board", "init", "board", "--public-url", "https://board.example")
    card = text(fed("board2", "init", "board", "--public-url", "https://b.example", "--json"), "card")

    assert (
        made.out
        == f"Give {tmp_path / 'board' / 'board.json'} to the steward who runs the exchange, and to nobody else.\n"
    )
    relay = ("init", "exchange", "--public-url", "https://x.example", "--board")
    assert fed("relay", *relay, card).code == 0
    assert not (tmp_path / "relay" / "keys" / "board-sign.key").exists()
    assert fed("relay", "board", "release").code == 1
    assert fed("other", *relay, tmp_path / "relay" / "exchange.json").code == 1
    assert fed("board", "db", "upgrade").code == 0
    assert fed("board", "board", "release").code == 0


def test_a_rehearsal_of_every_writing_command_leaves_no_trace(fed: Fed, exchange: Running, tmp_path: Path) -> None:
    rehearsed = fed("ada", "init", "--exchange", exchange.card, "--dry-run", "--json")
    assert rehearsed.code == 0
    assert not (tmp_path / "ada").exists()
    assert fed("bob", "init", "steward", "--name", "Bob", "--dry-run").code == 0
    assert not (tmp_path / "bob").exists()
    for kind in ("exchange", "board"):
        assert fed("other", "init", kind, "--public-url", "https://x.example", "--dry-run").code == 0
        assert not (tmp_path / "other").exists()
    pilot(fed, exchange)
    before = (tmp_path / "ada" / "acts.jsonl").read_bytes()
    assert fed("ada", "join-code", "--program", "Brooks", "--dry-run").code == 0
    assert fed("ada", "propose", "renew", "--dry-run").code == 0
    assert fed("ada", "propose", "root", "--dry-run").code == 0
    assert fed("ada", "serve", "--duty", "--dry-run").code == 0
    assert fed("exchange", "serve", "--dry-run").code == 0
    assert fed("exchange", "board", "release", "--dry-run").code == 0
    assert fed("exchange", "db", "upgrade", "--dry-run").code == 0
    assert (tmp_path / "ada" / "acts.jsonl").read_bytes() == before
    renewal = text(fed("ada", "propose", "renew", "--json"), "file")
    unsigned = Path(renewal).read_bytes()
    assert fed("ada", "sign", renewal, "--yes", "--dry-run").code == 0
    assert Path(renewal).read_bytes() == unsigned
    assert fed("ada", "sign", renewal, "--yes").code == 0
    assert fed("ada", "publish", renewal, "--dry-run", "--json").document["targets_version"] == 2
    assert fed("ada", "roster", "verify", "--json").document["targets_version"] == 1


def test_nothing_is_signed_without_a_yes(fed: Fed, exchange: Running) -> None:
    pilot(fed, exchange)
    renewal = text(fed("ada", "propose", "renew", "--json"), "file")
    refused = fed("ada", "sign", renewal, "--json")
    assert (refused.code, refused.document["code"]) == (1, "not-confirmed")


def test_words_must_come_from_somebody(fed: Fed, exchange: Running) -> None:
    pilot(fed, exchange)
    issued = fed("ada", "join-code", "--program", "Brooks", "--json")
    code, join = text(issued, "code"), JoinId(text(issued, "join"))
    absent = fed("ada", "propose", "admit", join, "--json")
    assert (absent.code, absent.document["code"]) == (1, "join-absent")
    exchange.knock(code, Newcomer(NODE), join)
    refused = fed("ada", "propose", "admit", join, "--json")
    assert (refused.code, refused.document["code"]) == (1, "words-needed")
    wrong = fed("ada", "propose", "admit", join, "--words", "one two three four five six")
    assert wrong.code == 1
    assert wrong.err.splitlines()[0] == "The six words heard are not the six words of this request."
    assert fed("ada", "refuse", join).code == 0
    decided = fed("ada", "propose", "admit", join, "--json")
    assert decided.document["code"] == "join-decided"


def test_the_status_counts_the_days_to_each_expiry(fed: Fed, exchange: Running) -> None:
    assert fed("nobody", "status").code == 1
    pilot(fed, exchange)
    said = fed("ada", "status")
    assert "365.0 days" in said.out
    assert "90.0 days" in said.out
    assert fed("ada", "roster", "show", "--offline").code == 0
    roster = fed("ada", "status", "--json").document["roster"]
    assert isinstance(roster, dict)
    assert [end["role"] for end in roster["deadlines"] if isinstance(end, dict)] == [  # type: ignore[union-attr]
        "root",
        "targets",
        "suspensions",
        "snapshot",
        "timestamp",
    ]


def test_files_that_are_not_what_they_should_be_are_refused(fed: Fed, exchange: Running, tmp_path: Path) -> None:
    pilot(fed, exchange)
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    assert fed("ada", "sign", empty).code == 1
    assert fed("ada", "publish", tmp_path / "absent.json").code == 1
    assert fed("bob", "init", "--exchange", empty, "--unattended").code == 1
    assert fed("ada", "propose", "root", "--add", empty).code == 1
    assert fed("ada", "serve", "--once").code == 1
    assert fed("ada", "init", "--exchange", exchange.card).code == 1
    assert fed("ada", "propose", "admit").code == 2
