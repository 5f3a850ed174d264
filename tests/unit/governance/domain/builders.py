"""States of a roster without files around them."""

from federation.governance.domain import changes
from federation.governance.domain.cards import ExchangeCard, StewardCard
from federation.governance.domain.content import Content
from federation.governance.domain.trust import trust_of
from protocol.documents import to_moment
from protocol.ids import NodeId
from protocol.keys import OpeningKey, SigningKey
from protocol.roster import BoardKeys, Member, Policy, Standing
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.support.clock import NOON

NODE = NodeId("abcdefghijklmnop")
OTHER = NodeId("ponmlkjihgfedcba")


def steward(name: str, *, duty: bool = True) -> StewardCard:
    root, admissions, on_duty = (SigningKey.generate().public.jwk for _ in range(3))
    return StewardCard(name=name, root=root, admissions=admissions, duty=on_duty if duty else None)


def exchange() -> ExchangeCard:
    snapshot, timestamp, sign = (SigningKey.generate().public.jwk for _ in range(3))
    return ExchangeCard(
        url="https://exchange.example",
        snapshot=snapshot,
        timestamp=timestamp,
        board=BoardKeys(sign=sign, seal=OpeningKey.generate().public.jwk),
        founding_token="founding-token-of-this-test",
    )


def content(*names: str) -> Content:
    card = exchange()
    cards = tuple(steward(name) for name in names or ("Ada",))
    trust = trust_of(card, cards, root_threshold=1, targets_threshold=1)
    policy = Policy(signed_at=to_moment(NOON), board=card.board, vocabulary=vocabulary_hash())
    return changes.found(trust, policy, NOON)


def member(node: NodeId = NODE) -> Member:
    return Member(
        id=node,
        name="Medicine Hat",
        region="Alberta",
        identity=SigningKey.generate().public.jwk,
        status=Standing.ACTIVE,
        valid_from=to_moment(NOON),
        relay="https://exchange.example",
        publishes=Publishes.BRACKET,
        size=SizeBracket.UNDER_25,
    )
