"""Where places are drawn on the small map."""

from node.domain.matching.bearings import Spot
from node.web.mapping import HEIGHT, MARGIN, WIDTH, plan

HAT, CALGARY, EDMONTON = Spot(50.04, -110.68, "z"), Spot(51.05, -114.07, "z"), Spot(53.55, -113.49, "z")


def test_north_is_up_and_west_is_left_and_everything_is_inside() -> None:
    hat, calgary, edmonton = plan([HAT, CALGARY, EDMONTON]).points

    assert edmonton.y < calgary.y < hat.y
    assert calgary.x < edmonton.x < hat.x
    assert all(MARGIN <= p.x <= WIDTH - MARGIN and MARGIN <= p.y <= HEIGHT - MARGIN for p in (hat, calgary, edmonton))
    assert (calgary.left, hat.left) == (False, True)


def test_the_bar_is_as_long_as_its_kilometres() -> None:
    found = plan([CALGARY, EDMONTON])
    south, north = found.points

    drawn = ((south.x - north.x) ** 2 + (south.y - north.y) ** 2) ** 0.5
    assert abs(drawn / found.bar * found.bar_km - CALGARY.km_to(EDMONTON)) < 0.02 * CALGARY.km_to(EDMONTON)


def test_two_in_one_town_stand_side_by_side_and_one_town_is_not_blown_up() -> None:
    first, second = plan([HAT, HAT]).points

    assert (first.x, first.y) == (second.x, second.y - 26) == (WIDTH // 2, HEIGHT // 2)
    assert plan([HAT]).bar_km == plan([]).bar_km == 50


def test_a_label_stands_left_of_its_place_where_there_is_no_room() -> None:
    far = Spot(45.4, -75.7, "z")
    west, east = plan([CALGARY, far]).points

    assert (west.left, east.left) == (False, True)
