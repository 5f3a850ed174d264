"""Synthetic people of the three programs of the story: real occupations, languages and places, invented names.

The same seed gives the same people. What a program makes of them is its own work; this writes what a coordinator
could have typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from random import Random

TODAY_OFFSET_LIMIT = 300
_ONLINE, _EITHER, _IN_PERSON = "online", "either", "in_person"
_TOPICS = ("job_search", "resume", "interviews", "licensing", "credentials", "workplace_culture", "networking")
_NOTES = ("Prefers evenings", "Has a car", "Met at the library evening", "Asked to be called first", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A program of the story, and how many people it serves."""

    slug: str
    name: str
    region: str
    time_zone: str
    communities: tuple[str, ...]
    mentors: int
    mentees: int
    size: str


PLACES = (
    Place(
        slug="medicine-hat",
        name="Medicine Hat",
        region="Southeast Alberta",
        time_zone="America/Edmonton",
        communities=("Medicine Hat", "Redcliff", "Dunmore", "Bow Island", "Brooks", "Maple Creek"),
        mentors=15,
        mentees=60,
        size="under_25",
    ),
    Place(
        slug="eriec",
        name="ERIEC",
        region="Edmonton",
        time_zone="America/Edmonton",
        communities=("Edmonton", "St. Albert", "Sherwood Park"),
        mentors=200,
        mentees=600,
        size="100_to_499",
    ),
    Place(
        slug="criec",
        name="CRIEC",
        region="Calgary",
        time_zone="America/Edmonton",
        communities=("Calgary", "Airdrie", "Okotoks"),
        mentors=200,
        mentees=600,
        size="100_to_499",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """An occupation of the story and how common it is in a city and in a small town."""

    code: str
    city: float
    town: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One row of a coordinator's spreadsheet, as header and text."""

    cells: tuple[tuple[str, str], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The column headers, in order."""
        return tuple(name for name, _ in self.cells)

    @property
    def values(self) -> tuple[str, ...]:
        """What was typed under them."""
        return tuple(value for _, value in self.cells)

    def text(self, header: str) -> str:
        """What was typed under `header`."""
        return dict(self.cells)[header]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The two spreadsheets of one program."""

    place: Place
    mentors: tuple[Typed, ...]
    mentees: tuple[Typed, ...]


def _table(name: str) -> list[list[str]]:
    text = (files("node.demo") / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


def trades() -> tuple[Trade, ...]:
    """The occupations of the story."""
    return tuple(Trade(code=code, city=float(city), town=float(town)) for code, city, town in _table("trades.tsv"))


class _Cast:
    """Draws one program's people."""

    def __init__(self, place: Place, seed: int, today: date) -> None:
        self._random = Random(f"{seed}/{place.slug}")  # noqa: S311 - a story, not a secret
        self._place = place
        self._today = today
        self._names = _table("names.tsv")
        self._trades = trades()
        self._serial = 0

    def _choice(self, options: tuple[str, ...]) -> str:
        return self._random.choice(options)

    def _name(self) -> tuple[str, str]:
        given, family = self._random.choice(self._names)[0], self._random.choice(self._names)[1]
        middle = self._random.choice(self._names)[0]
        return f"{given} {middle} {family}", f"{given}.{family}".lower().replace(" ", "").replace("'", "")

    def _occupation(self, *, mentor: bool) -> str:
        # Newcomers' professions are more even than those of the people who could mentor them.
        weights = [trade.town if self._place.mentors < 50 and mentor else trade.city for trade in self._trades]  # noqa: PLR2004 - a small place
        if not mentor:
            weights = [weight**0.6 for weight in weights]
        return self._random.choices(self._trades, weights)[0].code

    def _languages(self, level: int) -> str:
        spoken = [f"en:{level}"]
        if self._random.random() < 0.12:  # noqa: PLR2004 - the share of the story, no rule
            spoken.append(f"fr:{self._random.randint(5, 12)}")
        other = self._choice(("tl", "es", "ar", "uk", "pa", "zh", "fa", "pt", "yo", "am", "ur", "hi"))
        return "; ".join([*spoken, f"{other}:12"])

    def _shared(self, *, mentor: bool) -> list[tuple[str, str]]:
        self._serial += 1
        name, address = self._name()
        area = {"medicine-hat": "403", "eriec": "780", "criec": "587"}[self._place.slug]
        # 7919 is prime, so that no two people of a program share a number.
        phone = f"+1 {area} 555 {self._serial * 7919 % 10_000:04d}"
        level = self._random.randint(8, 12) if mentor else self._random.randint(4, 9)
        return [
            ("name", name),
            ("email", f"{address}.{self._place.slug}{self._serial}@mail.example"),
            ("phone", phone),
            (
                "community",
                self._random.choices(self._place.communities, [6, *[1] * (len(self._place.communities) - 1)])[0],
            ),
            ("occupation", self._occupation(mentor=mentor)),
            ("languages", self._languages(level)),
            ("mode", self._random.choices((_EITHER, _ONLINE, _IN_PERSON), (6, 3, 1))[0]),
            ("topics", "; ".join(self._random.sample(_TOPICS, 2))),
            ("time_zone", self._place.time_zone),
        ]

    def _day(self, most: int) -> str:
        return (self._today - timedelta(days=self._random.randint(1, most))).isoformat()

    def mentor(self) -> Typed:
        """A volunteer: most are counted only, some agree to be listed."""
        visibility = self._random.choices(("0", "1", "2", "3"), (1, 5, 1, 3))[0]
        return Typed(
            cells=(
                *self._shared(mentor=True),
                ("seats", self._random.choices(("1", "2", "3"), (6, 3, 1))[0]),
                ("visibility", visibility),
                ("years_experience", str(self._random.randint(3, 38))),
                ("consent_listing", f"{self._day(90)} in_person" if visibility == "3" else ""),
                ("notes", self._note()),
            )
        )

    def mentee(self) -> Typed:
        """A newcomer who waits; three of four agree that programs elsewhere may be asked."""
        agrees = self._random.random() < 0.75  # noqa: PLR2004 - the share of the story, no rule
        return Typed(
            cells=(
                *self._shared(mentor=False),
                ("waiting_since", self._day(TODAY_OFFSET_LIMIT)),
                ("years_experience", str(self._random.randint(1, 25))),
                ("consent_outside", f"{self._day(60)} phone" if agrees else ""),
                ("notes", self._note()),
            )
        )

    def _note(self) -> str:
        note = self._choice(_NOTES)
        return f"{note} ({self._place.slug} file {self._serial})" if note else ""


_CASTING: dict[str, dict[str, str]] = {
    # The two introductions of the story: what else these four people are is drawn like everyone's.
    "medicine-hat mentee": {"occupation": "21102", "community": "Medicine Hat", "consent_outside": "phone"},
    "criec mentor": {"occupation": "21102", "community": "Calgary", "visibility": "3", "consent_listing": "in_person"},
    "eriec mentee": {"occupation": "21112", "community": "Edmonton", "consent_outside": "phone"},
    "medicine-hat mentor": {
        "occupation": "21112",
        "community": "Bow Island",
        "visibility": "3",
        "consent_listing": "in_person",
        "topics": "farming_practice; job_search",
    },
}


def _cast_role(typed: Typed, role: str, today: date) -> Typed:
    fixed = _CASTING.get(role)
    if fixed is None:
        return typed
    recent = (today - timedelta(days=7)).isoformat()
    changed = {
        header: f"{recent} {value}" if header.startswith("consent_") else value for header, value in fixed.items()
    }
    changed["mode"] = _EITHER
    cells = tuple((header, changed.get(header, value)) for header, value in typed.cells)
    return Typed(cells=cells)


def sheets(seed: int, today: date) -> tuple[Sheets, ...]:
    """The spreadsheets of the three programs; the first mentor and mentee of each may have a part in the story."""
    found = []
    for place in PLACES:
        cast = _Cast(place, seed, today)
        mentors = [cast.mentor() for _ in range(place.mentors)]
        mentees = [cast.mentee() for _ in range(place.mentees)]
        mentors[0] = _cast_role(mentors[0], f"{place.slug} mentor", today)
        mentees[0] = _cast_role(mentees[0], f"{place.slug} mentee", today)
        found.append(Sheets(place=place, mentors=tuple(mentors), mentees=tuple(mentees)))
    return tuple(found)
