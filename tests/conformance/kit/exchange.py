"""What any exchange must do, asked over HTTP by two members: each check names the paragraph it holds to.

It knows nothing of the exchange but its address; the specification is docs/protocol/08-exchange.md.
"""

import base64
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import httpx

from federation.ground.clock import Clock
from protocol.documents import to_moment
from protocol.envelope import MEDIA_TYPE
from protocol.ids import NODE_ENTROPY, JoinId, node_id, sha256_hex
from protocol.joining import CODE_LIFETIME, JoinCode, sign_code
from protocol.keys import SigningKey
from protocol.parsing import b64u
from tests.conformance.kit.rules import Rules, ViolationError, holds
from tests.support.exchange import JOSE, JSON, Peer, sign
from tests.support.newcomer import Newcomer

QUOTA = 5
"""Letters a day that the roster allows the second member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The exchange under test, and two active members of its federation whose keys we hold."""

    url: str
    client: httpx.AsyncClient
    clock: Clock
    alice: Peer
    bob: Peer

    def request(
        self, method: str, path: str, body: bytes = b"", media: str = "", *, key: SigningKey | None, **headers: str
    ) -> httpx.Request:
        """A request, signed by `key` if there is one."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if media:
            named["content-type"] = media
        request = self.client.build_request(method, self.url + path, content=body or None, headers=named)
        if key is not None:
            sign(request, key, self.clock.now())
        return request

    async def send(
        self, method: str, path: str, body: bytes = b"", media: str = "", *, key: SigningKey | None, **headers: str
    ) -> httpx.Response:
        """Send such a request."""
        return await self.client.send(self.request(method, path, body, media, key=key, **headers))

    async def put(self, message: str, envelope: bytes) -> httpx.Response:
        """A letter of Alice's to Bob."""
        path = f"/v1/mailbox/{self.bob.node}/{message}"
        return await self.send("PUT", path, envelope, MEDIA_TYPE, key=self.alice.signing)

    async def poll(self, peer: Peer, query: str = "") -> list[dict[str, object]]:
        """The items of a mailbox."""
        response = await self.send("GET", f"/v1/mailbox{query}", key=peer.signing)
        holds(response.status_code == httpx.codes.OK, f"polling answers {response.status_code}")
        items = response.json()["items"]
        holds(isinstance(items, list), "`items` is no list")
        return list(items)

    async def acknowledge(self, peer: Peer, *receipts: bytes, discard: tuple[str, ...] = ()) -> httpx.Response:
        """Acknowledge items of a mailbox."""
        content = {"receipts": [receipt.decode() for receipt in receipts], "discard": list(discard)}
        return await self.send("POST", "/v1/mailbox/ack", json.dumps(content).encode(), JSON, key=peer.signing)


CHECKS = Rules[Callable[[Exchange], Awaitable[None]]]()
rule = CHECKS.rule


def refused(response: httpx.Response, status: int, code: str) -> None:
    """The answer is this problem. Raises: ViolationError."""
    said = response.headers.get("content-type", "")
    holds(response.status_code == status, f"answered {response.status_code}, not {status}")
    holds(said.startswith("application/problem+json"), f"answered {said or 'no type'}, no problem document")
    holds(response.json().get("code") == code, f"answered {response.json().get('code')}, not {code}")


async def run(exchange: Exchange) -> dict[str, str]:
    """Every check in order; what it found, empty where the rule holds."""
    found = {}
    for name, check in CHECKS.items():
        try:
            await check(exchange)
            found[name] = ""
        except ViolationError as violation:
            found[name] = str(violation)
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            found[name] = f"could not be asked: {type(error).__name__}"
    return found


@rule("8.2")
async def keys_are_published_under_their_version(exchange: Exchange) -> None:
    for peer in (exchange.alice, exchange.bob):
        path = f"/v1/keys/{peer.node}/{peer.version}"
        token = peer.statement()
        put = await exchange.send("PUT", path, token, JOSE, key=peer.identity)
        holds(put.status_code in {200, 201, 409}, f"publishing keys answers {put.status_code}")
        got = await exchange.send("GET", path, key=peer.signing)
        holds(got.status_code == httpx.codes.OK, f"reading keys answers {got.status_code}")


@rule("8.1.1")
async def an_unsigned_request_is_refused(exchange: Exchange) -> None:
    refused(await exchange.send("GET", "/v1/mailbox", key=None), 401, "hop-signature")


@rule("8.1.1")
async def a_signature_holds_for_its_path_only(exchange: Exchange) -> None:
    signed = exchange.request("GET", "/v1/mailbox", key=exchange.alice.signing)
    moved = httpx.Request("GET", f"{exchange.url}/v1/mailbox?limit=1", headers=signed.headers)
    refused(await exchange.client.send(moved), 401, "hop-signature")


@rule("8.1.3")
async def a_request_sent_twice_is_refused(exchange: Exchange) -> None:
    request = exchange.request("GET", "/v1/mailbox", key=exchange.alice.signing)
    first = await exchange.client.send(request)
    holds(first.status_code == httpx.codes.OK, f"the first answers {first.status_code}")
    again = httpx.Request("GET", request.url, headers=request.headers)
    refused(await exchange.client.send(again), 401, "hop-replay")


@rule("8.1.4")
async def a_key_nobody_published_is_refused(exchange: Exchange) -> None:
    answer = await exchange.send("GET", "/v1/mailbox", key=SigningKey.generate())
    holds(answer.status_code in {401, 403}, f"answered {answer.status_code}")


@rule("8.1.6")
async def a_coded_body_is_refused(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    path, envelope = f"/v1/mailbox/{exchange.bob.node}/{message}", exchange.alice.envelope(exchange.bob, message)
    signing = exchange.alice.signing
    answer = await exchange.send("PUT", path, envelope, MEDIA_TYPE, key=signing, content_encoding="gzip")
    refused(answer, 415, "content-encoding-refused")


@rule("8.1.6")
async def a_body_beyond_the_largest_envelope_is_refused(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    path = f"/v1/mailbox/{exchange.bob.node}/{message}"
    refused(
        await exchange.send("PUT", path, b"x" * 200_000, MEDIA_TYPE, key=exchange.alice.signing), 413, "body-too-large"
    )


@rule("8.3.1")
async def an_envelope_goes_only_where_its_header_says(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    answer = await exchange.put(message, exchange.bob.envelope(exchange.alice, message))
    holds(400 <= answer.status_code < 500, f"answered {answer.status_code}")


@rule("8.3.2")
async def the_same_letter_again_gets_the_first_answer_and_another_under_its_id_a_conflict(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    envelope = exchange.alice.envelope(exchange.bob, message)
    first, again = await exchange.put(message, envelope), await exchange.put(message, envelope)
    other = await exchange.put(message, exchange.alice.envelope(exchange.bob, message, inner=b"other words"))
    holds(first.status_code == httpx.codes.CREATED, f"the first answers {first.status_code}, not 201")
    holds(again.status_code == httpx.codes.OK, f"the same again answers {again.status_code}, not 200")
    holds(again.json() == first.json(), "the same again is answered differently")
    holds(first.json()["digest"] == sha256_hex(envelope), "the digest is not that of the envelope")
    holds(other.status_code == httpx.codes.CONFLICT, f"another one answers {other.status_code}, not 409")


@rule("8.3.3")
async def letters_that_come_together_are_answered_one_by_one(exchange: Exchange) -> None:
    names = [exchange.alice.message_id() for _ in range(2)]
    letters = [exchange.alice.envelope(exchange.bob, name) for name in names]
    content = {"envelopes": [base64.b64encode(raw).decode() for raw in (letters[0], b"no envelope", letters[1])]}
    body, signing = json.dumps(content).encode(), exchange.alice.signing
    answer = await exchange.send("POST", "/v1/mailbox/send", body, JSON, key=signing)
    if answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}:
        return  # 8.3.5
    results = answer.json()["results"]
    holds([result.get("id") for result in results] == [names[0], None, names[1]], "the results are not in order")
    holds([result["status"] for result in results] == [201, 413, 201], "each is not answered as it would be alone")


@rule("8.4")
async def items_come_in_order_with_what_was_sent(exchange: Exchange) -> None:
    sent = []
    for _ in range(3):
        message = exchange.alice.message_id()
        envelope = exchange.alice.envelope(exchange.bob, message)
        await exchange.put(message, envelope)
        sent.append((message, envelope))
    items = await exchange.poll(exchange.bob)
    cursors = [item["cursor"] for item in items]
    holds(cursors == sorted(set(map(int, map(str, cursors)))), "cursors do not rise")
    ours = [(item["id"], base64.b64decode(str(item["data"]))) for item in items][-3:]
    holds(ours == sent, "the letters are not those sent, oldest first")
    later = await exchange.poll(exchange.bob, f"?after={cursors[-2]}")
    holds([item["id"] for item in later] == [sent[-1][0]], "a cursor does not lead to what follows it")


@rule("5.8")
async def what_a_member_writes_to_itself_is_kept_after_it_was_read(exchange: Exchange) -> None:
    alice, message = exchange.alice, exchange.alice.message_id()
    envelope = alice.envelope(alice, message)
    path = f"/v1/mailbox/{alice.node}/{message}"
    taken = await exchange.send("PUT", path, envelope, MEDIA_TYPE, key=alice.signing)
    holds(taken.status_code == httpx.codes.CREATED, f"a letter to oneself is answered {taken.status_code}")
    await exchange.acknowledge(alice, discard=(message,))
    waiting = [item["id"] for item in await exchange.poll(alice)]
    kept = {item["id"]: base64.b64decode(str(item["data"])) for item in await exchange.poll(alice, "?after=0")}
    holds(message not in waiting, "what was discarded is handed out again")
    holds(kept.get(message) == envelope, "what was discarded and has not expired cannot be read again")


@rule("8.5")
async def a_receipt_acknowledges_and_goes_home(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    envelope = exchange.alice.envelope(exchange.bob, message)
    await exchange.put(message, envelope)
    receipt = exchange.bob.receipt(exchange.alice, message, envelope)
    acked = await exchange.acknowledge(exchange.bob, receipt)
    holds(acked.json().get("acknowledged") == [message], "the letter is not acknowledged")
    holds(message not in {item["id"] for item in await exchange.poll(exchange.bob)}, "it is still handed over")
    home = [item for item in await exchange.poll(exchange.alice) if item["kind"] == "receipt"]
    holds(receipt in {base64.b64decode(str(item["data"])) for item in home}, "the receipt did not come home")
    kept = {item["id"] for item in await exchange.poll(exchange.bob, "?after=0")}
    holds(message in kept, "8.4.4: an acknowledged letter is gone before it expires")


@rule("8.5.2")
async def a_receipt_by_somebody_else_acknowledges_nothing(exchange: Exchange) -> None:
    message = exchange.alice.message_id()
    envelope = exchange.alice.envelope(exchange.bob, message)
    await exchange.put(message, envelope)
    await exchange.acknowledge(exchange.bob, exchange.alice.receipt(exchange.alice, message, envelope))
    holds(message in {item["id"] for item in await exchange.poll(exchange.bob)}, "a forged receipt was taken")


@rule("8.5")
async def what_nobody_knows_is_named_as_unknown(exchange: Exchange) -> None:
    stranger = exchange.alice.message_id()
    answer = await exchange.acknowledge(exchange.bob, discard=(stranger,))
    holds(answer.json() == {"acknowledged": [], "unknown": [stranger]}, "an unknown item is not named as one")


@rule("8.4.3")
async def a_poll_waits_until_something_arrives(exchange: Exchange) -> None:
    everything = await exchange.poll(exchange.bob, "?after=0")
    last = max((int(str(item["cursor"])) for item in everything), default=0)
    message = exchange.alice.message_id()
    arrived: list[dict[str, object]] = []

    async def wait() -> None:
        arrived.extend(await exchange.poll(exchange.bob, f"?after={last}&wait=20"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        await anyio.sleep(0.3)
        holds(not arrived, "an empty mailbox is answered at once")
        await exchange.put(message, exchange.alice.envelope(exchange.bob, message))
    holds([item["id"] for item in arrived] == [message], "what arrived did not end the wait")


@rule("8.3.2")
async def who_sends_too_much_is_told_when_to_come_back(exchange: Exchange) -> None:
    for _ in range(QUOTA + 1):
        message = exchange.bob.message_id()
        path = f"/v1/mailbox/{exchange.alice.node}/{message}"
        envelope = exchange.bob.envelope(exchange.alice, message)
        answer = await exchange.send("PUT", path, envelope, MEDIA_TYPE, key=exchange.bob.signing)
    holds(answer.status_code == httpx.codes.TOO_MANY_REQUESTS, f"above its quota it is answered {answer.status_code}")
    holds(answer.headers.get("retry-after", "").isdecimal(), "no Retry-After says when")


@rule("6.5")
async def anybody_with_a_code_may_ask_to_join_once(exchange: Exchange) -> None:
    now, asker = exchange.clock.now(), Newcomer(node=node_id(os.urandom(NODE_ENTROPY)))
    stewards = SigningKey.generate()  # only they could check the code: the exchange stores who asked
    code = JoinCode(
        jti=JoinId(exchange.alice.message_id()),
        exchange=exchange.url,
        root_version=1,
        root_sha256=sha256_hex(b"root"),
        secret=b64u(os.urandom(32)),
        iat=to_moment(now),
        exp=to_moment(now + CODE_LIFETIME),
    )
    asked = asker.ask(sign_code(code, stewards).decode(), now).encode()
    first = await exchange.send("POST", "/v1/join", asked, JOSE, key=asker.identity)
    holds(first.status_code == httpx.codes.CREATED, f"the first answers {first.status_code}, not 201")
    again = await exchange.send("POST", "/v1/join", asked, JOSE, key=asker.identity)
    holds(again.status_code == httpx.codes.OK, f"the same again answers {again.status_code}, not 200")
    other = Newcomer(node=node_id(os.urandom(NODE_ENTROPY)))
    taken = other.ask(sign_code(code, stewards).decode(), now).encode()
    conflict = await exchange.send("POST", "/v1/join", taken, JOSE, key=other.identity)
    holds(conflict.status_code == httpx.codes.CONFLICT, f"another asker answers {conflict.status_code}, not 409")
    unsigned = await exchange.send("POST", "/v1/join", asked, JOSE, key=None)
    refused(unsigned, 401, "hop-signature")
    seen = await exchange.send("GET", f"/v1/join/{code.jti}", key=None)
    holds(seen.json().get("state") == "pending", f"the state is {seen.json().get('state')}, not pending")
    holds(seen.json().get("request") == asked.decode(), "another request is shown")
