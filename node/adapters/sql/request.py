"""Requests in SQL. What was asked and offered are codes, kept as one text each."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select

from node.adapters.sql.tables import requests
from node.adapters.sql.versions import replace_row
from node.domain.consent import GrantId
from node.domain.language import parse_languages, write_languages
from node.domain.person import OccupationCode, PersonId
from node.domain.request import Capability, End, Need, Offered, Request, Stage, UnknownRequestError
from node.domain.seat import SeatId
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Mode, Topic


class SqlRequests:
    """The table of requests."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, request: Request) -> None:
        """Keep a new request."""
        values = {
            "id": request.id,
            "peer": request.peer,
            "side": request.end,
            "need": _write_need(request.need),
            "opened_at": request.opened_at,
            "version": request.version,
        }
        self._connection.execute(insert(requests).values({**values, **_editable(request)}))

    def get(self, request: ThreadId) -> Request:
        """One request. Raises: UnknownRequestError."""
        row = self._connection.execute(select(requests).where(requests.c.id == request)).one_or_none()
        if row is None:
            raise UnknownRequestError(request=request)
        return _request(row)

    def all(self) -> tuple[Request, ...]:
        """Every request, oldest first."""
        return self._found(select(requests))

    def at(self, stages: Sequence[Stage]) -> tuple[Request, ...]:
        """Requests at one of these stages, oldest first."""
        return self._found(select(requests).where(requests.c.stage.in_(stages)))

    def page(self, stages: Collection[Stage], after: ThreadId | None, limit: int) -> tuple[Request, ...]:
        """So many at these stages, newest first, from the one behind `after` on."""
        table = requests.c
        wanted = select(requests).where(table.stage.in_(stages))
        if after is not None:
            last = select(table.opened_at).where(table.id == after).scalar_subquery()
            wanted = wanted.where(or_(table.opened_at < last, and_(table.opened_at == last, table.id < after)))
        newest = wanted.order_by(table.opened_at.desc(), table.id.desc()).limit(limit)
        return tuple(_request(row) for row in self._connection.execute(newest))

    def of(self, person: PersonId) -> tuple[Request, ...]:
        """Requests about one of our people, oldest first."""
        return self._found(select(requests).where(requests.c.person == person))

    def with_peer(self, peer: NodeId, since: datetime) -> tuple[Request, ...]:
        """Requests to and from one program that were opened at or after a moment, oldest first."""
        return self._found(select(requests).where(requests.c.peer == peer, requests.c.opened_at >= since))

    def replace(self, request: Request) -> None:
        """Store a changed request. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, requests, request.id, request.version, _editable(request))

    def _found(self, statement: Select[tuple[object, ...]]) -> tuple[Request, ...]:
        ordered = statement.order_by(requests.c.opened_at, requests.c.id)
        return tuple(_request(row) for row in self._connection.execute(ordered))


def _editable(request: Request) -> dict[str, object]:
    return {
        "stage": request.stage,
        "person": request.person,
        "seat": request.seat,
        "offer": None if request.offer is None else write_offer(request.offer),
        "consent": request.consent,
    }


def _request(row: Row[tuple[object, ...]]) -> Request:
    return Request(
        id=ThreadId(row.id),
        peer=NodeId(row.peer),
        end=End(row.side),
        stage=Stage(row.stage),
        need=_read_need(json.loads(row.need)),
        opened_at=row.opened_at,
        person=None if row.person is None else PersonId(row.person),
        seat=None if row.seat is None else SeatId(row.seat),
        offer=None if row.offer is None else read_offer(json.loads(row.offer)),
        consent=None if row.consent is None else GrantId(row.consent),
        version=row.version,
    )


def _write_need(need: Need) -> str:
    return json.dumps(
        {
            "occupation": need.occupation,
            "languages": write_languages(need.languages),
            "topics": need.topics,
            "mode": need.mode,
            "hours": need.hours,
            "time_zone": need.time_zone,
        }
    )


def _read_need(found: Mapping[str, str]) -> Need:
    return Need(
        occupation=OccupationCode(found["occupation"]),
        languages=parse_languages(found["languages"]),
        topics=tuple(Topic(topic) for topic in found["topics"]),
        mode=Mode(found["mode"]),
        hours=int(found["hours"]),
        time_zone=found["time_zone"],
    )


def write_offer(offer: Offered) -> str:
    """An offer as one text of codes."""
    capability = offer.capability
    return json.dumps(
        {
            "occupation": capability.occupation,
            "languages": capability.languages,
            "topics": capability.topics,
            "mode": capability.mode,
            "hours": capability.hours,
            "years": capability.years_of_experience,
            "time_zone": capability.time_zone,
            "until": offer.hold_until.isoformat(),
        }
    )


def read_offer(found: Mapping[str, str]) -> Offered:
    """The offer that `write_offer` wrote."""
    capability = Capability(
        occupation=OccupationCode(found["occupation"]),
        languages=tuple(found["languages"]),
        topics=tuple(Topic(topic) for topic in found["topics"]),
        mode=Mode(found["mode"]),
        hours=int(found["hours"]),
        years_of_experience=int(found["years"]),
        time_zone=found["time_zone"],
    )
    return Offered(capability, datetime.fromisoformat(found["until"]))
