"""The ports `Passwords`, `Sessions`, `Attempts` and `Desk` on both databases, and `Secrets` on this machine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from node.adapters.secrets import ArgonSecrets
from node.adapters.sql.tables import SIGNIN
from node.domain.actor import Role, UserId
from node.domain.person import Kind
from node.domain.signin import Pass, Session, UnknownUserError, digest
from node.domain.user import User, UserState
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_person, new_id

SOON, LATE = NOON + timedelta(minutes=5), NOON + timedelta(days=2)


def a_user(work: OpenSqlWork, email: str = "robin@example.org") -> User:
    user = User(
        id=UserId(new_id()), name="Robin", email=email, role=Role.COORDINATOR, state=UserState.ACTIVE, added_at=NOON
    )
    with work() as unit:
        unit.users.add(user)
    return user


def a_session(user: User, token: str = "token") -> Session:
    return Session(digest=digest(token), user=user.id, begun_at=NOON, seen_at=NOON)


def test_a_user_is_found_by_id_and_by_address_however_it_is_typed(work: OpenSqlWork) -> None:
    robin = a_user(work)

    with work() as unit:
        assert unit.users.get(robin.id) == unit.users.by_email(" Robin@Example.ORG ") == robin
        assert unit.users.by_email("nobody@example.org") is None
        with pytest.raises(UnknownUserError):
            unit.users.get(UserId("nobody"))


def test_a_password_takes_the_place_of_the_one_before_and_lies_sealed(work: OpenSqlWork) -> None:
    robin = a_user(work)
    with work() as unit:
        unit.passwords.keep(robin.id, "$argon2id$first", NOON)
        unit.passwords.keep(robin.id, "$argon2id$second", SOON)

    with work() as unit:
        assert unit.passwords.of(robin.id) == "$argon2id$second"
        assert unit.passwords.of(UserId("nobody")) is None
        assert b"argon" not in unit.connection.execute(select(SIGNIN.passwords.c.hash)).scalar_one()


def test_a_link_takes_the_place_of_the_one_before_and_is_spent(work: OpenSqlWork) -> None:
    robin = a_user(work)
    first, second = (Pass(digest=digest(token), user=robin.id, until=LATE) for token in ("first", "second"))
    with work() as unit:
        unit.passwords.give_link(first)
        unit.passwords.give_link(second)

    with work() as unit:
        assert unit.passwords.link(first.digest) is None
        assert unit.passwords.link(second.digest) == second
        unit.passwords.spend_links(robin.id)
        assert unit.passwords.link(second.digest) is None


def test_a_session_is_kept_seen_and_ended(work: OpenSqlWork) -> None:
    session = a_session(a_user(work))
    with work() as unit:
        unit.sessions.begin(session)
        unit.sessions.seen(replace(session, seen_at=SOON))

    with work() as unit:
        assert unit.sessions.find(session.digest) == replace(session, seen_at=SOON)
        unit.sessions.end(session.digest)
        assert unit.sessions.find(session.digest) is None


def test_every_session_and_known_browser_of_one_user_ends_together(work: OpenSqlWork) -> None:
    robin, other = a_user(work), a_user(work, "other@example.org")
    browser = Pass(digest=digest("browser"), user=robin.id, until=LATE)
    with work() as unit:
        for session in (a_session(robin, "one"), a_session(robin, "two"), a_session(other, "three")):
            unit.sessions.begin(session)
        unit.sessions.know(browser)
        assert unit.sessions.known(browser.digest) == browser
        unit.sessions.end_all(robin.id)
        unit.sessions.forget_browsers(robin.id)

    with work() as unit:
        assert [unit.sessions.find(digest(token)) for token in ("one", "two")] == [None, None]
        assert unit.sessions.find(digest("three")) == a_session(other, "three")
        assert unit.sessions.known(browser.digest) is None


def test_what_is_over_is_forgotten(work: OpenSqlWork) -> None:
    robin = a_user(work)
    with work() as unit:
        unit.sessions.begin(a_session(robin))
        unit.sessions.know(Pass(digest=digest("browser"), user=robin.id, until=SOON))
        unit.sessions.tidy(NOON, NOON)
        assert unit.sessions.find(digest("token")) is not None
        assert unit.sessions.known(digest("browser")) is not None
        unit.sessions.tidy(SOON, SOON)

    with work() as unit:
        assert unit.sessions.find(digest("token")) is None
        assert unit.sessions.known(digest("browser")) is None


def test_attempts_are_counted_by_place_and_by_account_within_a_time(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.attempts.add("1", "place:a", "email:robin", NOON)
        unit.attempts.add("2", "place:a", "", SOON)
        unit.attempts.add("3", "place:b", "email:robin", SOON)

    with work() as unit:
        assert unit.attempts.from_place("place:a", NOON) == 2
        assert unit.attempts.from_place("place:a", SOON) == 1
        assert unit.attempts.on_account("email:robin", NOON) == 2
        unit.attempts.forget("3")
        assert unit.attempts.on_account("email:robin", NOON) == 1
        unit.attempts.tidy(SOON)
        assert unit.attempts.on_account("email:robin", NOON) == 0


def test_attempts_do_not_tell_where_they_came_from(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.attempts.add("1", "place:192.0.2.7", "email:robin@example.org", NOON)
        row = unit.connection.execute(select(SIGNIN.attempts)).one()

    assert b"192.0.2.7" not in row.place
    assert b"robin" not in row.account


def test_the_desk_counts_mentees_for_whom_nothing_happened(work: OpenSqlWork) -> None:
    waiting = [a_person() for _ in range(3)]
    late = replace(a_person(), added_at=SOON)
    undated = replace(a_person(), profile=replace(waiting[0].profile, waiting_since=None))
    with work() as unit:
        unit.people.add([*waiting, late, undated, a_person(Kind.MENTOR)])

    with work() as unit:
        found = unit.desk.unanswered(NOON, 2)
        assert [one.person for one in found] == [person.id for person in waiting[:2]]
        assert found[0].count == 4
        assert unit.desk.unanswered(NOON, 9)[-1].since == NOON.date()
        names = unit.desk.names([waiting[0].id])
        assert names == {waiting[0].id: waiting[0].contact.name}


def test_secrets_know_a_password_again_and_nobody_by_nothing() -> None:
    secrets = ArgonSecrets()
    sealed = secrets.seal("plum jam on warm bread")

    assert sealed.startswith("$argon2id$")
    assert secrets.matches("plum jam on warm bread", sealed)
    assert not secrets.matches("plum jam on cold bread", sealed)
    assert not secrets.matches("", None)


def test_tokens_are_long_and_new_each_time() -> None:
    tokens = {ArgonSecrets().new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
