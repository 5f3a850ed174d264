"""The questions of a program: what it may change, and what it may not."""

from collections.abc import Callable

import pytest

from node.domain.actor import UserId
from node.domain.intake.question import (
    ALWAYS,
    LONGEST_MORE,
    LONGEST_TITLE,
    TRUTHFUL,
    Ask,
    Change,
    Form,
    Moved,
    QuestionNeededError,
    QuestionTooLongError,
    QuestionUnwordedError,
    Shown,
    Texts,
    UnknownQuestionError,
    Worded,
    WordingFixedError,
    usual_form,
)
from node.domain.intake.source import SourceUnnamedError, code_of
from node.domain.person import Kind
from tests.support.clock import NOON

ROBIN = UserId("robin")
OWN = Texts("Do you have a car?", "Avez-vous une auto?")


def changed(form: Form, *changes: Change) -> Form:
    for change in changes:
        form = form.changed(change, ROBIN, NOON)
    return form


def order(form: Form) -> list[Ask]:
    return [question.ask for question in form.questions]


@pytest.mark.parametrize("kind", Kind)
def test_every_form_asks_what_matching_needs_and_every_consent(kind: Kind) -> None:
    asked = {question.ask for question in usual_form(kind).asked}
    of_others = {Ask.OUTSIDE} if kind is Kind.MENTOR else {Ask.VISIBILITY, Ask.STANDING, Ask.LISTING}

    assert asked & ALWAYS == ALWAYS - of_others


def test_a_question_moves_one_place_and_stays_at_the_ends() -> None:
    form = usual_form(Kind.MENTEE)
    first, second = order(form)[:2]

    assert order(changed(form, Moved(second, up=True)))[:2] == [second, first]
    assert order(changed(form, Moved(first, up=False)))[:2] == [second, first]
    assert order(changed(form, Moved(first, up=True))) == order(form)
    assert order(changed(form, Moved(order(form)[-1], up=False))) == order(form)


def test_every_change_is_a_version_that_says_who_and_when() -> None:
    form = changed(usual_form(Kind.MENTEE), Moved(Ask.REACH, up=True), Shown(Ask.TOPICS, shown=False))

    assert (form.version, form.changed_by, form.changed_at) == (2, ROBIN, NOON)
    assert Ask.TOPICS not in [question.ask for question in form.asked]
    assert changed(form, Shown(Ask.TOPICS, shown=True)).question(Ask.TOPICS).shown


@pytest.mark.parametrize("ask", sorted(ALWAYS - {Ask.VISIBILITY, Ask.STANDING, Ask.LISTING}))
def test_what_is_needed_cannot_be_left_out(ask: Ask) -> None:
    with pytest.raises(QuestionNeededError):
        changed(usual_form(Kind.MENTEE), Shown(ask, shown=False))


@pytest.mark.parametrize("ask", sorted(TRUTHFUL - {Ask.OUTSIDE}))
def test_the_words_of_a_consent_are_added_to_and_never_replaced(ask: Ask) -> None:
    form = usual_form(Kind.MENTOR)
    more = Texts("Ask us anything.", "Demandez-nous.")

    with pytest.raises(WordingFixedError):
        changed(form, Worded(ask, Texts(fr="Dites oui"), Texts()))
    assert changed(form, Worded(ask, Texts(), more)).question(ask).more("fr") == "Demandez-nous."


def test_a_question_of_ones_own_is_asked_once_it_is_worded_in_both_languages() -> None:
    form = usual_form(Kind.MENTEE)
    with pytest.raises(QuestionUnwordedError):
        changed(form, Worded(Ask.OWN_1, Texts("Do you have a car?"), Texts()), Shown(Ask.OWN_1, shown=True))

    asked = changed(form, Worded(Ask.OWN_1, OWN, Texts()), Shown(Ask.OWN_1, shown=True))

    assert asked.question(Ask.OWN_1).title("en") == "Do you have a car?"
    assert asked.question(Ask.OWN_1).title("ar") == "Do you have a car?"
    with pytest.raises(QuestionUnwordedError):
        changed(asked, Worded(Ask.OWN_1, Texts(), Texts()))


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: Worded(Ask.NAME, Texts("x" * (LONGEST_TITLE + 1)), Texts()), QuestionTooLongError),
        (lambda: Worded(Ask.NAME, Texts(), Texts(fr="x" * (LONGEST_MORE + 1))), QuestionTooLongError),
        (lambda: Moved(Ask.SEATS, up=True), UnknownQuestionError),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], Change], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        changed(usual_form(Kind.MENTEE), make())


def test_a_source_gets_a_code_of_its_name() -> None:
    assert code_of("Bibliothèque publique, 2e étage") == "bibliotheque-publique-2e-etage"
    for name in ("", "!!", "x" * 81):
        with pytest.raises(SourceUnnamedError):
            code_of(name)
