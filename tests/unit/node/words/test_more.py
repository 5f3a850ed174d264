"""A third language is a gettext catalogue: plurals of its own, its direction, and English where it is silent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.words import Words, add_language, catalogue, forget_languages, languages
from node.words.more import CatalogueRefusedError, read, template

ARABIC = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n"

msgctxt "today.title"
msgid "Today"
msgstr "اليوم"

msgctxt "today.more"
msgid "One more mentee has waited more than 7 days."
msgid_plural "{count} more mentees have waited more than 7 days."
msgstr[0] "لا أحد"
msgstr[1] "شخص واحد"
msgstr[2] "شخصان"
msgstr[3] "{count} أشخاص"
msgstr[4] "{count} شخصا"
msgstr[5] "{count} شخص"
"""


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    yield
    forget_languages()


def written(folder: Path, text: str, name: str = "ar.po") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_a_catalogue_says_what_it_translates_in_its_own_plurals_and_the_rest_in_english(tmp_path: Path) -> None:
    add_language(read(written(tmp_path, ARABIC)))
    say = Words("ar")

    assert languages() == ("en", "fr", "ar")
    assert (say.direction, say.name) == ("rtl", "العربية")
    assert say("today.title") == "اليوم"
    assert [say.count("today.more", count) for count in (1, 2, 3, 11)] == ["شخص واحد", "شخصان", "3 أشخاص", "11 شخصا"]
    assert say("signin.title") == "Sign in"
    assert say.count("today.count", 2).startswith("2 things")


def test_nothing_is_singular_in_french_and_plural_in_english() -> None:
    assert Words("fr").count("today.more", 0) == Words("fr")("today.more.one")
    assert Words("en").count("today.more", 0).startswith("0 more mentees")
    assert Words("en").count("today.count", 0) == Words("en")("today.count.none")


def test_the_template_of_a_language_holds_every_sentence_once_and_reads_back_as_all_missing(tmp_path: Path) -> None:
    file = written(tmp_path, template("uk").decode(), "uk.po")
    found = read(file)
    contexts = re.findall(r'^msgctxt "(.+)"$', file.read_text("utf-8"), re.MULTILINE)

    assert len(contexts) == len(set(contexts)) == len(found.missing())
    assert {code.removesuffix(".one") for code in catalogue()} | catalogue().keys() >= set(contexts)
    assert "nplurals=3" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xx-nowhere.po", ARABIC),
        ("fr.po", ARABIC),
        ("ar.po", "this is a letter, and no catalogue"),
        ("ar.po", ARABIC.replace("اليوم", "{name}")),
        ("ar.po", ARABIC.replace("اليوم", "{")),
        ("ar.po", ARABIC.replace("today.title", "today.until")),
    ],
)
def test_a_file_that_is_no_catalogue_of_ours_is_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(CatalogueRefusedError) as refused:
        read(written(tmp_path, text, name))

    assert dict(refused.value.params)["file"] == name


def test_a_language_nobody_knows_has_no_template() -> None:
    with pytest.raises(CatalogueRefusedError):
        template("xx-nowhere")
