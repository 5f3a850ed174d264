"""The record of acts: lines of JSON, each of which carries the hash of the line before it.

Where the lines are kept belongs to the folder. A line that is changed, removed or inserted breaks the chain; lines cut
off at the end are found by comparing the head with one written down elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from federation.governance.domain.errors import RecordBrokenError
from protocol.documents import DigestText, Document, Label, Moment, to_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, sha256_hex

LINE_LIMIT = 65_536
START = Digest("0" * 64)


class Verb(StrEnum):
    """What a steward did."""

    MADE_STEWARD = "made-steward"
    PROPOSED = "proposed"
    SIGNED = "signed"
    PUBLISHED = "published"
    ISSUED_CODE = "issued-code"
    CHALLENGED = "challenged"
    REFUSED_JOIN = "refused-join"
    TRUSTED_ROOT = "trusted-root"


class Act(Document):
    """One line of the record: ids, names of programs and versions only."""

    n: int
    at: Moment
    by: Label
    verb: Verb
    what: str
    subject: str = ""
    prev: DigestText


def head_of(lines: Iterable[bytes]) -> Digest:
    """The hash of the last line: what the next one names, and what an outsider may write down."""
    last = START
    for line in lines:
        last = sha256_hex(line)
    return last


def next_line(lines: tuple[bytes, ...], *, at: datetime, by: str, verb: Verb, what: str, subject: str) -> bytes:
    """The line to append. Raises: RecordBrokenError."""
    checked = check_chain(lines)
    act = Act(n=len(checked) + 1, at=to_moment(at), by=by, verb=verb, what=what, subject=subject, prev=head_of(lines))
    return act.encode()


def check_chain(lines: tuple[bytes, ...]) -> tuple[Act, ...]:
    """The acts, once every line was found to follow from the one before. Raises: RecordBrokenError."""
    acts: list[Act] = []
    last = START
    for number, line in enumerate(lines, start=1):
        try:
            act = Act.parse(line, limit=LINE_LIMIT)
        except ProtocolError as error:
            raise RecordBrokenError(line=number) from error
        if act.prev != last or act.n != number:
            raise RecordBrokenError(line=number)
        acts.append(act)
        last = sha256_hex(line)
    return tuple(acts)
