"""Letters through a whole exchange, on both databases."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from federation.exchange.adapters.sql.tables import MAILBOXES
from federation.exchange.domain.mailbox import ItemKind, NewItem
from federation.ground.engine import reading
from protocol.envelope import MEDIA_TYPE
from protocol.ids import sha256_hex
from protocol.receipts import read_receipt
from protocol.roster import Quotas, Standing
from tests.support.exchange import Federation, Peer
from tests.support.problems import code

pytestmark = pytest.mark.anyio


def waiting(exchange: Federation, peer: Peer) -> tuple[int, int]:
    with reading(exchange.app.state.edge.services.engine) as connection:
        row = connection.execute(select(MAILBOXES).where(MAILBOXES.c.node == peer.node)).one()
    return row.items, row.bytes


async def test_a_letter_is_taken_read_and_receipted(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)

    taken = await exchange.put(home, host, message, envelope)
    page = (await exchange.poll(host)).json()
    receipt = host.receipt(home, message, envelope)
    acked = (await exchange.acknowledge(host, receipt)).json()
    returned = (await exchange.poll(home)).json()

    assert taken.status_code == 201
    assert taken.json()["id"] == message
    assert page["more"] is False
    (item,) = page["items"]
    assert (item["id"], item["kind"], item["from"]) == (message, "envelope", home.node)
    assert base64.b64decode(item["data"]) == envelope
    assert acked == {"acknowledged": [message], "unknown": []}
    assert [base64.b64decode(item["data"]) for item in returned["items"]] == [receipt]
    assert returned["items"][0]["kind"] == "receipt"
    assert (await exchange.poll(host)).json()["items"] == []
    assert len((await exchange.poll(host, "?after=0")).json()["items"]) == 1
    assert waiting(exchange, host) == (0, 0)
    assert waiting(exchange, home) == (1, len(receipt))


async def test_what_a_member_writes_to_itself_lies_there_after_it_was_set_aside(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message = home.message_id()
    envelope = home.envelope(home, message)

    taken = await exchange.put(home, home, message, envelope)
    (item,) = (await exchange.poll(home)).json()["items"]
    await exchange.acknowledge(home, discard=(message,))

    assert taken.status_code == 201
    assert (item["id"], item["from"]) == (message, home.node)
    assert (await exchange.poll(home)).json()["items"] == []
    (kept,) = (await exchange.poll(home, "?after=0")).json()["items"]
    assert base64.b64decode(kept["data"]) == envelope
    assert waiting(exchange, home) == (0, 0)
    assert (await exchange.poll(host)).json()["items"] == []


async def test_the_same_letter_again_gets_the_first_answer_and_costs_nothing(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)
    first = await exchange.put(home, host, message, envelope)
    exchange.clock.advance(timedelta(minutes=5))

    again = await exchange.put(home, host, message, envelope)

    assert again.status_code == 200
    assert again.json() == first.json()
    assert waiting(exchange, host) == (1, len(envelope))


async def test_other_bytes_under_a_taken_id_are_refused(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    await exchange.put(home, host, message)

    other = await exchange.put(home, host, message, home.envelope(host, message, inner=b"other words"))

    assert code(other) == (409, "id-taken")
    assert waiting(exchange, host)[0] == 1


async def test_an_envelope_goes_only_where_its_header_says(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)

    elsewhere = await exchange.put(home, home, message, envelope)
    other_id = await exchange.put(home, host, home.message_id(), envelope)
    in_anothers_name = await exchange.send(
        "PUT", f"/v1/mailbox/{host.node}/{message}", peer=host, body=envelope, media=MEDIA_TYPE
    )

    assert code(elsewhere) == (422, "address-mismatch")
    assert code(other_id) == (422, "address-mismatch")
    assert code(in_anothers_name) == (403, "not-yours")


async def test_a_letter_past_its_end_or_from_the_future_is_refused(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message = home.message_id()
    short = home.envelope(host, message, lifetime=timedelta(hours=1))
    exchange.clock.advance(timedelta(hours=2))
    past = await exchange.put(home, host, message, short)
    exchange.clock.advance(timedelta(hours=1))
    later = home.envelope(host, message)
    exchange.clock.advance(-timedelta(hours=1))

    assert code(past) == (422, "envelope-date")
    assert code(await exchange.put(home, host, message, later)) == (422, "envelope-date")


async def test_only_an_envelope_of_an_agreed_size_and_type_is_taken(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message = home.message_id()
    path = f"/v1/mailbox/{host.node}/{message}"
    envelope = home.envelope(host, message)

    assert code(await exchange.put(home, host, message, envelope + b"\0")) == (413, "envelope-size")
    assert code(await exchange.put(home, host, message, b"\0" * 1024)) == (400, "envelope-framing")
    wrong_type = await exchange.send("PUT", path, peer=home, body=envelope, media="text/plain")
    assert code(wrong_type) == (415, "media-type")
    bad_id = await exchange.send("PUT", f"/v1/mailbox/{host.node}/nothing", peer=home, body=b"x", media=MEDIA_TYPE)
    assert code(bad_id) == (400, "id-malformed")


async def test_a_recipient_must_be_a_member_that_has_not_left(exchange: Federation, home: Peer, host: Peer) -> None:
    stranger = Peer(clock=exchange.clock)
    unknown = await exchange.put(home, stranger)
    host.status = Standing.LEFT
    await exchange.admit()

    assert code(unknown) == (404, "recipient-unknown")
    assert code(await exchange.put(home, host)) == (410, "recipient-left")
    assert code(await exchange.put(host, home)) == (403, "member-inactive")
    assert code(await exchange.poll(host)) == (403, "member-inactive")


async def test_a_suspended_member_still_sends_polls_and_acknowledges(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)
    await exchange.put(home, host, message, envelope)
    await exchange.suspend(host)

    assert (await exchange.put(host, home)).status_code == 201
    assert len((await exchange.poll(host)).json()["items"]) == 1
    assert (await exchange.acknowledge(host, host.receipt(home, message, envelope))).status_code == 200


async def test_a_stranger_is_refused_at_once(exchange: Federation, home: Peer, host: Peer) -> None:
    stranger = Peer(clock=exchange.clock)

    assert code(await exchange.put(stranger, home)) == (401, "hop-signature")
    assert code(await exchange.poll(stranger)) == (401, "hop-signature")


async def test_pages_follow_one_another_without_a_gap(exchange: Federation, home: Peer, host: Peer) -> None:
    sent = [(await exchange.put(home, host)).json()["id"] for _ in range(7)]

    read: list[str] = []
    after, more = 0, True
    while more:
        page = (await exchange.poll(host, f"?after={after}&limit=3")).json()
        read += [item["id"] for item in page["items"]]
        after, more = page["items"][-1]["cursor"], page["more"]

    assert read == sent
    assert [item["cursor"] for item in (await exchange.poll(host)).json()["items"]] == list(range(1, 8))


async def test_a_page_of_large_letters_is_cut_by_bytes(exchange: Federation, home: Peer, host: Peer) -> None:
    for _ in range(63):
        message = home.message_id()
        await exchange.put(home, host, message, home.envelope(host, message, inner=b"x" * 60_000))

    page = (await exchange.poll(host)).json()

    assert page["more"] is True
    assert len(page["items"]) == 61


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?wait=26", "?after=-1", "?after=x"])
async def test_a_query_out_of_bounds_is_named(exchange: Federation, host: Peer, query: str) -> None:
    response = await exchange.poll(host, query)

    assert code(response) == (422, "request-invalid")


async def test_a_receipt_must_fit_the_letter_it_names(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)
    await exchange.put(home, host, message, envelope)

    of_other_bytes = host.receipt(home, message, b"other")
    to_another = host.receipt(host, message, envelope)
    by_another = home.receipt(host, message, envelope)

    assert code(await exchange.acknowledge(host, of_other_bytes)) == (400, "receipt-invalid")
    assert code(await exchange.acknowledge(host, to_another)) == (400, "receipt-invalid")
    assert code(await exchange.acknowledge(host, by_another)) == (401, "key-unknown")
    assert (await exchange.acknowledge(host, host.receipt(home, home.message_id(), envelope))).json()[
        "acknowledged"
    ] == []
    assert waiting(exchange, host)[0] == 1


async def test_a_receipt_is_passed_on_once_however_often_it_comes(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)
    await exchange.put(home, host, message, envelope)
    receipt = host.receipt(home, message, envelope)

    for _ in range(2):
        assert (await exchange.acknowledge(host, receipt)).json()["acknowledged"] == [message]
    await exchange.acknowledge(host, host.receipt(home, message, envelope))

    (item,) = (await exchange.poll(home)).json()["items"]
    assert base64.b64decode(item["data"]) == receipt
    assert waiting(exchange, host) == (0, 0)


async def test_receipts_and_unopenable_letters_are_discarded(exchange: Federation, home: Peer, host: Peer) -> None:
    message = (await exchange.put(home, host)).json()["id"]
    gone = home.message_id()

    answer = (await exchange.acknowledge(host, discard=(message, gone))).json()

    assert answer == {"acknowledged": [message], "unknown": [gone]}
    assert (await exchange.poll(host)).json()["items"] == []
    assert (await exchange.poll(home)).json()["items"] == []


async def test_a_receipt_id_that_is_taken_in_the_senders_mailbox_refuses_the_round(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    message, other = home.message_id(), host.message_id()
    envelope = home.envelope(host, message)
    await exchange.put(home, host, message, envelope)
    await exchange.put(host, home, other)

    response = await exchange.acknowledge(host, host.receipt(home, message, envelope, jti=other))

    assert code(response) == (409, "id-taken")
    assert waiting(exchange, host)[0] == 1


async def test_letters_to_oneself_are_delivered_and_receipted(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(home, message)
    await exchange.put(home, home, message, envelope)

    await exchange.acknowledge(home, home.receipt(home, message, envelope))

    assert [item["kind"] for item in (await exchange.poll(home)).json()["items"]] == ["receipt"]


async def test_a_member_sends_no_more_than_its_quota_and_again_tomorrow(exchange: Federation, host: Peer) -> None:
    small = Peer(clock=exchange.clock, quotas=Quotas(messages=2, first_contacts=5))
    await exchange.admit(small)
    await exchange.publish_keys(small)
    for _ in range(2):
        assert (await exchange.put(small, host)).status_code == 201

    refused = await exchange.put(small, host)
    wait = int(refused.headers["retry-after"])
    exchange.clock.advance(timedelta(seconds=wait))

    assert code(refused) == (429, "quota-exceeded")
    assert refused.json()["params"]["count"] == "messages"
    assert wait == 12 * 3600 + 1
    assert (await exchange.put(small, host)).status_code == 201


async def test_first_contacts_have_a_quota_of_their_own(exchange: Federation, home: Peer, host: Peer) -> None:
    shy = Peer(clock=exchange.clock, quotas=Quotas(messages=50, first_contacts=1))
    await exchange.admit(shy)
    await exchange.publish_keys(shy)
    assert (await exchange.put(host, shy)).status_code == 201

    answers = [await exchange.put(shy, host), await exchange.put(shy, home), await exchange.put(shy, home)]
    beyond = await exchange.put(shy, shy)

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert code(beyond) == (429, "quota-exceeded")
    assert beyond.json()["params"]["count"] == "first_contacts"


async def test_a_refused_letter_leaves_no_trace(exchange: Federation, host: Peer) -> None:
    mute = Peer(clock=exchange.clock, quotas=Quotas(messages=0, first_contacts=0))
    await exchange.admit(mute)
    await exchange.publish_keys(mute)

    assert code(await exchange.put(mute, host)) == (429, "quota-exceeded")
    assert (await exchange.poll(host)).json()["items"] == []


async def test_letters_expire_with_time(exchange: Federation, home: Peer, host: Peer) -> None:
    first, second = home.message_id(), home.message_id()
    short = home.envelope(host, first, lifetime=timedelta(hours=1))
    await exchange.put(home, host, first, short)
    await exchange.put(home, host, second)
    await exchange.acknowledge(host, discard=(second,))
    services = exchange.app.state.edge.services

    exchange.clock.advance(timedelta(hours=2))
    removed = [services.expire(), services.expire()]
    after_an_hour = (await exchange.poll(host, "?after=0")).json()["items"]
    exchange.clock.advance(timedelta(days=14))
    removed.append(services.expire())

    assert removed == [1, 0, 1]
    assert [item["id"] for item in after_an_hour] == [second]
    assert waiting(exchange, host) == (0, 0)


async def test_a_receipt_that_another_process_hands_over_at_the_same_moment_is_taken_once(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    names = [home.message_id() for _ in range(3)]
    letters = [home.envelope(host, name) for name in names]
    for name, letter in zip(names, letters, strict=True):
        await exchange.put(home, host, name, letter)
    receipts = [host.receipt(home, name, letter) for name, letter in zip(names, letters, strict=True)]
    # What the other process wrote after we had looked, and before we write.
    with exchange.app.state.edge.services.accept.work() as work:
        for receipt, other in ((receipts[0], receipts[0]), (receipts[1], b"other bytes")):
            item = NewItem(
                to=home.node,
                id=read_receipt(receipt).jti,
                kind=ItemKind.RECEIPT,
                sender=host.node,
                digest=sha256_hex(other),
                body=other,
                accepted_at=exchange.clock.now(),
                expires_at=exchange.clock.now() + timedelta(days=1),
            )
            assert work.mailboxes.put(item, None) is None

    taken = await exchange.acknowledge(host, receipts[0], receipts[2])

    assert taken.json() == {"acknowledged": [names[0], names[2]], "unknown": []}
    assert len((await exchange.poll(home)).json()["items"]) == 3
    assert code(await exchange.acknowledge(host, receipts[1])) == (409, "id-taken")
