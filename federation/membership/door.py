"""Joining a federation, in steps that may be repeated: pin the root, ask, answer the challenge, wait for the stewards.

Who is admitted is decided by the stewards, who compare six words with this program over the phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.links import JoinState, Link, Links
from federation.membership.refusals import AlreadyJoinedError
from federation.membership.relay import HopKeys, JoinProgress, RelayFactory
from protocol.documents import to_moment
from protocol.ids import Digest, JoinId
from protocol.joining import (
    JoinCode,
    JoinRequest,
    answer_challenge,
    read_code,
    request_mac,
    sign_request,
    verify_code,
)
from protocol.keys import WordList, six_words
from protocol.roster import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.roster_client import RosterClient
    from federation.membership.tables import MemberTables
    from protocol.vocabulary import Publishes, SizeBracket

_ASKED, _CHALLENGED, _REFUSED = "pending", "challenged", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinProfile:
    """How a program presents itself to the stewards."""

    name: str
    region: str
    publishes: Publishes
    size: SizeBracket
    language: WordList = WordList.ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinStatus:
    """How far joining came, and the six words to compare over the phone."""

    state: JoinState
    words: tuple[str, ...]
    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The steps of joining."""

    engine: Engine
    tables: MemberTables
    identity: Identity
    roster_client: RosterClient
    relays: RelayFactory

    def begin(self, code: str, profile: JoinProfile, now: datetime) -> Link:
        """Make the signed request of `code`, or find the one made before.

        Raises: JoinCodeError, AlreadyJoinedError, RosterUnreachableError, RosterRefusedError.
        """
        claimed = read_code(code.encode("ascii", "replace"), now)
        with transaction(self.engine) as connection:
            link = Links(self.tables).find(connection)
        if link is not None and link.join == claimed.jti:
            return link
        if link is not None and link.state is not JoinState.REFUSED:
            raise AlreadyJoinedError(join=link.join)
        url = claimed.exchange.rstrip("/") + "/roster/"
        root = self.roster_client.fetch_root(url, claimed.root_version, Digest(claimed.root_sha256))
        self.roster_client.bootstrap(root)
        self.roster_client.refresh(url, now)
        verified = verify_code(code.encode(), admissions=self.roster_client.admissions, now=now)
        return self._ask(verified, profile, now)

    def advance(self, link: Link, roster: Roster, now: datetime) -> JoinState:
        """Take the next step that can be taken now. Raises: RelayError, and what a false challenge raises."""
        if self._is_admitted(roster, now):
            state = JoinState.ADMITTED
        else:
            keys = HopKeys(signing=self.identity.identity, identity=self.identity.identity)
            with self.relays(link.exchange, keys) as relay:
                relay.ask_to_join(link.request)
                progress = relay.join_progress(link.join)
                answer = self._answer(link, progress, now)
                if answer is not None:
                    relay.answer_join(link.join, answer)
            state = _state(progress, answered=answer is not None)
        with transaction(self.engine) as connection:
            Links(self.tables).joined(connection, state)
        return state

    def status(self, link: Link, state: JoinState, language: WordList) -> JoinStatus:
        """What to show."""
        words = six_words(link.root_digest, self.identity.identity.public, language)
        return JoinStatus(state=state, words=words, exchange=link.exchange)

    def _ask(self, code: JoinCode, profile: JoinProfile, now: datetime) -> Link:
        join, public = JoinId(code.jti), self.identity.identity.public
        with transaction(self.engine) as connection:
            statement = self.identity.first_statement(connection, now)
            request = JoinRequest(
                jti=join,
                node=self.identity.node,
                name=profile.name,
                region=profile.region,
                identity=public.jwk,
                statement=statement.token.decode("ascii"),
                publishes=profile.publishes,
                size=profile.size,
                mac=request_mac(code.secret, join=join, identity=public, statement=statement.digest),
                iat=to_moment(now),
            )
            link = Link(
                exchange=code.exchange,
                join=join,
                state=JoinState.WAITING,
                request=sign_request(request, self.identity.identity),
                root_digest=Digest(code.root_sha256),
                paused_by=None,
                synced_at=None,
            )
            Links(self.tables).begin(connection, link)
        return link

    def _answer(self, link: Link, progress: JoinProgress, now: datetime) -> bytes | None:
        if progress.challenge is None or progress.state not in {_ASKED, _CHALLENGED}:
            return None
        with transaction(self.engine) as connection:
            sealed_to = self.identity.newest(connection).sealing[0].key_id
            key = self.identity.opening_key(connection, sealed_to)
        return answer_challenge(
            progress.challenge,
            join=link.join,
            key=key,
            identity=self.identity.identity,
            admissions=self.roster_client.admissions,
            now=to_moment(now),
        )

    def _is_admitted(self, roster: Roster, now: datetime) -> bool:
        mine = self.identity.identity.public.jwk
        found = next((member for member in roster.members.members if member.identity == mine), None)
        return (
            found is not None
            and found.id == self.identity.node
            and roster.standing(self.identity.node, now) is Standing.ACTIVE
        )


def _state(progress: JoinProgress, *, answered: bool) -> JoinState:
    # "admitted" is believed only of the signed roster.
    if progress.state == _REFUSED:
        return JoinState.REFUSED
    return JoinState.WAITING if not answered and progress.state in {_ASKED, _CHALLENGED} else JoinState.ANSWERED
