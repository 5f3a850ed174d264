"""A steward reads every refusal and every fact of a diff in her language, English or French."""

import re
import string
from datetime import timedelta
from pathlib import Path

import pytest

from federation.cli.app import app
from federation.cli.wording import (
    LANGUAGE,
    alarm_lines,
    change_lines,
    diff_lines,
    language,
    say,
    sentences,
    word_refusal,
)
from federation.governance.domain import changes
from federation.governance.domain.deadlines import Alarm, deadline
from federation.governance.domain.diff import Change, ChangeKind, compare
from federation.governance.domain.errors import UnderThresholdError
from federation.governance.domain.proposal import ProposalKind
from federation.governance.domain.trust import RoleName
from federation.governance.services.ports import RoleCheck
from federation.governance.services.views import ProposalView
from federation.ground.cli import main
from federation.ground.french import french
from protocol.roster import NotMemberError, Standing
from tests.architecture.reference import errors
from tests.support.clock import NOON
from tests.unit.governance.domain.builders import content, member

FACTS = [f"change.{kind.value}" for kind in ChangeKind]
FACTS += [f"alarm.{alarm.value}" for alarm in Alarm if alarm is not Alarm.NONE]
FACTS += [f"next.{role.value}" for role in RoleName] + [f"standing.{standing.value}" for standing in Standing]
MET = ("protocol", "federation.ground", "federation.governance", "federation.exchange.founding")
"""Whose refusals a steward can meet; of the exchange those of its folder."""


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_refusal_a_steward_can_meet_says_why_and_what_next_in_french() -> None:
    codes = {code for code, error in errors() if error.__module__.startswith((*MET, "federation.exchange.settings"))}

    french_ones = french("federation.cli")

    assert codes - set(french_ones) == set()
    assert [code for code, lines in french_ones.items() if not all(lines)] == []


def test_no_french_refusal_outlives_its_rule() -> None:
    assert set(french("federation.cli")) - {code for code, _ in errors()} == set()


def test_every_fact_is_worded_in_both_languages_with_the_same_parameters() -> None:
    used = {
        code
        for file in Path("federation/cli").glob("*.py")
        for code in re.findall(r'say\(\s*"(.+?)"', file.read_text())
    }

    assert {*FACTS, *used} - set(sentences()) == set()
    assert [code for code, pair in sentences().items() if not all(pair) or fields(pair[0]) != fields(pair[1])] == []


@pytest.mark.parametrize("speaks", ["en", "fr"])
def test_every_kind_of_change_is_rendered(monkeypatch: pytest.MonkeyPatch, speaks: str) -> None:
    monkeypatch.setenv(LANGUAGE, speaks)
    every = [Change(kind=kind, subject="s", field="f", before="b") for kind in ChangeKind]

    lines = list(change_lines(every))

    assert len(lines) == len(set(lines)) == len(ChangeKind)
    assert [line for line in lines if "{" in line] == []


def test_a_diff_is_read_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "fr")
    start, joins = content(), member()
    view = ProposalView(
        kind=ProposalKind.ADMIT,
        by="Ada",
        exchange="https://exchange.example",
        changes=compare(start, changes.admit(start, joins, NOON + timedelta(days=1))),
        checks=(RoleCheck(role=RoleName.TARGETS, by_new_root=True, threshold=2, signed=("Ada",), unsigned=("Ben",)),),
        words=None,
    )

    said = "\n".join(diff_lines(view))

    assert f"+ Le programme {joins.id} adhère : Medicine Hat" in said
    assert "targets : signé par Ada; 1 sur 2, il en manque 1" in said


@pytest.mark.parametrize(
    ("speaks", "line"),
    [
        ("en", "targets ends in 14.0 days. Run `mentorweave-fed propose renew` and let the stewards sign."),
        (
            "fr",
            "targets prend fin dans 14,0 jours. Lancez `mentorweave-fed propose renew` et faites signer.",
        ),
    ],
)
def test_what_ends_soon_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, speaks: str, line: str) -> None:
    monkeypatch.setenv(LANGUAGE, speaks)
    ends = ((RoleName.ROOT, 200), (RoleName.TARGETS, 14))

    assert list(alarm_lines(deadline(role, NOON + timedelta(days=days), NOON) for role, days in ends)) == [line]


def test_a_refusal_is_read_in_the_language_of_the_steward(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(LANGUAGE, "fr")
    assert word_refusal(UnderThresholdError())[0] == "Trop peu de responsables ont signé."
    assert word_refusal(NotMemberError(node="x"))[0] == "Le programme n'est pas membre de cette fédération."
    assert main(app, ["status", "--data-dir", str(tmp_path)], words=word_refusal) == 1
    assert "Il n'y a pas de responsable dans ce dossier." in capsys.readouterr().err
    monkeypatch.setenv(LANGUAGE, "en")
    assert word_refusal(UnderThresholdError()) == (UnderThresholdError.title, UnderThresholdError.remedy)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "fr_CA.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_CA.UTF-8", LANGUAGE: "fr"}, "fr"),
        ({"LANG": "fr_CA.UTF-8", LANGUAGE: "en"}, "en"),
    ],
)
def test_the_machine_says_the_language_unless_the_variable_does(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", LANGUAGE):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language() == expected
    assert say("sign.done") == {"en": "Signed.", "fr": "Signé."}[expected]
