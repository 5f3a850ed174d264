"""Which of our languages a header accepts."""

import pytest

from node.words.accepted import language_for


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CA,en;q=0.8", "fr"),
        ("en;q=0.3, fr;q=0.9", "fr"),
        ("uk, tl;q=0.9, fr;q=0.1", "fr"),
        ("fr;q=0, en;q=0.1", "en"),
        ("fr;q=much, en", "en"),
        ("uk", "en"),
        ("", "en"),
    ],
)
def test_the_best_language_we_speak_is_chosen(header: str, language: str) -> None:
    assert language_for(header, "en") == language
