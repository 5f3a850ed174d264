"""The verbs about matching."""

from node.bootstrap.adapters import Adapters
from node.services.drafting.editing import ChangeDraft, DiscardDraft, ShowDraft, SignDraft, WhyNot
from node.services.drafting.making import MakeDraft
from node.services.drafting.posing import PoseProblem
from node.services.drafting.publishing import PublishDraft
from node.services.matching.pairs import KeepApart, PinPair
from node.services.matching.ruling import SaveRules, ShowRules, TryRules
from node.services.matching.suggesting import ExplainPair, SuggestMentors


class DraftServices:
    """What can be done with drafts."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        from node.adapters.assignment import solve

        self.make = MakeDraft(on.work, on.clock, on.ids, on.benches, solve)
        self.show = ShowDraft(on.reading)
        self.change = ChangeDraft(on.work, on.clock, on.benches)
        self.sign = SignDraft(on.work, on.clock)
        self.discard = DiscardDraft(on.work, on.clock)
        self.publish = PublishDraft(on.work, on.clock, on.ids, on.benches, on.settings.time_zone)
        self.why_not = WhyNot(on.reading)


class MatchServices:
    """What can be asked of matching."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.suggest = SuggestMentors(on.reading, on.benches)
        self.why = ExplainPair(on.reading, on.benches)
        self.keep_apart = KeepApart(on.work, on.clock)
        self.pin = PinPair(on.work, on.clock)
        self.pose = PoseProblem(on.reading, on.benches)
        self.show_rules = ShowRules(on.rules)
        self.try_rules = TryRules(on.reading, on.benches)
        self.save_rules = SaveRules(on.work, on.benches)
