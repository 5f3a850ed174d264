"""The verbs about occupations."""

from pathlib import Path

from node.adapters.occupations.table import OccupationTable
from node.services.occupations import FindRelatives, LoadOccupations, SearchOccupations


class OccupationServices:
    """What can be asked of occupations, with or without a node."""

    def __init__(self, table: OccupationTable, folder: Path) -> None:
        self.search = SearchOccupations(table)
        self.relatives = FindRelatives(table)
        self.load = LoadOccupations(table, folder)
