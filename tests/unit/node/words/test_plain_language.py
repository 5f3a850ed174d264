"""What a person agrees to: plain enough for level 5 of the Canadian Language Benchmarks, complete, never changed.

Readability: Flesch and Kincaid's grade (1975) for English, Kandel and Moles' formula (1958) for French; syllables are
counted by groups of vowels. A formula sees length only, so sentences are short as well; a person judges the rest.
"""

import hashlib
import re

import pytest

from node.domain.consent import Purpose, standard_wording
from node.domain.person import Visibility
from node.words import catalogue
from protocol.bodies import BoardClaim, Capability, RequestOpen
from protocol.documents import Document
from protocol.summaries import LIFETIME, Listing

READ = (
    "visibility.ask",
    *(f"visibility.{level.value}.text" for level in Visibility),
    *(standard_wording(purpose) for purpose in Purpose),
)
HIGHEST_GRADE, LEAST_EASE, LONGEST, FEWEST = 7.0, 80.0, 20, 10
VOWELS = "aeiouyàâäéèêëîïôöùûüœ"

# A yes is written down under the code of its text: another text needs another code.
AGREED = {
    "wording.outside": "ba477a19bd60fe41",
    "wording.card": "41418984994e6cfb",
    "wording.offer": "9096a45775b30919",
    "wording.accept": "9968da9568d4e47b",
    "wording.contact": "f40ead9128f7c002",
    "wording.listing": "9fcba03497a127f0",
    "wording.standing": "9ba1a7881993dd05",
}


def sentences(text: str) -> list[list[str]]:
    found = [re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", one) for one in re.split(r"(?<=[.!?])\s+", text)]
    return [words for words in found if words]


def syllables(word: str, silent: str) -> int:
    groups = len(re.findall(f"[{VOWELS}]+", word.lower()))
    return max(1, groups - bool(groups > 1 and re.search(silent, word.lower())))


def rates(text: str, silent: str) -> tuple[float, float]:
    """Words a sentence, syllables a word."""
    words = [word for sentence in sentences(text) for word in sentence]
    return len(words) / len(sentences(text)), sum(syllables(word, silent) for word in words) / len(words)


def grade(text: str) -> float:
    """Years of school that reading it takes."""
    length, weight = rates(text, rf"[^{VOWELS}l](?:e|es)$|[^{VOWELS}td]ed$")
    return 0.39 * length + 11.8 * weight - 15.59


def ease(text: str) -> float:
    """From 0, hard, to 100, easy."""
    length, weight = rates(text, rf"[^{VOWELS}](?:e|es|ent)$")
    return 207 - 1.015 * length - 73.6 * weight


def test_the_formulas_tell_plain_words_from_hard_ones() -> None:
    hard = (
        "Participants irrevocably authorise the dissemination of anonymised availability information to organisations."
    )
    dur = "Les participants autorisent irrévocablement la communication de renseignements anonymisés aux organisations."
    assert grade("The cat sat on the mat. It was a warm day.") < 1
    assert grade(hard) > 20
    assert ease("Le chat dort sur le lit. Il fait beau.") > 100
    assert ease(dur) < 30


@pytest.mark.parametrize("code", READ)
def test_what_a_person_agrees_to_is_read_after_seven_years_of_school(code: str) -> None:
    english, french = catalogue()[code]

    assert max(len(words) for text in (english, french) for words in sentences(text)) <= LONGEST
    assert grade(english) <= HIGHEST_GRADE
    if len(french.split()) >= FEWEST:
        assert ease(french) >= LEAST_EASE


@pytest.mark.parametrize(
    ("code", "document", "said"),
    [
        (
            "wording.outside",
            RequestOpen,
            {
                "occupation": ("my occupation", "ma profession"),
                "topics": ("my topics", "mes sujets"),
                "languages": ("my languages with my level", "mes langues avec mon niveau"),
                "mode": ("how, ", "comment, "),
                "time_zone": ("when", "quand"),
                "hours": ("how much", "combien"),
            },
        ),
        (
            "wording.offer",
            Capability,
            {
                "occupation": ("my occupation", "ma profession"),
                "years_of_experience": ("my years of work", "mes années de travail"),
                "topics": ("my topics", "mes sujets"),
                "languages": ("my languages", "mes langues"),
                "mode": ("how, ", "comment, "),
                "time_zone": ("when", "quand"),
                "hours": ("how much", "combien"),
            },
        ),
        (
            "wording.listing",
            Listing,
            {
                "occupation": ("my exact occupation", "ma profession exacte"),
                "languages": ("my languages", "mes langues"),
                "mode": ("how I can meet", "comment je peux"),
                "seats": ("free places", "places libres"),
            },
        ),
    ],
)
def test_what_leaves_is_said_field_by_field_before_she_agrees(
    code: str, document: type[Document], said: dict[str, tuple[str, str]]
) -> None:
    unsaid = {"board", "pseudonym"}  # numbers of the letter itself
    assert set(document.model_fields) - unsaid == set(said)
    for field, words in said.items():
        for text, part in zip(catalogue()[code], words, strict=True):
            assert part in text, field
    assert set(BoardClaim.model_fields) == {"card", "offer", "ticket"}


def test_how_long_a_listing_stays_is_said_as_it_is() -> None:
    assert LIFETIME.days == 8
    english, french = catalogue()["wording.listing"]
    assert "within eight days" in english
    assert "en huit jours au plus" in french


def test_a_text_that_people_agreed_to_is_never_changed() -> None:
    """Give a new text a new code: who agreed to the old one must still be shown the old one."""
    texts = {code: "\t".join(catalogue()[code]) for code in AGREED}
    assert {code: hashlib.sha256(text.encode()).hexdigest()[:16] for code, text in texts.items()} == AGREED
    assert set(AGREED) == {standard_wording(purpose) for purpose in Purpose}
