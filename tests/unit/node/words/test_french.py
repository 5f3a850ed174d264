"""The French of every table keeps the typography and the words of this country; a person judges the rest."""

import re

from node.words import catalogue

# What a typographer of the Office québécois de la langue française would mark, by what to look for.
MARKS = {
    r"(?<!\s):(?=\s|$)": "a space stands before a colon",
    r"\s[;!?]": "no space stands before ; ! or ?",
    r"«(?!\s)|(?<!\s)»": "guillemets stand off from what they hold",
    r"[“”]": "quotation marks are guillemets",
    "\N{RIGHT SINGLE QUOTATION MARK}": "an apostrophe is the one of every other cell",
}
# What the tables call otherwise: courriel, coordination, collègues, lettres, offre, programmes membres.
WORDS = re.compile(
    r"\b(?:couloirs?|lots?|époques?|registre des membres|enveloppes?|sceaux?|cartes? de besoin|e-mails?|emails?|mail"
    r"|coordonnat(?:eur|rice)s?|mentor[eé]e?·e|adresse de courriel|mise en relation|tableurs?)\b",
    re.IGNORECASE,
)
# The same in both languages: names, addresses, and what is put together from parameters alone.
ALIKE = {"across.lead", "join.contact.example", "intake.version"}
TYPED = re.compile(r"`[^`]*`|«[^»]*\w: [^»]*»|\{[^}]*\}")


def french() -> dict[str, str]:
    """What a person reads, without what is typed into a computer and without parameters."""
    return {code: TYPED.sub("x", said) for code, (_, said) in catalogue().items() if not code.endswith(".command")}


def test_french_cells_keep_the_typography_of_the_others() -> None:
    wrong = [
        f"{code}: {why}" for code, said in french().items() for mark, why in MARKS.items() if re.search(mark, said)
    ]

    assert wrong == []


def test_french_cells_quote_with_guillemets() -> None:
    assert [code for code, said in french().items() if '"' in said] == []


def test_french_cells_use_the_words_of_the_others() -> None:
    assert [(code, said) for code, said in french().items() if WORDS.search(said)] == []


def test_no_sentence_was_left_in_english() -> None:
    left = {
        code
        for code, (english, said) in catalogue().items()
        if english == said and len(english.split()) > 2 and not code.endswith(".command")
    }

    assert left == ALIKE
