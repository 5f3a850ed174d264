"""The need board through a whole exchange: anonymous in, signed batches out, silence of one shape."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from federation.exchange.adapters.sql.tables import METADATA
from federation.exchange.domain.errors import BatchClosedError
from federation.exchange.serving import release_batch
from federation.ground.engine import reading
from protocol.ids import sha256_hex
from protocol.keys import OpeningKey
from protocol.needs import BoardKind, Closing, NeedUpload, open_offer, seal_offer, seal_upload
from protocol.parsing import b64u, unb64u
from protocol.roster import Quotas
from tests.support.exchange import Federation, Peer, federation
from tests.support.poster import Poster, card
from tests.support.problems import code

pytestmark = pytest.mark.anyio


def release(exchange: Federation) -> str:
    return str(exchange.app.state.edge.services.release_batch())


@pytest.fixture
async def poster(exchange: Federation, home: Peer, host: Peer) -> Poster:
    found = Poster(exchange, home)
    await found.attest(5)
    return found


async def test_a_card_is_released_with_its_batch_and_answered_by_a_sealed_offer(
    exchange: Federation, poster: Poster, host: Peer
) -> None:
    key = OpeningKey.generate()
    need = card(key)
    first = await poster.open_batch()
    assert await poster.post(need) == (200, "")
    early = await exchange.send("GET", f"/v1/needs/{first}", peer=host)

    assert release(exchange) == first
    answering = Poster(exchange, host)
    (shown,) = (await answering.read(BoardKind.NEEDS, first)).cards
    assert await answering.upload(BoardKind.OFFERS, seal_offer(b"an offer", shown)) == (200, "")
    second = release(exchange)
    offers = await poster.read(BoardKind.OFFERS, second)

    assert code(early) == (404, "item-unknown")
    assert shown == need
    (offer,) = offers.offers
    assert open_offer(unb64u(offer), need.card_id, key) == b"an offer"
    assert (await poster.read(BoardKind.NEEDS, second)).cards == ()


async def test_batches_form_a_chain_and_are_listed(exchange: Federation, poster: Poster) -> None:
    released = [release(exchange) for _ in range(3)]
    overview = (await exchange.send("GET", "/v1/offers", peer=poster.peer)).json()
    tokens = [(await exchange.send("GET", f"/v1/needs/{batch}", peer=poster.peer)).content for batch in released]
    previous = [(await poster.read(BoardKind.NEEDS, batch)).previous for batch in released]

    assert released == ["2027-W08", "2027-W08.1", "2027-W08.2"]  # noon on a Monday still belongs to the week before
    assert overview["released"] == released[::-1]
    assert overview["open"] not in released
    assert previous == [None, sha256_hex(tokens[0]), sha256_hex(tokens[1])]
    status = (await exchange.send("GET", "/v1/status")).json()
    assert status["board"]["released"] == released[-1]


async def test_a_week_is_released_on_monday_evening(exchange: Federation, poster: Poster) -> None:
    services = exchange.app.state.edge.services
    exchange.clock.set(datetime.fromisoformat("2027-03-03T12:00:00+00:00"))
    assert services.release_batch.when_due() is None
    batch = await poster.open_batch()
    assert await poster.post(card()) == (200, "")

    exchange.clock.set(datetime.fromisoformat("2027-03-08T17:59:59+00:00"))
    early = services.release_batch.when_due()
    exchange.clock.set(datetime.fromisoformat("2027-03-08T18:00:00+00:00"))
    due = services.release_batch.when_due()

    assert (early, due) == (None, batch)
    assert services.release_batch.when_due() is None
    assert (await poster.read(BoardKind.NEEDS, batch)).cards != ()


async def test_a_demo_releases_every_few_seconds(exchange: Federation, poster: Poster) -> None:
    exchange.stewards.board_interval = 5
    await exchange.admit()
    await poster.post(card())
    services = exchange.app.state.edge.services

    exchange.clock.advance(timedelta(seconds=5))

    assert services.release_batch.when_due() is not None


async def test_a_closed_card_is_named_by_the_next_batch(exchange: Federation, poster: Poster) -> None:
    secret = b"k" * 32
    need = card(secret=secret)
    await poster.post(need)
    release(exchange)

    closing = NeedUpload(closing=Closing(secret=b64u(secret)))
    assert await poster.upload(BoardKind.NEEDS, closing.encode()) == (200, "")
    batch = await poster.read(BoardKind.NEEDS, release(exchange))
    after = await poster.read(BoardKind.NEEDS, release(exchange))

    assert (batch.closed, after.closed) == ((need.close,), ())


async def test_a_card_closed_before_its_batch_is_never_shown(exchange: Federation, poster: Poster) -> None:
    secret = b"k" * 32
    await poster.post(card(secret=secret))
    await poster.upload(BoardKind.NEEDS, NeedUpload(closing=Closing(secret=b64u(secret))).encode())

    batch = await poster.read(BoardKind.NEEDS, release(exchange))

    assert (batch.cards, batch.closed) == ((), ())


async def test_over_budget_looks_like_within_it(exchange: Federation, poster: Poster, host: Peer) -> None:
    await poster.attest(1)
    shown = card()
    answers = [await poster.post(shown), await poster.post(card(occupation="31102"))]
    never_attested = await Poster(exchange, host).post(card())

    batch = await poster.read(BoardKind.NEEDS, release(exchange))

    assert answers == [(200, ""), (200, "")]
    assert never_attested == (200, "")
    assert batch.cards == (shown,)


async def test_an_attested_number_counts_as_far_as_the_stewards_vouch_and_more_is_silent(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    home.quotas, host.quotas = Quotas(), Quotas(cards=1)
    await exchange.admit()
    unvouched, little = Poster(exchange, home), Poster(exchange, host)
    shown, answers = card(), []
    for one, cards in ((unvouched, [card()]), (little, [shown, card(occupation="31102")])):
        await one.attest(3_000)
        answers += [await one.post(found) for found in cards]

    batch = await little.read(BoardKind.NEEDS, release(exchange))

    assert answers == [(200, "")] * 3
    assert batch.cards == (shown,)


async def test_a_code_is_shown_twice_a_quarter_at_most(exchange: Federation, poster: Poster) -> None:
    for _ in range(3):
        assert await poster.post(card()) == (200, "")

    assert len((await poster.read(BoardKind.NEEDS, release(exchange))).cards) == 2


async def test_last_quarters_attestation_counts_until_the_new_one_comes(exchange: Federation, poster: Poster) -> None:
    exchange.clock.set(datetime.fromisoformat("2027-04-02T12:00:00+00:00"))
    need = card()

    assert await poster.post(need) == (200, "")

    assert (await poster.read(BoardKind.NEEDS, release(exchange))).cards == (need,)


async def test_the_same_upload_again_changes_nothing(exchange: Federation, poster: Poster) -> None:
    batch, upload = await poster.open_batch(), b64u(os.urandom(16))
    content = NeedUpload(card=card()).encode()
    body = seal_upload(content, kind=BoardKind.NEEDS, batch=batch, upload=upload, board=poster.board)
    other = seal_upload(content, kind=BoardKind.NEEDS, batch=batch, upload=upload, board=poster.board)

    assert [await poster.put(BoardKind.NEEDS, batch, upload, body) for _ in range(2)] == [(200, ""), (200, "")]
    assert await poster.put(BoardKind.NEEDS, batch, upload, other) == (409, "id-taken")
    assert len((await poster.read(BoardKind.NEEDS, release(exchange))).cards) == 1


async def test_the_same_card_or_offer_twice_is_shown_once(exchange: Federation, poster: Poster) -> None:
    need = card()
    offer = seal_offer(b"an offer", need)
    for _ in range(2):
        assert await poster.post(need) == (200, "")
        assert await poster.upload(BoardKind.OFFERS, offer) == (200, "")

    batch = release(exchange)

    assert (await poster.read(BoardKind.NEEDS, batch)).cards == (need,)
    assert len((await poster.read(BoardKind.OFFERS, batch)).offers) == 1


async def test_what_is_not_sealed_for_this_place_is_refused(exchange: Federation, poster: Poster) -> None:
    batch, upload = await poster.open_batch(), "u" * 22
    content = NeedUpload(card=card()).encode()
    elsewhere = seal_upload(content, kind=BoardKind.NEEDS, batch=batch, upload="v" * 22, board=poster.board)
    offer = seal_upload(content, kind=BoardKind.OFFERS, batch=batch, upload=upload, board=poster.board)

    assert await poster.put(BoardKind.NEEDS, batch, upload, elsewhere) == (400, "seal-unopenable")
    assert await poster.put(BoardKind.NEEDS, batch, upload, offer) == (400, "board-invalid")
    assert await poster.put(BoardKind.NEEDS, batch, "short", elsewhere) == (422, "request-invalid")
    assert await poster.upload(BoardKind.NEEDS, b"{}") == (422, "field-invalid")
    assert await poster.upload(BoardKind.NEEDS, b'{"card": {}}') == (422, "field-invalid")
    assert await poster.upload(BoardKind.NEEDS, content, batch="2020-W01") == (409, "batch-closed")


async def test_the_board_is_for_active_members(exchange: Federation, poster: Poster, host: Peer) -> None:
    await exchange.suspend(host)

    assert await Poster(exchange, host).put(BoardKind.NEEDS, "2027-W09", "u" * 22, b"x") == (403, "member-inactive")
    assert code(await exchange.send("GET", "/v1/needs", peer=host)) == (403, "member-inactive")
    assert code(await exchange.send("GET", "/v1/needs/2027-W09", peer=host)) == (403, "member-inactive")


async def test_uploads_have_a_daily_quota(tmp_path: Path, sqlite_url: str) -> None:
    async with federation(tmp_path, sqlite_url) as exchange:
        peer = Peer(clock=exchange.clock)
        await exchange.found(peer)
        poster = Poster(exchange, peer)
        engine = exchange.app.state.edge.services.engine
        await poster.post(card())
        with engine.begin() as connection:
            connection.execute(text("UPDATE counters SET uploads = 500"))

        assert await poster.post(card()) == (429, "quota-exceeded")


async def test_no_row_of_the_board_names_a_member(exchange: Federation, poster: Poster, host: Peer) -> None:
    need = card()
    await poster.post(need)
    await Poster(exchange, host).upload(BoardKind.OFFERS, seal_offer(b"an offer", need))
    engine = exchange.app.state.edge.services.engine

    with reading(engine) as connection:
        tables = [table for table in METADATA.sorted_tables if table.name.startswith("board")]
        stored = [str(tuple(row)) for table in tables for row in connection.execute(select(table))]

    assert len(tables) == 6
    assert stored
    for peer in (poster.peer, host):
        names = (peer.node, peer.signing.key_id, peer.identity.key_id, sha256_hex(peer.node.encode()))
        assert not [row for row in stored for name in names if name in row]


async def test_old_batches_are_forgotten_after_a_long_time(exchange: Federation, poster: Poster) -> None:
    await poster.post(card())
    first = release(exchange)
    for _ in range(201):
        release(exchange)

    assert code(await exchange.send("GET", f"/v1/needs/{first}", peer=poster.peer)) == (404, "item-unknown")


async def test_an_operator_releases_by_hand(exchange: Federation, host: Peer) -> None:
    batch = release_batch(exchange.settings)

    assert (await exchange.send("GET", "/v1/offers", peer=host)).json()["released"] == [batch]
    with pytest.raises(BatchClosedError):
        release_batch(exchange.settings, batch)
