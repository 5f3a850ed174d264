"""The verbs about anonymous requests."""

from node.bootstrap.adapters import Adapters
from node.services.board.asking import AskMentor, ListOutside, OfferToCard, PreviewCardOffer, RefuseCard
from node.services.board.choosing import ListCardOffers, PassOffer, TakeOffer
from node.services.board.explaining import ExplainOutside
from node.services.board.posting import AttestWaiting, ListPosted, PostCard, Unpost
from node.services.board.seen import ShowBoard


class BoardServices:
    """What can be done with anonymous requests, our own and those of others."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        from node.adapters.assignment import solve

        time_zone = on.settings.time_zone
        self.attest = AttestWaiting(on.work, on.clock)
        self.post = PostCard(on.work, on.reading, on.clock, on.ids, on.benches, solve)
        self.posted = ListPosted(on.reading)
        self.seen = ShowBoard(on.work, on.clock)
        self.unpost = Unpost(on.work, on.clock)
        self.why = ExplainOutside(on.reading, on.benches)
        self.outside = ListOutside(on.reading, on.work, on.clock, on.benches, solve)
        self.ask = AskMentor(on.work, on.clock, on.ids)
        self.refuse = RefuseCard(on.work, on.clock)
        self.preview = PreviewCardOffer(on.reading, time_zone)
        self.offer = OfferToCard(on.work, on.clock, self.ask, on.secrets.new_token, time_zone)
        self.offers = ListCardOffers(on.reading, on.clock, on.benches)
        self.take = TakeOffer(on.work, on.clock, time_zone)
        self.pass_over = PassOffer(on.work, on.clock)
