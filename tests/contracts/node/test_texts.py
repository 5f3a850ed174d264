"""The ports `TextShelf`, on both databases, and `Stationery`; what is stored reaches the letters."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from node.adapters.mail.office import Mailing, open_post_office
from node.adapters.mail.specimens import ComposedSpecimens
from node.domain.actor import Actor, Role, UserId
from node.domain.errors import ChangedMeanwhileError, NotAllowedError
from node.domain.letter import Letter, LetterId
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from node.domain.texts import PARTS, LetterKind, LineBreakError, OwnTexts, Wording, placeholders
from node.services.texts import ChangeText, ChangeTexts, ListTexts, ShowTexts
from tests.support.clock import NOON, FakeClock
from tests.support.node import OpenSqlWork

ROBIN = Actor(UserId("robin"), Role.COORDINATOR)
STATIONERY = ComposedSpecimens("America/Edmonton")
SUBJECT = Wording(code="letter.link.subject", language=Tongue.FRENCH, text="Votre porte chez {program} é")
LEAD = Wording(code="letter.link.lead", language=Tongue.FRENCH, text="Voici :")


def test_texts_are_kept_a_letter_at_a_time_and_changed(work: OpenSqlWork) -> None:
    with work() as unit:
        assert unit.programs.texts.get(LetterKind.SIGN_IN) == OwnTexts(letter=LetterKind.SIGN_IN)
        unit.programs.texts.replace(OwnTexts(letter=LetterKind.SIGN_IN, wordings=(SUBJECT, LEAD)))
    with work() as unit:
        found = unit.programs.texts.get(LetterKind.SIGN_IN)
        unit.programs.texts.replace(OwnTexts(letter=LetterKind.SIGN_IN, wordings=(LEAD,), version=found.version))
    with work() as unit:
        assert (found.wordings, found.version) == ((SUBJECT, LEAD), 1)
        assert list(unit.programs.texts.all()) == [LEAD]
        assert unit.programs.texts.get(LetterKind.RESUME).wordings == ()


@pytest.mark.parametrize("read", [0, 2])
def test_the_second_who_changes_a_letter_is_told(work: OpenSqlWork, read: int) -> None:
    own = OwnTexts(letter=LetterKind.SIGN_IN, wordings=(LEAD,))
    with work() as unit:
        unit.programs.texts.replace(own)
    with pytest.raises(ChangedMeanwhileError), work() as unit:
        unit.programs.texts.replace(OwnTexts(letter=LetterKind.SIGN_IN, version=read))
    with work() as unit:
        assert unit.programs.texts.get(LetterKind.SIGN_IN).wordings == (LEAD,)


def test_a_letter_that_leaves_says_the_programs_own_words(work: OpenSqlWork, tmp_path: Path) -> None:
    ChangeTexts(work, FakeClock(), STATIONERY)(ROBIN, LetterKind.SIGN_IN, [SUBJECT, LEAD], 0)
    with work() as unit:
        own = unit.programs.texts.all()
    letter = Letter(
        id=LetterId("x"),
        person=PersonId("p"),
        about="p",
        language=Tongue.FRENCH,
        link="secret",
        written_at=NOON,
    )
    office = open_post_office(Mailing(sender="", folder=tmp_path, server=None, texts=lambda: own))

    office.send(letter, Contact(name="Zoë", email="zoe@example.org"), "Jumelage")

    message = message_from_bytes((tmp_path / "x.eml").read_bytes(), policy=policy.default)
    assert message["Subject"] == "Votre porte chez Jumelage é"
    assert str(message.get_content()).split()[:4] == ["Bonjour", "Zoë,", "Voici", ":"]


@pytest.mark.parametrize("letter", [one for one in LetterKind if one is not LetterKind.FORM])
def test_every_letter_can_be_looked_at_in_both_languages(work: OpenSqlWork, letter: LetterKind) -> None:
    view = ShowTexts(work, FakeClock(), STATIONERY)(ROBIN, letter)

    english, french = view.specimens
    assert "Alex Example" in english.text
    assert "Alex Exemple" in french.text
    assert "Medicine Hat Mentors" in english.text
    assert not placeholders(english.subject + english.text + french.subject + french.text)


def test_a_form_can_be_looked_at_too(work: OpenSqlWork) -> None:
    own = Wording(code="join.sent.contact", language=Tongue.ENGLISH, text="Nadia phones you.")
    english, french = ShowTexts(work, FakeClock(), STATIONERY)(ROBIN, LetterKind.FORM, [own]).specimens

    assert "Nadia phones you." in english.text
    assert STATIONERY.usual("join.sent.contact", Tongue.FRENCH) in french.text


@pytest.mark.parametrize("code", [code for codes in PARTS.values() for code in codes])
def test_usual_words_can_be_filled_with_the_same_in_both_languages_and_pass_their_own_check(code: str) -> None:
    english, french = (STATIONERY.usual(code, language) for language in Tongue)

    assert set(placeholders(english)) == set(placeholders(french))
    Wording(code=code, language=Tongue.ENGLISH, text=english).check(french)
    Wording(code=code, language=Tongue.FRENCH, text=french).check(english)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICER, Role.AUDITOR])
def test_who_writes_no_letters_reads_and_changes_no_texts(work: OpenSqlWork, role: Role) -> None:
    other = Actor(UserId("other"), role)

    with pytest.raises(NotAllowedError):
        ListTexts(work)(other)
    with pytest.raises(NotAllowedError):
        ShowTexts(work, FakeClock(), STATIONERY)(other, LetterKind.SIGN_IN)
    with pytest.raises(NotAllowedError):
        ChangeTexts(work, FakeClock(), STATIONERY)(other, LetterKind.SIGN_IN, [LEAD], 0)


def test_one_text_is_changed_and_brought_back_and_the_others_of_its_letter_stay(work: OpenSqlWork) -> None:
    change = ChangeText(work, FakeClock(), STATIONERY)
    change(ROBIN, LEAD)

    changed, usual = change(ROBIN, SUBJECT), STATIONERY.usual(SUBJECT.code, Tongue.FRENCH)
    with pytest.raises(LineBreakError):
        change(ROBIN, Wording(code=SUBJECT.code, language=Tongue.FRENCH, text="Votre porte\nBcc: eve"))
    with work() as unit:
        kept = unit.programs.texts.get(LetterKind.SIGN_IN).wordings
    back = change(ROBIN, Wording(code=SUBJECT.code, language=Tongue.FRENCH, text=" "))

    assert (changed.text, changed.usual, back.text) == (SUBJECT.text, usual, usual)
    assert kept == (LEAD, SUBJECT)
    with work() as unit:
        assert unit.programs.texts.get(LetterKind.SIGN_IN).wordings == (LEAD,)
