from __future__ import annotations

import json

import pytest

from protocol.bodies import (
    BODIES,
    BoardClaim,
    Body,
    Capability,
    IntroReveal,
    Kind,
    LanguageLevel,
    MatchClose,
    OfferAccept,
    OfferConfirm,
    RequestAnswer,
    RequestOffer,
    RequestOpen,
    RequestQuestion,
    StatusUpdate,
    ThreadResync,
    ThreadResynced,
    Tombstone,
)
from protocol.documents import FieldError
from protocol.vocabulary import ANSWERS, Answer, Mode, Outcome, Progress, Question, Topic
from tests.unit.protocol.builders import AT, MESSAGE, REQUEST

CAPABILITY = Capability(
    occupation="21331",
    topics=(Topic.LICENSING,),
    languages=("en", "fr"),
    mode=Mode.EITHER,
    hours=2,
    years_of_experience=12,
    time_zone="America/Edmonton",
)
EXAMPLES: dict[type[Body], Body] = {
    RequestOpen: REQUEST.model_copy(update={"board": BoardClaim(card="0" * 64, offer=MESSAGE, ticket="t" * 43)}),
    RequestQuestion: RequestQuestion(question=Question.GOAL),
    RequestAnswer: RequestAnswer(question=Question.GOAL, answer=Answer.FIND_WORK),
    RequestOffer: RequestOffer(capability=CAPABILITY, hold_until=AT),
    OfferAccept: OfferAccept(consent=MESSAGE),
    OfferConfirm: OfferConfirm(consent=MESSAGE),
    IntroReveal: IntroReveal(name="Amina Diallo", email="amina@example.org", phone="+1 (403) 555-0100"),
    StatusUpdate: StatusUpdate(progress=Progress.STARTED, meetings=0),
    MatchClose: MatchClose(outcome=Outcome.COMPLETED),
    Tombstone: Tombstone(),
    ThreadResync: ThreadResync(n=3, hash="0" * 64, own=2, own_hash="1" * 64),
    ThreadResynced: ThreadResynced(messages=("a.b.c",), more=False),
}


def read(kind: type[Body], **changes: object) -> Body:
    whole = json.loads(EXAMPLES[kind].encode()) | changes
    return kind.parse(json.dumps(whole).encode(), limit=65_536)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_message_travels_and_comes_back(kind: Kind) -> None:
    body = EXAMPLES[BODIES[kind]]
    assert BODIES[kind].parse(body.encode(), limit=65_536) == body


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (RequestOpen, {"occupation": "2133"}),
        (RequestOpen, {"topics": ["my landlord"]}),
        (RequestOpen, {"languages": []}),
        (RequestOpen, {"languages": [{"language": "en", "clb": 13}]}),
        (RequestOpen, {"languages": [{"language": "English", "clb": 6}]}),
        (RequestOpen, {"mode": "phone"}),
        (RequestOpen, {"hours": 0}),
        (RequestOpen, {"hours": 41}),
        (RequestOpen, {"time_zone": "Medicine Hat, near the park"}),
        (RequestOpen, {"board": {"card": "0" * 63, "offer": MESSAGE, "ticket": "t" * 43}}),
        (RequestOpen, {"board": {"card": "0" * 64, "offer": MESSAGE, "ticket": "t" * 42}}),
        (RequestQuestion, {"question": "Are you married?"}),
        (RequestAnswer, {"answer": "yes"}),
        (RequestAnswer, {"answer": "I would like to work as a nurse"}),
        (RequestOffer, {"hold_until": None}),
        (RequestOffer, {"capability": {}}),
        (OfferAccept, {"consent": "yes"}),
        (OfferConfirm, {"consent": ""}),
        (StatusUpdate, {"progress": "it went well"}),
        (StatusUpdate, {"meetings": -1}),
        (MatchClose, {"outcome": "they married"}),
        (ThreadResync, {"n": -1}),
        (ThreadResync, {"own_hash": "short"}),
        (ThreadResynced, {"messages": ["a b"]}),
        (ThreadResynced, {"messages": ["a.b.c"] * 101}),
    ],
)
def test_no_free_text_and_no_value_out_of_range_fits_a_body(kind: type[Body], change: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        read(kind, **change)


@pytest.mark.parametrize("question", list(Question))
def test_a_question_has_its_own_answers_and_no_others(question: Question) -> None:
    for answer in Answer:
        if answer in ANSWERS[question]:
            assert RequestAnswer(question=question, answer=answer).answer is answer
        else:
            with pytest.raises(FieldError):
                read(RequestAnswer, question=question.value, answer=answer.value)


@pytest.mark.parametrize(
    "email",
    ["a@b.test", "zoë@exämple.org", "o'neil+work@mail.example.org", "x@localhost"],
)
def test_an_address_is_read_by_its_form_alone(email: str) -> None:
    found = read(IntroReveal, email=email)
    assert isinstance(found, IntroReveal)
    assert found.email == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@",
        "@b",
        "a@b@c",
        "a b@c.org",
        "a@b.org\r\nBcc: all@c.org",
        "Amina <a@b.org>",
        "a@b.org,c@d.org",
        "a" * 65 + "@b.org",
    ],
)
def test_an_address_that_could_carry_a_second_header_is_refused(email: str) -> None:
    with pytest.raises(FieldError) as refused:
        read(IntroReveal, email=email)
    assert refused.value.params["field"] == "email"


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"name": "a\nb"}, {"name": "x" * 201}, {"phone": "call me"}, {"phone": ""}]
)
def test_contact_details_keep_their_form(change: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        read(IntroReveal, **change)


def test_only_an_introduction_names_a_person() -> None:
    personal = {"name", "email", "phone"}
    assert {kind for kind in BODIES.values() if personal & set(kind.model_fields)} == {IntroReveal}


def test_a_language_is_a_code_and_a_level() -> None:
    assert LanguageLevel(language="fr", clb=12).clb == 12
