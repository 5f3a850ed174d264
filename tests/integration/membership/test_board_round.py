"""A member at the need board: it believes only what the board and its members signed, and counts what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from federation.ground.engine import transaction
from federation.membership.board_effects import BoardEffects
from federation.membership.board_memory import BoardMemory
from federation.membership.board_uploads import Uploads
from federation.membership.summaries import SummaryDraft
from protocol.documents import to_moment
from protocol.ids import Digest, sha256_hex, uuid7
from protocol.keys import OpeningKey, SigningKey
from protocol.needs import Batch, BoardKind, NeedCard, OfferClaims, seal_offer, sign_batch, sign_offer
from protocol.parsing import b64u
from protocol.summaries import Bracket
from protocol.vocabulary import Mode, SizeBracket
from tests.support.federation import Federation, Program, offer

KEY = OpeningKey.generate()
CARD = NeedCard(occupation="31103", tier=2, mode=Mode.ONLINE, key=KEY.public.jwk, close="c" * 64)
SURPLUS = "board-surplus"


@dataclass
class Watching(BoardEffects):
    """What a program was told of the board; it owns one card."""

    cards: list[NeedCard] = field(default_factory=list)
    offers: list[OfferClaims] = field(default_factory=list)

    def shown(self, connection: Connection, batch: Batch) -> None:
        self.cards += batch.cards

    def keys(self, connection: Connection) -> Mapping[Digest, OpeningKey]:
        return {CARD.card_id: KEY}

    def offered(self, connection: Connection, offer: OfferClaims, at: datetime) -> None:
        self.offers.append(offer)


@pytest.fixture
def watching(home: Program) -> Watching:
    found = Watching()
    home.member = replace(home.member, board=found)
    return found


def signed(federation: Federation, program: Program, card: Digest = CARD.card_id) -> str:
    """An offer of a program, sealed to our card."""
    with transaction(program.engine) as connection:
        identity = program.member.identity
        claims = OfferClaims(
            iss=program.node,
            card=card,
            offer=uuid7(federation.clock.now(), bytes(10)),
            ticket="t" * 43,
            capability=offer(federation.clock).capability,
            hold_until=to_moment(federation.clock.now() + timedelta(days=14)),
            iat=to_moment(federation.clock.now()),
            keys=identity.statement(connection, federation.clock.now()).ref,
        )
        token = sign_offer(claims, identity.signing_key(connection, federation.clock.now()))
    return b64u(seal_offer(token, CARD))


def release(
    federation: Federation, name: str, *offers: str, previous: Digest | None = None, key: SigningKey | None = None
) -> Digest:
    """The board releases a batch of needs with our card, and one of offers."""
    now, board = to_moment(federation.clock.now()), federation.stewards.board_sign
    before = list(federation.exchange.batches.values())
    needs = Batch(
        batch=name,
        kind=BoardKind.NEEDS,
        released_at=now,
        previous=sha256_hex(before[-1]) if before else None,
        cards=() if before else (CARD,),
    )
    federation.exchange.batches[name] = sign_batch(needs, board)
    ordered = tuple(sorted(offers, key=lambda sealed: sha256_hex(sealed.encode())))
    shown = Batch(batch=name, kind=BoardKind.OFFERS, released_at=now, previous=previous, offers=ordered)
    federation.exchange.offers[name] = sign_batch(shown, key or board)
    federation.clock.advance(timedelta(minutes=1))
    return sha256_hex(federation.exchange.offers[name])


def test_an_offer_for_our_card_is_found_among_all_and_believed_if_a_member_signed_it(
    federation: Federation, home: Program, host: Program, watching: Watching
) -> None:
    stranger = federation.program("stranger", admitted=False)
    with transaction(stranger.engine) as connection:
        stranger.member.identity.rotate(connection, federation.clock.now())
    theirs = b64u(seal_offer(b"not a token", CARD))
    other_card = signed(federation, host, Digest("f" * 64))
    somebodys = b64u(bytes(2_000))
    release(
        federation, "2026-W40", signed(federation, host), signed(federation, stranger), theirs, other_card, somebodys
    )
    home.sync()
    home.sync()

    assert [one.iss for one in watching.offers] == [host.node]
    assert [card.card_id for card in watching.cards] == [CARD.card_id]


def test_offers_that_do_not_follow_what_we_saw_or_are_not_the_boards_are_alerted(
    federation: Federation, home: Program, watching: Watching
) -> None:
    release(federation, "2026-W40")
    home.sync()
    release(federation, "2026-W41", previous=Digest("0" * 64))
    home.sync()
    assert home.alerts() == ["withholding-or-forked"]
    release(federation, "2026-W42", key=SigningKey.generate())
    home.sync()

    assert home.alerts() == ["board-refused", "withholding-or-forked"]


@pytest.mark.parametrize(("declared", "alerted"), [(0, True), (1, False)])
def test_a_board_that_shows_more_than_was_posted_is_noticed(
    federation: Federation, home: Program, host: Program, declared: int, *, alerted: bool
) -> None:
    now = federation.clock.now()
    quarter = f"{now.year}-Q{(now.month + 2) // 3}"
    draft = SummaryDraft(
        quarter=quarter, policy="1", counts=Bracket(size=SizeBracket.UNDER_25), listings=(), cards_posted=0
    )
    roster = home.member.roster()
    with transaction(home.engine) as connection:
        for name, days, cards in (("2026-W01", 200, ()), ("2026-W02", 92, (CARD,))):
            at = to_moment(now - timedelta(days=days))
            batch = Batch(batch=name, kind=BoardKind.NEEDS, released_at=at, previous=None, cards=cards)
            BoardMemory(home.tables).keep(connection, batch, sha256_hex(name.encode()), roster)
    with transaction(home.engine) as connection:
        home.member.publish_summary(connection, draft, now)
    home.sync()
    assert SURPLUS not in home.alerts()  # the other member has not said yet how many it posted
    with transaction(host.engine) as connection:
        host.member.publish_summary(connection, replace(draft, cards_posted=declared), now)
    host.sync()
    home.sync()

    assert (SURPLUS in home.alerts()) is alerted


def test_an_upload_that_may_have_arrived_is_handed_over_again_byte_for_byte(
    federation: Federation, home: Program
) -> None:
    uploads = Uploads(tables=home.tables, identity=home.member.identity)
    with transaction(home.engine) as connection:
        uploads.put(connection, BoardKind.NEEDS, "a" * 64, b"{}")
    federation.exchange.refuses_uploads = True
    home.sync()
    first = stored(home)
    home.sync()
    assert stored(home) == first != (None, None)
    with transaction(home.engine) as connection:
        assert not uploads.take_back(connection, "a" * 64)
    federation.exchange.refuses_uploads = False
    home.sync()

    assert federation.exchange.uploads == {first[0]: first[1]}
    assert home.alerts() == ["exchange-refused"]


def test_under_an_old_roster_nothing_new_leaves(federation: Federation, home: Program) -> None:
    uploads = Uploads(tables=home.tables, identity=home.member.identity)
    with transaction(home.engine) as connection:
        uploads.attest(connection, "2026-Q4", b"token")
    federation.wait(timedelta(days=8), renew=False)
    home.sync()

    assert federation.exchange.uploads == {}
    assert stored(home) == (None, None)


def stored(program: Program) -> tuple[str | None, bytes | None]:
    table = program.tables.upload
    with transaction(program.engine) as connection:
        row = connection.execute(select(table)).one()
        return (row.id if row.body else None), row.body


def test_a_batch_that_another_process_of_the_program_read_meanwhile_is_taken_in_once(
    federation: Federation, home: Program, watching: Watching
) -> None:
    """A server and a command of one program once read the same batch at the same moment, and one of them fell."""

    release(federation, "2026-W40")

    def meanwhile() -> None:
        federation.exchange.before_batch = None
        home.sync()

    federation.exchange.before_batch = meanwhile
    home.sync()

    assert [card.card_id for card in watching.cards] == [CARD.card_id]
