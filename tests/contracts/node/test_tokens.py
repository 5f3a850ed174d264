"""The ports `Tokens` and `Answers` on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from node.adapters.sql.tables import API
from node.domain.actor import Role, TokenId, UserId
from node.domain.signin import digest
from node.domain.token import Scope, Token, UnknownTokenError
from node.domain.user import User, UserState
from node.services.ports.tokens import Answered, Asking
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, new_id


def a_user(work: OpenSqlWork) -> UserId:
    identifier = UserId(new_id())
    user = User(
        id=identifier,
        name="Robin",
        email=f"{identifier}@example.org",
        role=Role.COORDINATOR,
        state=UserState.ACTIVE,
        added_at=NOON,
    )
    with work() as unit:
        unit.users.add(user)
    return identifier


def a_token(user: UserId, secret: str = "mw_secret") -> Token:
    return Token(
        id=TokenId(new_id()),
        digest=digest(secret),
        user=user,
        name="the newsletter",
        scopes=frozenset({Scope.PEOPLE_READ, Scope.REPORTS_READ}),
        added_at=NOON,
        ends_on=date(2027, 4, 1),
    )


def an_asking(user: UserId, *, key: str = "key", owner: str = "owner", request: str = "request") -> Asking:
    return Asking(owner=owner, key=key, request=request, subject=user)


def test_a_token_comes_back_as_it_was_kept_and_its_name_lies_sealed(work: OpenSqlWork) -> None:
    token = a_token(a_user(work))
    with work() as unit:
        unit.tokens.add(token)

    with work() as unit:
        assert unit.tokens.get(token.id) == unit.tokens.find(token.digest) == token
        assert unit.tokens.find(digest("mw_other")) is None
        assert b"newsletter" not in unit.connection.execute(select(API.tokens.c.name)).scalar_one()
        with pytest.raises(UnknownTokenError):
            unit.tokens.get(TokenId(new_id()))


def test_tokens_are_listed_by_user_used_and_ended(work: OpenSqlWork) -> None:
    robin, kim = a_user(work), a_user(work)
    first, second, others = a_token(robin, "1"), a_token(robin, "2"), a_token(kim, "3")
    with work() as unit:
        for token in (first, second, others):
            unit.tokens.add(token)
        used = first.used(NOON)
        unit.tokens.used(used)

    with work() as unit:
        assert unit.tokens.of(robin) == (used, second)
        assert unit.tokens.all() == (used, second, others)
        unit.tokens.end(first.id)
        assert unit.tokens.of(robin) == (second,)
        unit.tokens.end_all(robin)
        assert unit.tokens.all() == (others,)


def test_a_token_works_through_its_last_day_and_notes_a_day_once() -> None:
    token = a_token(UserId("robin"))

    assert token.works(NOON)
    assert not token.works(NOON + timedelta(days=32))
    assert replace(token, ends_on=None).works(NOON + timedelta(days=3200))
    assert token.used(NOON).used(NOON + timedelta(hours=1)).used_on == NOON.date()


def test_only_the_first_to_ask_claims_and_everybody_after_is_given_its_answer(work: OpenSqlWork) -> None:
    user = a_user(work)
    asking = an_asking(user)
    with work() as unit:
        assert unit.answers.claim(asking, NOON) is None
        assert unit.answers.claim(replace(asking, request="other"), NOON) == Answered(request="request", answer=None)
        assert unit.answers.given(asking, NOON - timedelta(hours=1)) is None
        unit.answers.keep(asking, "the answer, with a name in it")
        assert unit.answers.given(asking, NOON - timedelta(hours=1)) == "the answer, with a name in it"
        assert unit.answers.given(asking, NOON) is None
        assert unit.answers.given(an_asking(user, owner="other"), NOON - timedelta(hours=1)) is None

    with work() as unit:
        again = unit.answers.claim(asking, NOON)
        assert again == Answered(request="request", answer="the answer, with a name in it")
        assert b"name" not in unit.connection.execute(select(API.answers.c.answer)).scalar_one()
        for other in (an_asking(user, key="other"), an_asking(user, owner="other")):
            assert unit.answers.claim(other, NOON) is None


def test_an_answer_can_be_dropped_blanked_and_forgotten(work: OpenSqlWork) -> None:
    asking, kept = an_asking(user := a_user(work)), an_asking(user, key="kept")
    with work() as unit:
        for one in (asking, kept):
            unit.answers.claim(one, NOON)
            unit.answers.keep(one, "an answer")
        unit.answers.drop(asking)
        assert unit.answers.claim(asking, NOON + timedelta(days=1)) is None

        unit.answers.blank()
        assert unit.answers.claim(kept, NOON) == Answered(request="request", answer=None)

        unit.answers.tidy(NOON + timedelta(hours=1))
        assert unit.answers.claim(kept, NOON) is None
        assert unit.answers.claim(asking, NOON) is not None
