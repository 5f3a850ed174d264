"""The cards that the board showed lately."""

from node.domain.card import BATCHES, RECENT, ShownCard
from node.services.ports import UnitOfWork


def recent(work: UnitOfWork) -> tuple[ShownCard, ...]:
    """The cards of the last 13 batches."""
    released = work.border.board.released()
    return work.cards.since(released[:RECENT][-1]) if released else ()


def open_cards(work: UnitOfWork) -> tuple[ShownCard, ...]:
    """Cards of others about which mentors may be asked."""
    released = work.border.board.released()
    return tuple(card for card in recent(work) if not card.ours and not card.closed and card.age(released) < BATCHES)
