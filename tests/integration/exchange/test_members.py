"""Key statements, joining, summaries and attestations through a whole exchange, on both databases."""

import os
from datetime import timedelta
from typing import Literal

import pytest
from sqlalchemy import insert, select

from federation.exchange.adapters.sql.tables import JOININGS
from protocol.documents import to_moment
from protocol.ids import JoinId, sha256_hex, uuid7
from protocol.joining import JoinRequest, answer_challenge, make_challenge, request_mac, sign_refusal, sign_request
from protocol.jws import Typ, by_id
from protocol.jws import sign as sign_jws
from protocol.keys import SigningKey
from protocol.needs import Attestation
from protocol.parsing import b64u
from protocol.seen import Seen
from protocol.statements import StatementRef
from protocol.summaries import Bracket, Summary, sign_summary
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.support.exchange import JOSE, Federation, Peer
from tests.support.problems import code

pytestmark = pytest.mark.anyio


async def test_keys_are_published_once_and_served_to_members(exchange: Federation, home: Peer, host: Peer) -> None:
    token = host.statement()
    again = await exchange.put_keys(host, token)
    newest = await exchange.send("GET", f"/v1/keys/{host.node}", peer=home)
    by_version = await exchange.send("GET", f"/v1/keys/{host.node}/1", peer=home)
    by_identity = await exchange.send("GET", f"/v1/keys/{host.node}", key=home.identity)
    tag = by_version.headers["etag"]
    known = await exchange.send("GET", f"/v1/keys/{host.node}/1", peer=home, headers={"if-none-match": tag})

    assert again.status_code == 200
    assert newest.content == by_version.content == by_identity.content == token
    assert newest.headers["content-type"] == JOSE
    assert known.status_code == 304
    assert code(await exchange.send("GET", f"/v1/keys/{host.node}/9", peer=home)) == (404, "item-unknown")


async def test_older_and_forked_key_statements_are_refused(exchange: Federation, host: Peer) -> None:
    first = host.statement()
    host.version = 3
    await exchange.publish_keys(host)
    host.version = 2
    behind = await exchange.put_keys(host, host.statement())
    host.version = 3
    host.signing = SigningKey.generate()
    beside = await exchange.put_keys(host, host.statement())

    assert code(behind) == (409, "statement-rollback")
    assert code(beside) == (409, "statement-fork")
    assert (await exchange.put_keys(host, first, version=1)).status_code == 200


async def test_only_the_owner_publishes_keys_and_only_with_the_identity_key(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    host.version = 2
    token, path = host.statement(), f"/v1/keys/{host.node}/2"

    by_signing_key = await exchange.send("PUT", path, peer=host, body=token, media=JOSE)
    by_another = await exchange.send("PUT", path, key=home.identity, body=token, media=JOSE)
    under_another_number = await exchange.put_keys(host, token, version=5)
    host.identity = SigningKey.generate()
    forged = await exchange.send("PUT", path, key=home.identity, body=host.statement(), media=JOSE)

    assert code(by_signing_key) == (401, "hop-key-use")
    assert code(by_another) == (403, "not-yours")
    assert code(under_another_number) == (422, "address-mismatch")
    assert code(forged) == (403, "not-yours")


async def test_the_identity_key_signs_nothing_else(exchange: Federation, host: Peer) -> None:
    assert code(await exchange.send("GET", "/v1/mailbox", key=host.identity)) == (401, "hop-key-use")


async def test_nobody_publishes_anothers_key_as_its_own(exchange: Federation, home: Peer, host: Peer) -> None:
    host.rotate()
    host.signing = home.signing
    taken = await exchange.put_keys(host, host.statement())
    host.signing = home.identity
    identity = await exchange.put_keys(host, host.statement())

    assert code(taken) == (409, "key-taken")
    assert code(identity) == (409, "key-taken")


async def test_retired_keys_stop_working_two_days_after_their_successor(exchange: Federation, host: Peer) -> None:
    old = host.signing
    host.rotate()
    await exchange.publish_keys(host)

    exchange.clock.advance(timedelta(hours=47))
    overlapping = await exchange.send("GET", "/v1/mailbox", key=old)
    exchange.clock.advance(timedelta(hours=2))

    assert overlapping.status_code == 200
    assert code(await exchange.send("GET", "/v1/mailbox", key=old)) == (401, "hop-signature")
    assert (await exchange.poll(host)).status_code == 200


async def test_keys_expire_with_their_statement(exchange: Federation, host: Peer) -> None:
    exchange.clock.advance(timedelta(days=81))

    assert code(await exchange.poll(host)) == (401, "hop-signature")


async def test_a_new_identity_ends_every_key_of_the_old_one(exchange: Federation, home: Peer, host: Peer) -> None:
    stolen = host.signing
    host.identity, host.signing, host.min_key_version = SigningKey.generate(), SigningKey.generate(), 2
    await exchange.admit()
    too_low = await exchange.put_keys(host, host.statement())
    host.version = 2
    await exchange.publish_keys(host)

    assert code(await exchange.send("GET", "/v1/mailbox", key=stolen)) == (401, "hop-signature")
    assert code(too_low) == (409, "statement-rollback")
    assert (await exchange.poll(host)).status_code == 200


class Asker:
    """A program at the door with a join code."""

    def __init__(self, exchange: Federation) -> None:
        self.exchange = exchange
        self.peer = Peer(clock=exchange.clock)
        self.join = JoinId(uuid7(exchange.clock.now(), os.urandom(10)))
        self.secret = b64u(os.urandom(32))

    def request(self) -> bytes:
        peer, statement = self.peer, self.peer.statement()
        return sign_request(
            JoinRequest(
                jti=self.join,
                node=peer.node,
                name="Newcomers of Medicine Hat",
                region="AB",
                identity=peer.identity.public.jwk,
                statement=statement.decode(),
                publishes=Publishes.BRACKET,
                size=SizeBracket.UNDER_25,
                mac=request_mac(
                    self.secret, join=self.join, identity=peer.identity.public, statement=sha256_hex(statement)
                ),
                iat=to_moment(self.exchange.clock.now()),
            ),
            peer.identity,
        )

    async def post(self, step: str, body: bytes, *, signed: bool = True) -> tuple[int, dict[str, str | None]]:
        path = f"/v1/join/{self.join}/{step}" if step else "/v1/join"
        key = self.peer.identity if signed else None
        response = await self.exchange.send("POST", path, key=key, body=body, media=JOSE)
        return response.status_code, response.json()

    async def state(self) -> str:
        response = await self.exchange.send("GET", f"/v1/join/{self.join}")
        return str(response.json()["state"])

    def challenge(self, opened: bytes = b"x" * 32) -> bytes:
        return make_challenge(
            self.join,
            opened,
            to=self.peer.opening.public,
            admissions=self.exchange.stewards.keys.admissions[1],
            now=to_moment(self.exchange.clock.now()),
        )

    def answer(self, challenge: bytes) -> bytes:
        return answer_challenge(
            challenge,
            join=self.join,
            key=self.peer.opening,
            identity=self.peer.identity,
            admissions=by_id(self.exchange.stewards.keys.admissions[1].public),
            now=to_moment(self.exchange.clock.now()),
        )

    def refusal(self) -> bytes:
        return sign_refusal(
            self.join, admissions=self.exchange.stewards.keys.admissions[0], now=to_moment(self.exchange.clock.now())
        )


async def test_a_program_joins_step_by_step(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    request = asker.request()
    asked, view = await asker.post("", request)
    challenge = asker.challenge()
    _, challenged = await asker.post("challenge", challenge, signed=False)
    answer = asker.answer(challenge)
    _, answered = await asker.post("answer", answer)
    await exchange.admit(asker.peer)
    await exchange.publish_keys(asker.peer)

    assert (asked, view["state"], view["request"]) == (201, "pending", request.decode())
    assert (challenged["state"], challenged["challenge"]) == ("challenged", challenge.decode())
    assert (answered["state"], answered["answer"]) == ("answered", answer.decode())
    assert await asker.state() == "admitted"
    assert (await exchange.poll(asker.peer)).status_code == 200
    assert (await asker.post("answer", answer))[1]["code"] == "join-state"


async def test_every_step_of_joining_may_be_repeated(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    request, challenge = asker.request(), asker.challenge()
    await asker.post("", request)
    await asker.post("challenge", challenge, signed=False)
    answer = asker.answer(challenge)
    await asker.post("answer", answer)

    assert (await asker.post("", request))[0] == 200
    assert (await asker.post("challenge", challenge, signed=False))[1]["state"] == "answered"
    assert (await asker.post("answer", answer))[0] == 200
    other = asker.challenge(b"y" * 32)
    assert (await asker.post("challenge", other, signed=False))[1]["state"] == "challenged"


async def test_another_request_for_the_same_code_is_refused(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    await asker.post("", asker.request())
    asker.peer.identity = SigningKey.generate()

    status, problem = await asker.post("", asker.request())

    assert (status, problem["code"]) == (409, "id-taken")


@pytest.mark.parametrize("step", ["challenge", "refuse"])
async def test_only_an_admissions_key_speaks_for_the_stewards(
    exchange: Federation, host: Peer, step: Literal["challenge", "refuse"]
) -> None:
    asker = Asker(exchange)
    await asker.post("", asker.request())
    now = to_moment(exchange.clock.now())
    duty = exchange.stewards.keys.duty[0]
    forged = {
        "challenge": make_challenge(asker.join, b"x" * 32, to=asker.peer.opening.public, admissions=duty, now=now),
        "refuse": sign_refusal(asker.join, admissions=duty, now=now),
    }[step]

    status, problem = await asker.post(step, forged, signed=False)

    assert (status, problem["code"]) == (401, "key-unknown")
    assert await asker.state() == "pending"


async def test_a_step_for_another_joining_is_refused(exchange: Federation, host: Peer) -> None:
    asker, other = Asker(exchange), Asker(exchange)
    await asker.post("", asker.request())
    await other.post("", other.request())

    status, problem = await asker.post("challenge", other.challenge(), signed=False)

    assert (status, problem["code"]) == (400, "join-invalid")


async def test_a_refused_joining_goes_no_further(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    await asker.post("", asker.request())
    early = await asker.post(
        "answer",
        sign_jws(
            b'{"jti": "%s", "opened": "%s", "iat": 1}' % (asker.join.encode(), b"A" * 43),
            typ=Typ.JOIN_ANSWER,
            key=asker.peer.identity,
        ),
    )
    refusal = asker.refusal()
    await asker.post("refuse", refusal, signed=False)

    assert early[1]["code"] == "join-state"
    assert await asker.state() == "refused"
    assert (await asker.post("refuse", refusal, signed=False))[0] == 200
    assert (await asker.post("challenge", asker.challenge(), signed=False))[1]["code"] == "join-state"


async def test_an_unknown_joining_is_not_found(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)

    assert code(await exchange.send("GET", f"/v1/join/{asker.join}")) == (404, "item-unknown")
    assert code(await exchange.send("GET", "/v1/join/nothing")) == (400, "id-malformed")
    assert (await asker.post("answer", b"x"))[0] == 404


async def test_a_join_request_must_be_signed_by_the_identity_it_shows(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    body = asker.request()

    by_member = await exchange.send("POST", "/v1/join", peer=host, body=body, media=JOSE)
    unsigned = await exchange.send("POST", "/v1/join", body=body, media=JOSE)

    assert code(by_member) == (401, "hop-signature")
    assert code(unsigned) == (401, "hop-signature")


async def test_strangers_cannot_pile_up_joinings_without_end(exchange: Federation, host: Peer) -> None:
    asker, late = Asker(exchange), Asker(exchange)
    await asker.post("", asker.request())
    with exchange.app.state.edge.services.engine.begin() as connection:
        row = connection.execute(select(JOININGS)).mappings().one()
        connection.execute(insert(JOININGS), [{**row, "id": f"filler-{number}"} for number in range(499)])

    status, problem = await late.post("", late.request())

    assert (status, problem["code"]) == (429, "joins-full")
    assert (await asker.post("", asker.request()))[0] == 200


async def test_an_answer_to_another_joining_is_refused(exchange: Federation, host: Peer) -> None:
    asker, other = Asker(exchange), Asker(exchange)
    other.peer = asker.peer
    await asker.post("", asker.request())
    await asker.post("challenge", asker.challenge(), signed=False)

    status, problem = await asker.post("answer", other.answer(other.challenge()))

    assert (status, problem["code"]) == (422, "address-mismatch")


async def test_forgotten_joinings_make_room(exchange: Federation, host: Peer) -> None:
    asker = Asker(exchange)
    await asker.post("", asker.request())

    exchange.clock.advance(timedelta(days=31))
    exchange.app.state.edge.services.expire()

    assert code(await exchange.send("GET", f"/v1/join/{asker.join}")) == (404, "item-unknown")


def summary(peer: Peer, *, seq: int, name: str = "plain", days: int = 8) -> bytes:
    now = to_moment(peer.clock.now())
    return sign_summary(
        Summary(
            iss=peer.node,
            seq=seq,
            iat=now,
            exp=now + days * 86_400,
            quarter="2027-Q1",
            vocabulary=vocabulary_hash(),
            seen=Seen(root=1, targets=1, suspensions=1),
            policy=name,
            counts=Bracket(size=SizeBracket.UNDER_25),
            listings=(),
            cards_posted=0,
            keys=StatementRef(version=peer.version, hash=sha256_hex(b"")),
        ),
        peer.signing,
    )


async def put_summary(exchange: Federation, peer: Peer, token: bytes, owner: Peer | None = None) -> tuple[int, str]:
    path = f"/v1/summaries/{(owner or peer).node}/{sha256_hex(token)}"
    response = await exchange.send("PUT", path, peer=peer, body=token, media=JOSE)
    return response.status_code, str(response.json().get("code", ""))


async def test_summaries_are_indexed_and_served_to_active_members(exchange: Federation, home: Peer, host: Peer) -> None:
    old, new = summary(home, seq=1), summary(home, seq=2)
    assert await put_summary(exchange, home, old) == (201, "")
    assert await put_summary(exchange, home, new) == (201, "")
    assert await put_summary(exchange, home, new) == (200, "")

    index = await exchange.send("GET", "/v1/summaries/index", peer=host)
    known = await exchange.send(
        "GET", "/v1/summaries/index", peer=host, headers={"if-none-match": index.headers["etag"]}
    )
    (entry,) = index.json()["summaries"]
    one = await exchange.send("GET", f"/v1/summaries/{entry['node']}/{entry['sha256']}", peer=host)

    assert (entry["node"], entry["seq"], entry["key_version"]) == (home.node, 2, 1)
    assert known.status_code == 304
    assert one.content == new
    gone = await exchange.send("GET", f"/v1/summaries/{home.node}/{'0' * 64}", peer=host)
    assert code(gone) == (404, "item-unknown")


async def test_older_forked_and_foreign_summaries_are_refused(exchange: Federation, home: Peer, host: Peer) -> None:
    await put_summary(exchange, home, summary(home, seq=5))

    assert await put_summary(exchange, home, summary(home, seq=4)) == (409, "summary-rollback")
    assert await put_summary(exchange, home, summary(home, seq=5, name="other")) == (409, "summary-fork")
    assert await put_summary(exchange, home, summary(home, seq=10**15)) == (400, "summary-future")
    assert await put_summary(exchange, home, summary(home, seq=6, days=9)) == (400, "summary-invalid")
    assert await put_summary(exchange, home, summary(host, seq=6)) == (401, "key-unknown")
    assert await put_summary(exchange, home, summary(host, seq=6), owner=host) == (403, "not-yours")
    path = f"/v1/summaries/{home.node}/{'0' * 64}"
    wrong = await exchange.send("PUT", path, peer=home, body=summary(home, seq=7), media=JOSE)
    assert code(wrong) == (422, "address-mismatch")


async def test_a_suspended_members_summary_disappears(exchange: Federation, home: Peer, host: Peer) -> None:
    token = summary(home, seq=1)
    await put_summary(exchange, home, token)

    await exchange.suspend(home)

    assert (await exchange.send("GET", "/v1/summaries/index", peer=host)).json() == {"summaries": []}
    one = await exchange.send("GET", f"/v1/summaries/{home.node}/{sha256_hex(token)}", peer=host)
    assert code(one) == (404, "item-unknown")
    assert await put_summary(exchange, home, summary(home, seq=2)) == (403, "member-inactive")


async def test_expired_summaries_leave_the_index_and_guard_against_older_ones(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    old = summary(home, seq=1)
    await put_summary(exchange, home, old)
    await put_summary(exchange, home, summary(home, seq=5))
    exchange.clock.advance(timedelta(days=9))
    exchange.app.state.edge.services.expire()

    assert (await exchange.send("GET", "/v1/summaries/index", peer=host)).json() == {"summaries": []}
    one = await exchange.send("GET", f"/v1/summaries/{home.node}/{sha256_hex(old)}", peer=host)
    assert code(one) == (404, "item-unknown")
    assert await put_summary(exchange, home, summary(home, seq=4)) == (409, "summary-rollback")
    assert await put_summary(exchange, home, summary(home, seq=6, days=1)) == (201, "")


async def test_an_attestation_is_for_oneself_and_for_this_quarter(exchange: Federation, home: Peer, host: Peer) -> None:
    def attestation(peer: Peer, quarter: str) -> bytes:
        claims = Attestation(
            iss=peer.node,
            quarter=quarter,
            waiting=3,
            coordinator="A" * 43,
            iat=to_moment(exchange.clock.now()),
            keys=StatementRef(version=1, hash=sha256_hex(b"")),
        )
        return sign_jws(claims.encode(), typ=Typ.ATTESTATION, key=peer.signing)

    async def put(token: bytes, quarter: str) -> tuple[int, str]:
        response = await exchange.send("PUT", f"/v1/attestations/{quarter}", peer=home, body=token, media=JOSE)
        return response.status_code, str(response.json().get("code", ""))

    older = attestation(home, "2027-Q1")
    exchange.clock.advance(timedelta(seconds=1))
    for token in (attestation(home, "2027-Q1"), older):
        assert await put(token, "2027-Q1") == (200, "")
    assert await put(attestation(home, "2026-Q4"), "2026-Q4") == (422, "address-mismatch")
    assert await put(attestation(home, "2027-Q1"), "2027-Q2") == (400, "board-invalid")
    assert await put(attestation(host, "2027-Q1"), "2027-Q1") == (401, "key-unknown")
    assert await put(attestation(home, "2027-Q1"), "2027-X") == (422, "request-invalid")
