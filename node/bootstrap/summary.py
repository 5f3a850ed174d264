"""The verbs about the summary."""

from node.adapters.noise import SystemRandomness
from node.bootstrap.adapters import Adapters
from node.services.crossing_checks import speaks_twice
from node.services.drawing import AgreeToPolicy, DrawCounts
from node.services.ledger import ExportLedger, ShowLedger, VerifyLedger
from node.services.offers import ListOffers, MapOffers
from node.services.preview import PreviewSummary
from node.services.summary import PublishSummary


class SummaryServices:
    """What can be done with what this program publishes."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.preview = PreviewSummary(on.reading, on.clock)
        self.agree = AgreeToPolicy(on.work, on.clock)
        self.draw = DrawCounts(on.work, on.clock, SystemRandomness(), lambda: speaks_twice(on.federation))
        self.publish = PublishSummary(on.work, on.clock, on.ids)
        self.offers = ListOffers(on.reading, on.clock)
        self.map = MapOffers(on.reading, on.clock, on.atlas)
        self.ledger = ShowLedger(on.reading, on.clock)
        self.verify = VerifyLedger(on.reading)
        self.export = ExportLedger(on.work, on.clock, on.sheets, on.printer)
