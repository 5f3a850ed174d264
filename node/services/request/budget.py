"""How often one program may ask another for one occupation: enough for those who need somebody, too little to probe."""

from datetime import datetime

from node.domain.budget import Quarter
from node.domain.person import OccupationCode
from node.domain.request import End
from node.services.ports import UnitOfWork
from protocol.ids import NodeId

MOST_DIRECT = 3
"""Direct requests of one sender for one unit group in a quarter. What answers an offer of ours is not counted."""


def is_spent(work: UnitOfWork, peer: NodeId, occupation: OccupationCode, at: datetime, end: End = End.HOST) -> bool:
    """Whether as many were opened between the two programs in this quarter; `end` is ours in them."""
    since = Quarter.of(at).starts_at
    offered = {question.thread for question in work.cards.questions()}
    direct = [
        request
        for request in work.requests.with_peer(peer, since)
        if request.end is end and request.serves(occupation) and request.id not in offered
    ]
    return len(direct) >= MOST_DIRECT
