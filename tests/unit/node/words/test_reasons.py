"""Reasons as sentences, in the language of who reads them."""

import csv
from collections import Counter
from importlib import resources

from node.words import Words, catalogue
from node.words.reasons import reason


def test_shared_duties_are_said_in_the_language_of_the_reader() -> None:
    shared = (("terms", "soil sampling, irrigation, dowsing"),)
    assert reason(Words("en"), "alike_work", shared) == "similar work: soil sampling, irrigation, dowsing"
    assert (
        reason(Words("fr"), "alike_work", shared)
        == "un travail semblable\N{NO-BREAK SPACE}: échantillonnage du sol, irrigation, dowsing"
    )


def test_every_duty_that_two_occupations_of_the_table_share_has_a_word() -> None:
    table = resources.files("node.adapters.occupations").joinpath("work.tsv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE)
    found = Counter(duty.strip() for row in rows for duty in row["work"].split(";") if duty.strip())
    shared = {duty for duty, groups in found.items() if groups > 1}

    assert shared
    assert {f"duty.{duty.replace(' ', '-')}" for duty in shared} <= set(catalogue())
