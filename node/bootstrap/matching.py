"""The verbs about matching."""

from node.bootstrap.adapters import Adapters
from node.domain.assignment import Assignment, Problem
from node.services.drafting.board import ShowBoard
from node.services.drafting.counting import Counts
from node.services.drafting.editing import DiscardDraft, ShowDraft, SignDraft, WhyNot
from node.services.drafting.making import MakeDraft
from node.services.drafting.moving import ChangeDraft, UndoChange
from node.services.drafting.posing import PoseProblem
from node.services.drafting.proposing import PreviewMove, ShowPlaces
from node.services.drafting.publishing import PreviewPublishing, PublishDraft
from node.services.matching.case import CompareMentors, ShowCase
from node.services.matching.pairs import KeepApart, PinPair
from node.services.matching.suggesting import ExplainPair, SuggestMentors
from node.services.matching.waiting import KeepReady, ShowWaiting
from node.services.ruling import SaveRules, ShowRules, TryRules


class DraftServices:
    """What can be done with drafts."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        counts = Counts()
        self.make = MakeDraft(
            work=on.work, reading=on.reading, clock=on.clock, ids=on.ids, benches=on.benches, assigner=_solve
        )
        self.show = ShowDraft(on.reading, on.rules)
        self.change = ChangeDraft(on.work, on.clock, on.benches)
        self.undo = UndoChange(on.work, on.clock, on.benches)
        self.places = ShowPlaces(on.work, on.benches, counts)
        self.preview = PreviewMove(on.work, on.benches)
        self.sign = SignDraft(on.work, on.clock, on.rules)
        self.discard = DiscardDraft(on.work, on.clock, on.rules)
        self.publish = PublishDraft(on.work, on.clock, on.ids, on.benches, counts, on.settings.time_zone)
        self.before_publishing = PreviewPublishing(on.work, on.clock, on.benches, counts, on.settings.time_zone)
        self.board = ShowBoard(on.work, on.clock, on.benches, counts)
        self.why_not = WhyNot(on.reading)


def _solve(problem: Problem) -> Assignment:
    """The exact solver, loaded when it is first needed."""
    from node.adapters.assignment import solve

    return solve(problem)


class MatchServices:
    """What can be asked of matching."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.waiting = ShowWaiting(on.reading, on.work, on.benches)
        self.keep_ready = KeepReady(on.reading, on.benches)
        self.case = ShowCase(on.work, on.benches)
        self.compare = CompareMentors(on.work, on.benches)
        self.suggest = SuggestMentors(on.work, on.benches)
        self.why = ExplainPair(on.work, on.benches)
        self.keep_apart = KeepApart(on.work, on.clock)
        self.pin = PinPair(on.work, on.clock)
        self.pose = PoseProblem(on.reading, on.benches)
        self.show_rules = ShowRules(on.rules)
        self.try_rules = TryRules(on.reading, on.benches, _solve)
        self.save_rules = SaveRules(on.work, on.benches)
