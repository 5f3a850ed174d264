"""The verbs about people."""

from node.adapters.sql.shredder import SqlShredder
from node.bootstrap.adapters import Adapters
from node.services.access import AccessPerson
from node.services.disclosures import ShowDisclosures
from node.services.dossier import AddNote, ShowDossier
from node.services.erasing import ErasePerson
from node.services.erasures import ListErasures
from node.services.finding import HideSearch
from node.services.intake.export import ExportPeople
from node.services.intake.people import ImportPeople
from node.services.intake.single import AddPerson, EditPerson, PausePerson, ResumePerson
from node.services.intake.uploads import BringInUpload, KeepUpload, SketchUpload, WriteProblems
from node.services.merging import ListDuplicates, MergePeople, TellApart
from node.services.people import ListPeople, ShowPerson
from node.services.program import AddCommunity, EditProgram
from node.services.retention import ChooseHowLong, KeepNoLonger
from node.services.tidying import Tidy
from node.services.timeline import ShowTimeline
from node.services.visibility import SetVisibility, ShowVisibility, TellCounted


class UploadServices:
    """What can be done with a spreadsheet that was brought in through a page."""

    def __init__(self, on: Adapters, bring_in: ImportPeople) -> None:
        """Every verb over the same ports."""
        self.keep = KeepUpload(on.work, on.clock, on.ids, on.sheets)
        self.sketch = SketchUpload(on.reading, on.clock, on.sheets)
        self.bring_in = BringInUpload(on.work, self.sketch, bring_in)
        self.write_problems = WriteProblems(on.sheets)


class PeopleServices:
    """What can be done with people."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.bring_in = ImportPeople(on.work, on.reading, on.clock, on.ids, on.sheets, on.occupations)
        self.uploads = UploadServices(on, self.bring_in)
        self.list = ListPeople(on.reading, on.work, on.clock, on.occupations)
        self.hide = HideSearch(on.vault)
        self.dossier = ShowDossier(on.work, on.clock, on.occupations)
        self.timeline = ShowTimeline(on.work, on.clock)
        self.note = AddNote(on.work, on.clock, on.ids)
        self.duplicates = ListDuplicates(on.work, on.clock, on.occupations)
        self.tell_apart = TellApart(on.work, on.clock)
        self.merge = MergePeople(on.work, on.clock, on.occupations)
        self.show = ShowPerson(on.work, on.clock, on.occupations)
        self.export = ExportPeople(on.work, on.clock, on.occupations, on.sheets)
        self.add = AddPerson(on.work, on.clock, on.ids, on.occupations)
        self.edit = EditPerson(on.work, on.clock, on.occupations)
        self.pause = PausePerson(on.work, on.clock)
        self.resume = ResumePerson(on.work, on.clock)
        self.edit_program = EditProgram(on.work, on.clock)
        self.add_community = AddCommunity(on.work, on.clock, on.ids)
        self.visibility = ShowVisibility(on.reading, on.clock)
        self.counted = TellCounted(on.reading)
        self.set_visibility = SetVisibility(on.work, on.clock)
        self.disclosures = ShowDisclosures(on.work, on.clock)
        self.access = AccessPerson(on.work, on.clock, on.occupations, self.disclosures)
        self.tidy = Tidy(on.reading, on.clock, on.drafts, SqlShredder(on.engine))
        self.erase = ErasePerson(on.work, on.clock, on.archive.publish_tombstones, self.tidy)
        self.keep_no_longer = KeepNoLonger(on.work, on.clock, on.settings.kept, self.erase)
        self.choose_how_long = ChooseHowLong(on.work, on.clock)
        self.erasures = ListErasures(on.reading, on.clock)
