"""An empty spreadsheet with the columns that can be brought in, for people whose answers stand on paper."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.person import Kind
from node.services.intake.columns import CONSENTS, Column
from node.services.ports.sheets import SheetFormat, Sheets

_NOT_ASKED = {Column.GIVEN_NAME, Column.FAMILY_NAME, Column.KIND, Column.STATE, Column.PAUSED_UNTIL}
_OF_MENTORS = {Column.SEATS, Column.VISIBILITY, Column.CONSENT_LISTING, Column.CONSENT_STANDING}
_OF_MENTEES = {Column.ARRIVED_ON, Column.WAITING_SINCE, Column.WISHES, Column.CONSENT_OUTSIDE}


@dataclass(frozen=True, slots=True)
class MakeTemplate:
    """A spreadsheet to fill in."""

    sheets: Sheets

    def __call__(self, actor: Actor, kind: Kind, form: SheetFormat) -> bytes:
        """The file: one row, which names the columns of this kind of people."""
        actor.may(Action.EDIT_PEOPLE)
        others = _OF_MENTEES if kind is Kind.MENTOR else _OF_MENTORS
        columns = [column for column in Column if column not in _NOT_ASKED | others]
        ordered = [column for column in columns if column not in CONSENTS] + [c for c in columns if c in CONSENTS]
        return self.sheets.write(ordered, (), form)
