"""Every code is worded in both languages, with the same parameters."""

import re
import string
from collections.abc import Iterator
from enum import StrEnum

import pytest

from federation.ground.refusal import Refusal
from federation.membership.alerts import AlertCode
from node.domain.actor import Role
from node.domain.assignment import Wanted
from node.domain.consent import Given, Purpose
from node.domain.drafts import DraftState, Why
from node.domain.errors import UnknownPersonError
from node.domain.ledger import WITNESSED
from node.domain.matching.finding import Aspect, Obstacle, Reason
from node.domain.person import Kind, PersonState, Visibility, Wish
from node.domain.request import Move, Stage
from node.domain.user import UserState
from node.services.checks import Severity
from node.services.disclosures import Learned
from node.services.drafting.board_views import Show
from node.services.drafting.publishing import Skip
from node.services.intake.columns import Column
from node.services.intake.problems import ProblemCode
from node.services.matching.views import Option
from node.services.ports.vault import Guard
from node.services.request.story import Deed
from node.words import LANGUAGES, Words, catalogue
from protocol.hop import HopTimeError
from protocol.vocabulary import Answer, Mode, Publishes, Question, Topic
from tests.architecture.tree import modules

FAMILIES: dict[str, type[StrEnum]] = {
    "role": Role,
    "user": UserState,
    "kind": Kind,
    "state": PersonState,
    "mode": Mode,
    "topic": Topic,
    "purpose": Purpose,
    "wording": Purpose,
    "given": Given,
    "obstacle": Obstacle,
    "help": Obstacle,
    "reason": Reason,
    "criterion": Aspect,
    "wish": Wish,
    "wanted": Wanted,
    "option": Option,
    "why": Why,
    "learned": Learned,
    "draft.state": DraftState,
    "board.why": Why,
    "board.show": Show,
    "publish.skip": Skip,
    "column": Column,
    "import": ProblemCode,
    "keys.guard": Guard,
    "alert": AlertCode,
    "stage": Stage,
    "move": Move,
    "question": Question,
    "answer": Answer,
    "across.deed": Deed,
    "across.leaves": Deed,
    "across.knows": Learned,
    "across.severity": Severity,
    "across.publishes": Publishes,
    "done.request": Deed,
}


def refusals(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_people_read_is_worded(family: str) -> None:
    wanted = {f"{family}.{value}" for value in FAMILIES[family]}

    assert wanted <= set(catalogue())


def test_every_visibility_and_every_problem_of_a_file_has_its_words() -> None:
    assert {f"visibility.{level.value}" for level in Visibility} <= set(catalogue())
    assert {f"import.{code}.next" for code in ProblemCode} <= set(catalogue())


def test_every_choice_of_a_mentor_is_asked_and_every_act_of_the_ledger_named() -> None:
    choices = {f"visibility.{part}{level.value}" for level in Visibility for part in ("", "example.")}
    texts = {f"visibility.{level.value}.text" for level in Visibility}

    assert choices | texts | {f"act.{act}" for act in WITNESSED} <= set(catalogue())


def test_what_a_mentor_is_asked_stays_in_short_sentences() -> None:
    """She may read at level 5 of the Canadian Language Benchmarks: short sentences, short words."""
    texts = [
        catalogue()[code] for code in ("visibility.ask", *(f"visibility.{level.value}.text" for level in Visibility))
    ]
    sentences = [sentence.split() for pair in texts for text in pair for sentence in re.split(r"[.?!] ?", text)]

    assert max(map(len, sentences)) <= 22
    assert sum(map(len, sentences)) / len([one for one in sentences if one]) <= 12
    letters = [len(word) for sentence in sentences for word in sentence]
    assert sum(letters) / len(letters) <= 5


def test_whoever_asks_to_take_part_reads_short_sentences() -> None:
    """A mentee may read at level 5 of the Canadian Language Benchmarks, and answers on a phone."""
    texts = [pair for code, pair in catalogue().items() if code.startswith("join.")]
    sentences = [one.split() for pair in texts for text in pair for one in re.split(r"[.?!:] ?", text) if one]

    assert max(map(len, sentences)) <= 22
    assert sum(map(len, sentences)) / len(sentences) <= 8
    letters = [len(word) for sentence in sentences for word in sentence]
    assert sum(letters) / len(letters) <= 5


def test_every_refusal_of_a_node_says_why_and_what_next() -> None:
    modules()  # what is not loaded has no subclasses
    codes = {kind.code for kind in refusals(Refusal) if kind.__module__.startswith(("node.", "federation.membership."))}

    missing = {f"error.{code}{end}" for code in codes for end in ("", ".next")} - set(catalogue())
    assert not missing


def test_both_languages_use_the_same_parameters() -> None:
    different = {code for code, (english, french) in catalogue().items() if fields(english) != fields(french)}

    assert not different


def test_a_refusal_is_said_in_the_language_asked_for() -> None:
    said = [Words(language).refusal(UnknownPersonError(person="x"))[0] for language in LANGUAGES]

    assert said == ["Nobody here has the id x.", "Personne ici n'a l'identifiant x."]


def test_what_another_program_broke_is_said_in_french_too() -> None:
    assert Words("fr").refusal(HopTimeError()) == (
        "L'heure de la demande ne convient pas à l'horloge de l'échange.",
        (
            "Comparez l'horloge de cet ordinateur à un téléphone et réglez-la si elle est fausse, "
            "puis lancez `mentorweave doctor`."
        ),
    )


def test_a_refusal_no_table_words_speaks_for_itself() -> None:
    class PeerError(Refusal):
        code = "a-peer-broke-a-rule"
        title = "Why."
        remedy = "What next."

    assert Words("fr").refusal(PeerError()) == ("Why.", "What next.")
