"""A program that asks to join, honestly or with every kind of mischief a test wants."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protocol import jws
from protocol.documents import to_moment
from protocol.ids import Digest, JoinId, NodeId
from protocol.joining import (
    JoinAnswer,
    JoinChallenge,
    JoinRequest,
    answer_challenge,
    read_code,
    request_mac,
    sign_request,
)
from protocol.keys import OpeningKey, SigningKey, VerifyingKey, WordList, six_words
from protocol.parsing import b64u, unb64u
from protocol.sealing import SealLabel, unseal
from protocol.statements import LIMIT, KeyStatement, sign_statement, verify_statement
from protocol.vocabulary import Publishes, SizeBracket


@dataclass
class Newcomer:
    """Keys of a program, and the documents it sends when it joins."""

    node: NodeId
    name: str = "Medicine Hat"
    identity: SigningKey = field(default_factory=SigningKey.generate)
    signing: SigningKey = field(default_factory=SigningKey.generate)
    sealing: OpeningKey = field(default_factory=OpeningKey.generate)
    key_version: int = 1

    def ask(self, code: str, now: datetime, *, secret: str | None = None, iat: datetime | None = None) -> str:
        """A join request made with the code."""
        read = read_code(code.encode(), now)
        token = self.statement(now)
        statement = verify_statement(token, node=self.node, identity=self.identity.public, now=now)
        mac = request_mac(
            secret or read.secret, join=JoinId(read.jti), identity=self.identity.public, statement=statement.digest
        )
        request = JoinRequest(
            jti=read.jti,
            node=self.node,
            name=self.name,
            region="Alberta",
            identity=self.identity.public.jwk,
            statement=token.decode(),
            publishes=Publishes.BRACKET,
            size=SizeBracket.UNDER_25,
            mac=mac,
            iat=to_moment(iat or now),
        )
        return sign_request(request, self.identity).decode()

    def statement(self, now: datetime) -> bytes:
        """The first key statement."""
        claims = KeyStatement(
            iss=self.node,
            version=self.key_version,
            iat=to_moment(now),
            exp=to_moment(now + timedelta(days=30)),
            sign=(self.signing.public.jwk,),
            seal=(self.sealing.public.jwk,),
            prev=None,
        )
        return sign_statement(claims, self.identity)

    def answer(
        self, challenge: str, join: JoinId, admissions: VerifyingKey, now: datetime, *, by: SigningKey | None = None
    ) -> str:
        """The opened challenge, signed."""
        return answer_challenge(
            challenge.encode(),
            join=join,
            key=self.sealing,
            identity=by or self.identity,
            admissions=jws.by_id(admissions),
            now=to_moment(now),
        ).decode()

    def open(self, challenge: str, join: JoinId, now: datetime) -> str:
        """The opened challenge of whoever set it, signed; an honest program asks first who that was."""
        claims = JoinChallenge.parse(jws.claimed_payload(challenge.encode(), typ=jws.Typ.JOIN_CHALLENGE), limit=LIMIT)
        opened = unseal(unb64u(claims.sealed), key=self.sealing, label=SealLabel.JOIN, context=join.encode())
        answer = JoinAnswer(jti=join, opened=b64u(opened), iat=to_moment(now))
        return jws.sign(answer.encode(), typ=jws.Typ.JOIN_ANSWER, key=self.identity).decode()

    def guess(self, join: JoinId, now: datetime) -> str:
        """An answer that was never opened."""
        claims = JoinAnswer(jti=join, opened=b64u(bytes(32)), iat=to_moment(now))
        return jws.sign(claims.encode(), typ=jws.Typ.JOIN_ANSWER, key=self.identity).decode()

    def words(self, code: str, now: datetime, language: WordList = WordList.ENGLISH) -> str:
        """What the program reads on the phone."""
        read = read_code(code.encode(), now)
        return " ".join(six_words(Digest(read.root_sha256), self.identity.public, language))
