"""What follows here from what the board shows, in the transaction that remembers it; no person acts here."""

from dataclasses import replace

from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.card import BATCHES, LATE, CardOffer
from node.services.board.shown import recent
from node.services.ports import UnitOfWork
from node.services.ports.board import OfferHeard, Shown
from node.services.remember import remember
from node.services.request.anonymous import end_card, end_question


def take_in(work: UnitOfWork, shown: Shown) -> None:
    """Keep new cards, let go of seats that waited for closed ones, and end our own when their time is over."""
    own = {card.id: card for card in work.postings.all()}
    work.cards.add(replace(card, ours=card.id in own) for card in shown.cards)
    closed = set(work.cards.close(shown.closed))
    for question in work.cards.questions() if closed else ():
        if question.card in closed and question.thread is None and question.seat is not None:
            end_question(work, question, shown.at)
    released = work.border.board.released()
    for card in recent(work):
        posted = own.get(card.id)
        if posted is not None and posted.ended_at is None and card.age(released) >= BATCHES + LATE:
            end_card(work, posted, shown.at)
            remember(work, SYSTEM, Act.REQUEST_UNPOSTED, card.id, shown.at)


def hear_offer(work: UnitOfWork, heard: OfferHeard) -> None:
    """Keep an offer for a card of ours."""
    offer = CardOffer(
        id=heard.id, card=heard.card, host=heard.host, offer=heard.offer, ticket=heard.ticket, heard_at=heard.at
    )
    work.postings.hear(offer)
    remember(work, SYSTEM, Act.REQUEST_HEARD, heard.id, heard.at)
