"""The tables of the program. One file, so that what is sealed and what is clear can be seen at a glance.

Sealed columns are binary and hold ciphertext under the data key of the person they are about. Every row about a person
hangs on her data key and goes with it: a table added later points at `people.id` with `ondelete="CASCADE"`.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, false

from federation.ground.columns import UtcDateTime
from federation.ground.engine import metadata
from federation.membership.tables import define
from node.adapters.sql.api_tables import define as define_api
from node.adapters.sql.board_tables import define as define_board
from node.adapters.sql.folk_tables import define as define_folk
from node.adapters.sql.intake_tables import define as define_intake
from node.adapters.sql.matching_tables import MatchingTables
from node.adapters.sql.pair_tables import define as define_pairs
from node.adapters.sql.privacy_tables import define as define_privacy
from node.adapters.sql.program_tables import define as define_program
from node.adapters.sql.signin_tables import define as define_signin

METADATA = metadata()

_ID = String(36)
_CODE = String(64)

data_keys = Table(
    "data_keys",
    METADATA,
    Column("subject", _ID, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("master_version", Integer, nullable=False),
)

program = Table(
    "program",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("region", String(200), nullable=False),
    Column("language", String(2), nullable=False),
    Column("founded_at", UtcDateTime, nullable=False),
    Column("standing", _CODE, nullable=False),
    Column("restored_to", UtcDateTime),
    Column("version", Integer, nullable=False),
)

communities = Table(
    "communities",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
)

users = Table(
    "users",
    METADATA,
    Column("id", ForeignKey("data_keys.subject", ondelete="CASCADE"), primary_key=True),
    Column("contact", LargeBinary, nullable=False),  # sealed: name, e-mail
    Column("email_token", LargeBinary, nullable=False, unique=True),
    Column("role", _CODE, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
)

people = Table(
    "people",
    METADATA,
    Column("id", ForeignKey("data_keys.subject", ondelete="CASCADE"), primary_key=True),
    Column("kind", _CODE, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("paused_until", Date),
    Column("contact", LargeBinary, nullable=False),  # sealed: name, contact, birth date, hours, speciality, notes
    Column("community", ForeignKey("communities.id"), nullable=False),
    Column("occupation", String(5), nullable=False),
    Column("languages", String(200), nullable=False),
    Column("mode", _CODE, nullable=False),
    Column("topics", String(400), nullable=False),
    Column("slots", String(400), nullable=False),
    Column("time_zone", _CODE, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("visibility", Integer, nullable=False),
    Column("years_experience", Integer),
    Column("arrived_on", Date),
    Column("waiting_since", Date),
    Column("wishes", String(200), nullable=False, server_default=""),
    Column("specialities", String(2000), nullable=False, server_default=""),  # keyed tokens
    Column("added_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "kind", "state", "occupation"),
    Index(None, "kind", "state", "waiting_since", "id"),
    Index(None, "kind", "version", "id"),
    Index(None, "community"),
)

search_tokens = Table(
    "search_tokens",
    METADATA,
    Column("token", LargeBinary, primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("whole", Boolean(create_constraint=False), nullable=False, server_default=false()),  # no mere beginning
    Index(None, "person"),
    Index(None, "whole", "token"),
)

exclusions = Table(
    "exclusions",
    METADATA,
    Column("mentee", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("mentor", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Index(None, "mentor"),
)

consents = Table(
    "consents",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", _CODE, nullable=False),
    Column("recipient", _CODE, nullable=False),
    Column("concerns", _CODE, nullable=False),
    Column("wording", LargeBinary, nullable=False),  # sealed
    Column("given", _CODE, nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("recorded_by", _ID, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_given", _CODE),
    Column("withdrawn_recorded_by", _ID),
    Column("version", Integer, nullable=False),
    Index(None, "person"),
)

seats = Table(
    "seats",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("mentor", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("claimant", _ID, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("held_until", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index(None, "mentor"),
    Index(None, "claimant"),
)

audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", _ID, nullable=False),
    Column("via", _ID),
    Column("act", _CODE, nullable=False),
    Column("subject", _CODE, nullable=False, index=True),
    Index(None, "at"),
)

erasures = Table(
    "erasures",
    METADATA,
    Column("tombstone", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

requests = Table(
    "requests",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("peer", String(16), nullable=False),
    Column("side", _CODE, nullable=False),
    Column("stage", _CODE, nullable=False),
    Column("need", String(2_000), nullable=False),  # codes only, as they crossed the border
    Column("offer", String(2_000)),  # codes only
    Column("opened_at", UtcDateTime, nullable=False),
    Column("person", _ID, ForeignKey("people.id", ondelete="SET NULL")),
    Column("seat", _ID),
    Column("consent", _ID),
    Column("version", Integer, nullable=False),
    Index(None, "person"),
)

mentorships = Table(
    "mentorships",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("place", _CODE, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("mentor", _ID, ForeignKey("people.id", ondelete="SET NULL")),
    Column("thread", _ID),
    Column("peer", String(16)),
    Column("seat", _ID),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("outcome", _CODE),
    Column("closed_at", UtcDateTime),
    Column("told_meetings", Integer, nullable=False),
    Column("heard_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index(None, "thread"),
    Index(None, "mentor"),
)

mentorship_members = Table(
    "mentorship_members",
    METADATA,
    Column("mentorship", _ID, ForeignKey("mentorships.id", ondelete="CASCADE"), primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "person"),
)

agreements = Table(
    "agreements",
    METADATA,
    Column("mentorship", _ID, ForeignKey("mentorships.id", ondelete="CASCADE"), primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed: the agreement and every goal, in the pair's own words
    Column("goals", String(400), nullable=False),  # date and state of each
    Column("review_on", Date, nullable=False),
    Index(None, "person"),
)

meetings = Table(
    "meetings",
    METADATA,
    Column("mentorship", _ID, ForeignKey("mentorships.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("held_on", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
)

letters = Table(
    "letters",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("about", _ID, nullable=False),
    Column("language", String(2), nullable=False),
    Column("meeting_uid", String(80)),
    Column("meeting_at", UtcDateTime),
    Column("time_zone", _CODE),
    Column("other", LargeBinary),  # sealed: name, e-mail and phone of the one it introduces
    Column("link", LargeBinary),  # sealed: the token of a link to sign in, until it left
    Column("state", _CODE, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("resent", Boolean, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index(None, "due_at"),
    Index(None, "about"),
    Index(None, "person"),
)

releases = Table(
    "releases",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", _CODE, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("receivers", Integer, nullable=False),
    Column("quarter", String(7)),
)

release_listings = Table(
    "release_listings",
    METADATA,
    Column("release", _ID, ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    Column("pseudonym", String(16), primary_key=True),
    Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Index(None, "person"),
)

MEMBER = define(METADATA)
"""What taking part in a federation needs to keep; sealed under the key of the program itself."""
PROGRAM = define_program(METADATA)
"""What the program chose for itself."""
PRIVACY = define_privacy(METADATA)
"""What was drawn, agreed to and witnessed."""
SIGNIN = define_signin(METADATA)  # what signing in needs to keep
MATCHING = MatchingTables(METADATA)
"""What drafts and pinned pairs need to keep."""
PAIRS = define_pairs(METADATA)
"""What pairs keep beside their agreements."""
FOLK = define_folk(METADATA)
"""What coordinators keep beside a person."""
BOARD = define_board(METADATA)
"""What anonymous requests need to keep."""
API = define_api(METADATA)
"""What other programs need to act for a member of staff."""
INTAKE = define_intake(METADATA)
"""What people answer who are not in the program yet, and the program's own questions."""
