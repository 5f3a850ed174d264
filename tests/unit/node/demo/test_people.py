"""The synthetic people: the same for the same seed, and with the parts of the story cast."""

from datetime import date

from node.demo.people import PLACES, Sheets, sheets

TODAY = date(2026, 3, 2)


def program(slug: str) -> Sheets:
    return next(found for found in sheets(7, TODAY) if found.place.slug == slug)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert sheets(7, TODAY) == sheets(7, TODAY)
    assert sheets(7, TODAY) != sheets(8, TODAY)


def test_every_program_has_the_people_it_says() -> None:
    for found in sheets(7, TODAY):
        assert (len(found.mentors), len(found.mentees)) == (found.place.mentors, found.place.mentees)
        assert {row.header for row in found.mentors} == {found.mentors[0].header}
        assert {row.text("community") for row in found.mentees} <= set(found.place.communities)


def test_nobody_in_medicine_hat_mentors_geoscientists_and_a_listed_mentor_in_calgary_does() -> None:
    hat, calgary = program("medicine-hat"), program("criec")
    assert hat.mentees[0].text("occupation") == "21102"
    assert "21102" not in {mentor.text("occupation") for mentor in hat.mentors}
    assert (calgary.mentors[0].text("occupation"), calgary.mentors[0].text("visibility")) == ("21102", "3")


def test_an_edmonton_agronomist_asks_and_one_near_bow_island_is_listed() -> None:
    assert program("eriec").mentees[0].text("occupation") == "21112"
    mentor = program("medicine-hat").mentors[0]
    assert (mentor.text("occupation"), mentor.text("community")) == ("21112", "Bow Island")


def test_personal_values_differ_between_people() -> None:
    everyone = [row for found in sheets(7, TODAY) for row in (*found.mentors, *found.mentees)]
    assert len({row.text("email") for row in everyone}) == len(everyone) == sum(p.mentors + p.mentees for p in PLACES)
