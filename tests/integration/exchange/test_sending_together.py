"""Several letters in one request: each gets the answer it would have got alone, on both databases."""

import base64
import json

import httpx
import pytest

from protocol.roster import Quotas, Standing
from tests.support.exchange import Federation, Peer
from tests.support.problems import code

pytestmark = pytest.mark.anyio

PATH, MEDIA = "/v1/mailbox/send", "application/json"


def body(*envelopes: bytes) -> bytes:
    return json.dumps({"envelopes": [base64.b64encode(envelope).decode() for envelope in envelopes]}).encode()


async def send(exchange: Federation, peer: Peer, *envelopes: bytes) -> httpx.Response:
    return await exchange.send("POST", PATH, peer=peer, body=body(*envelopes), media=MEDIA)


def said(answer: httpx.Response) -> list[tuple[int, str]]:
    assert answer.status_code == 200
    return [(result["status"], result.get("code", "")) for result in answer.json()["results"]]


async def test_letters_that_are_sent_together_arrive_in_their_order(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    ours, theirs = [home.message_id() for _ in range(4)], home.message_id()
    letters = [home.envelope(host, name) for name in ours]
    to_itself = home.envelope(home, theirs)

    answer = await send(exchange, home, *letters[:2], to_itself, *letters[2:])

    assert said(answer) == [(201, "")] * 5
    assert [result["id"] for result in answer.json()["results"]] == [*ours[:2], theirs, *ours[2:]]
    assert [item["id"] for item in (await exchange.poll(host)).json()["items"]] == ours
    assert [item["id"] for item in (await exchange.poll(home)).json()["items"]] == [theirs]


async def test_a_letter_that_is_refused_keeps_no_other(exchange: Federation, home: Peer, host: Peer) -> None:
    stranger, left = Peer(clock=exchange.clock), Peer(clock=exchange.clock, status=Standing.LEFT)
    await exchange.admit(left)
    known, new = home.message_id(), home.message_id()
    first, fresh = home.envelope(host, known), home.envelope(host, new)
    taken = (await exchange.put(home, host, known, first)).json()
    other = home.envelope(host, known, inner=b"other words")

    answer = await send(
        exchange,
        home,
        first,
        other,
        b"no envelope",
        host.envelope(home, host.message_id()),
        home.envelope(stranger, home.message_id()),
        home.envelope(left, home.message_id()),
        fresh,
        fresh,
    )

    assert said(answer) == [
        (200, ""),
        (409, "id-taken"),
        (413, "envelope-size"),
        (403, "not-yours"),
        (404, "recipient-unknown"),
        (410, "recipient-left"),
        (201, ""),
        (200, ""),
    ]
    assert answer.json()["results"][0] == {"status": 200, **taken}
    assert [item["id"] for item in (await exchange.poll(host)).json()["items"]] == [known, new]


async def test_what_is_beyond_the_quota_waits_and_the_rest_is_taken(exchange: Federation, host: Peer) -> None:
    sender = Peer(clock=exchange.clock, quotas=Quotas(messages=2, first_contacts=1))
    await exchange.admit(sender)
    await exchange.publish_keys(sender)
    letters = [sender.envelope(host, sender.message_id()) for _ in range(3)]

    answer = await send(exchange, sender, *letters)

    assert said(answer) == [(201, ""), (201, ""), (429, "quota-exceeded")]
    assert answer.json()["results"][2]["retry_after"] > 0
    assert len((await exchange.poll(host)).json()["items"]) == 2


async def test_a_request_with_several_letters_counts_once(exchange: Federation, home: Peer, host: Peer) -> None:
    content = body(home.envelope(host, home.message_id()), home.envelope(host, home.message_id()))
    request = exchange.request("POST", PATH, peer=home, body=content, media=MEDIA)
    assert said(await exchange.client.send(request)) == [(201, "")] * 2

    again = await exchange.client.send(request)

    assert code(again) == (401, "hop-replay")
    assert said(await exchange.send("POST", PATH, peer=home, body=content, media=MEDIA)) == [(200, "")] * 2


async def test_a_request_that_cannot_be_read_is_refused_as_a_whole(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    good = home.envelope(host, home.message_id())
    spoilt = body(good).replace(b'"]', b'","not base64!"]')

    for content in (b'{"envelopes":[]}', spoilt, body(*[good] * 101), b"[]"):
        answer = await exchange.send("POST", PATH, peer=home, body=content, media=MEDIA)
        assert answer.status_code in {400, 422}

    as_text = await exchange.send("POST", PATH, peer=home, body=body(good), media="text/plain")
    assert code(as_text) == (415, "media-type")
    assert (await exchange.poll(host)).json()["items"] == []
