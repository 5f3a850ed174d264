"""Who is listed, and who is found for whom."""

from dataclasses import replace

from node.domain.language import parse_languages
from node.domain.listing import Availability, Listing, Nearness, band, is_listed, leads, listing_of, suggested
from node.domain.person import Candidate, OccupationCode, PersonId, Visibility
from node.domain.request import Need
from protocol.ids import NodeId
from protocol.vocabulary import Mode, SeatBand
from tests.support.node import a_profile


def a_listing(occupation: str, *, languages: tuple[str, ...] = ("en",), mode: Mode = Mode.ONLINE) -> Listing:
    return Listing(occupation=OccupationCode(occupation), languages=languages, mode=mode, seats=SeatBand.ONE)


def a_program(*listings: Listing, name: str = "Calgary") -> Availability:
    return Availability(program=NodeId("a" * 16), name=name, region="Alberta", known=True, listings=listings)


def a_mentor(name: str, occupation: str = "21300", visibility: Visibility = Visibility.ASK_FIRST) -> Candidate:
    profile = replace(a_profile(occupation=occupation), visibility=visibility)
    return Candidate(id=PersonId(name), profile=profile)


NEED = Need(
    occupation=OccupationCode("21300"),
    languages=parse_languages("en:7"),
    topics=(),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)


def test_the_same_unit_group_comes_before_the_same_minor_group() -> None:
    program = a_program(a_listing("21301"), a_listing("21300"), a_listing("31102"))

    found = leads(a_profile(occupation="21300"), [program])

    assert [lead.nearness for lead in found] == [Nearness.SAME_OCCUPATION, Nearness.SAME_GROUP]


def test_without_a_language_or_a_way_to_meet_there_is_no_lead() -> None:
    program = a_program(a_listing("21300", languages=("fr",)), a_listing("21300", mode=Mode.IN_PERSON))
    online = replace(a_profile(occupation="21300"), mode=Mode.ONLINE)

    assert leads(online, [program]) == ()


def test_a_listing_says_the_best_languages_and_seats_in_bands() -> None:
    mentor = a_mentor("m")
    mentor = replace(mentor, profile=replace(mentor.profile, languages=parse_languages("es:4; en:9; fr:9")))

    listing = listing_of(mentor, 3)

    assert listing.languages == ("en", "fr", "es")
    assert (listing.seats, band(1)) == (SeatBand.TWO_OR_MORE, SeatBand.ONE)


def test_only_who_chose_it_is_listed() -> None:
    chosen = replace(a_profile(), visibility=Visibility.LISTED)

    assert is_listed(chosen)
    assert not is_listed(a_profile())


def test_own_mentors_with_a_free_seat_are_suggested_the_nearest_and_least_busy_first() -> None:
    mentors = [
        (a_mentor("near", "21301"), 1),
        (a_mentor("busy"), 1),
        (a_mentor("free"), 3),
        (a_mentor("full"), 0),
        (a_mentor("hidden", visibility=Visibility.ONLY_HERE), 2),
        (a_mentor("far", "31102"), 2),
    ]

    assert suggested(NEED, mentors) == ("free", "busy", "near")


def test_a_mentor_without_a_common_language_is_not_suggested() -> None:
    mentor = a_mentor("m")
    french = replace(mentor, profile=replace(mentor.profile, languages=parse_languages("fr")))

    assert suggested(NEED, [(french, 1)]) == ()
