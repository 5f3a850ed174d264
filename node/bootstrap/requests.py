"""The verbs about requests."""

from node.bootstrap.adapters import Adapters
from node.services.agreeing import AgreeToRequest
from node.services.request.answering import (
    AcceptOffer,
    AnswerQuestion,
    AskQuestion,
    EndRequest,
    OfferSeat,
    PreviewOffer,
)
from node.services.request.beginning import ShowOpening
from node.services.request.opening import OpenRequest, SearchRequest
from node.services.request.story import ListStories, ShowStory
from node.services.request.views import ListRequests, ShowRequest


class RequestServices:
    """What can be done with requests to and from other programs."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        time_zone = on.settings.time_zone
        self.search = SearchRequest(on.reading, on.clock)
        self.opening = ShowOpening(on.work, on.clock, time_zone)
        self.open = OpenRequest(on.work, on.clock, on.ids, time_zone)
        self.list = ListRequests(on.reading, on.clock)
        self.show = ShowRequest(on.reading, on.clock)
        self.stories = ListStories(on.reading, on.work, on.clock)
        self.story = ShowStory(on.work, on.clock)
        self.agree = AgreeToRequest(on.work, on.clock, on.ids)
        self.ask = AskQuestion(on.work, on.clock)
        self.answer = AnswerQuestion(on.work, on.clock)
        self.preview = PreviewOffer(on.reading, time_zone)
        self.offer = OfferSeat(on.work, on.clock, on.ids, time_zone)
        self.accept = AcceptOffer(on.work, on.clock)
        self.end = EndRequest(on.work, on.clock)
