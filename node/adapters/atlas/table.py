"""Canadian communities with coordinates and time zones, from the table beside this module; read when first asked."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from node.domain.matching.bearings import Spot
from node.domain.traces import fold

_PROVINCES = {
    "AB": "alberta",
    "BC": "british columbia|colombie-britannique|c.-b.",
    "SK": "saskatchewan",
    "MB": "manitoba",
    "ON": "ontario",
    "QC": "quebec",
    "NB": "new brunswick|nouveau-brunswick|n.-b.",
    "NS": "nova scotia|nouvelle-ecosse|n.-e.",
    "PE": "prince edward island|ile-du-prince-edouard|pei",
    "NL": "newfoundland and labrador|newfoundland|labrador|terre-neuve-et-labrador|terre-neuve",
    "YT": "yukon",
    "NT": "northwest territories|territoires du nord-ouest",
    "NU": "nunavut",
}
_CODES = {name: code for code, names in _PROVINCES.items() for name in (code.lower(), *names.split("|"))}


@dataclass(frozen=True, slots=True)
class CommunityAtlas:
    """The table of communities."""

    def locate(self, name: str, region: str) -> Spot | None:
        """Where a community lies: "Redcliff" or "Maple Creek, SK"; of places of one name, the one in the region."""
        town, _, province = name.partition(",")
        found = _towns().get(_plain(town), {})
        named = _CODES.get(fold(province).strip())
        if named is not None:
            return found.get(named)
        home = _CODES.get(fold(region).strip(), "")
        return found.get(home) or (next(iter(found.values())) if len(found) == 1 else None)


@cache
def _towns() -> dict[str, dict[str, Spot]]:
    """Spots by folded name, then by province."""
    file = resources.files("node.adapters.atlas").joinpath("communities.tsv")
    towns: dict[str, dict[str, Spot]] = {}
    for row in csv.DictReader(file.read_text("utf-8").splitlines(), dialect="excel-tab"):
        spot = Spot(float(row["latitude"]), float(row["longitude"]), row["time_zone"])
        for name in (row["name"], *filter(None, row["also"].split("|"))):
            towns.setdefault(_plain(name), {})[row["province"]] = spot
    return towns


def _plain(name: str) -> str:
    """A name as it is looked up: folded, hyphens and points like blanks, "Saint" like "St."."""
    words = fold(name).replace("-", " ").replace(".", " ").split()
    return " ".join("st" if word == "saint" else "ste" if word == "sainte" else word for word in words)
