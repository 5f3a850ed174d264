"""The ports `Notes`, `Merges`, `Uploads` and `Cover`, acts found by what they are about, and who has which trace."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary, select

from federation.ground.sealed import UnsealError
from node.adapters.sql.merges import LEFT_BEHIND, SEALED
from node.adapters.sql.records import links
from node.adapters.sql.tables import FOLK, MATCHING, METADATA, PRIVACY
from node.adapters.vault.file import FileVault
from node.domain.actor import Role, UserId
from node.domain.audit import Act, AuditEntry
from node.domain.card import CardOffer, CardWords, OwnCard, QuestionId
from node.domain.consent import ANY_MEMBER, Given, Grant, GrantId, Purpose
from node.domain.errors import HiddenTextError, UnknownPersonError
from node.domain.mentorship import Agreement, Goal, Mentorship, MentorshipId, Place
from node.domain.merging import Merge
from node.domain.note import Note, NoteId
from node.domain.person import Contact, OccupationCode, Person
from node.domain.request import Offered
from node.domain.traces import email_trace, phone_trace
from node.domain.upload import Upload, UploadGoneError, UploadId
from node.domain.user import User, UserState
from node.services.ports.shelves import Reading
from protocol.ids import Digest, NodeId
from protocol.vocabulary import Mode
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_capability, a_mentor, a_person, new_id

BY = UserId("somebody")
STAFF = User(
    id=UserId(new_id()),
    name="Robin",
    email="robin@example.org",
    role=Role.COORDINATOR,
    state=UserState.ACTIVE,
    added_at=NOON,
)


def a_note(person: Person, words: str = "called her mother") -> Note:
    return Note(id=NoteId(new_id()), person=person.id, at=NOON, by=BY, words=words)


def test_notes_come_back_newest_first_and_are_sealed_under_the_key_of_the_person(work: OpenSqlWork) -> None:
    one, other = a_person(), a_person()
    first, second = a_note(one), replace(a_note(one, "again"), at=NOON + timedelta(days=1))
    with work() as unit:
        unit.people.add([one, other])
        unit.notes.add(first)
        unit.notes.add(second)

    with work() as unit:
        assert unit.notes.of(one.id) == (second, first)
        assert unit.notes.of(other.id) == ()
        stored = unit.connection.execute(select(FOLK.notes.c.words).where(FOLK.notes.c.id == first.id)).scalar_one()
        assert b"mother" not in bytes(stored)
        with pytest.raises(UnsealError):
            unit.seals.open(FOLK.notes.c.words, other.id, stored)


def test_a_file_on_its_way_in_takes_the_place_of_the_one_before_and_can_be_forgotten(work: OpenSqlWork) -> None:
    first = Upload(id=UploadId(new_id()), user=STAFF.id, at=NOON, content=b"name;email")
    second = replace(first, id=UploadId(new_id()), at=NOON + timedelta(hours=1), content=bytes(range(256)))
    with work() as unit:
        unit.users.add(STAFF)
        unit.uploads.add(first)
        assert unit.uploads.get(first.id) == first
        stored = unit.connection.execute(select(FOLK.uploads.c.content)).scalar_one()
        assert b"email" not in bytes(stored)
        unit.uploads.add(second)

    with work() as unit:
        assert unit.uploads.get(second.id) == second
        with pytest.raises(UploadGoneError):
            unit.uploads.get(first.id)
        unit.uploads.tidy(second.at)
        assert unit.uploads.get(second.id) == second
        unit.uploads.tidy(second.at + timedelta(seconds=1))
        with pytest.raises(UploadGoneError):
            unit.uploads.get(second.id)
        unit.uploads.add(first)
        unit.uploads.remove(first.id)
        with pytest.raises(UploadGoneError):
            unit.uploads.get(first.id)


def test_people_of_one_kind_who_share_a_whole_trace_look_alike_until_they_are_told_apart(work: OpenSqlWork) -> None:
    one = a_person(contact=Contact(name="Amara Okafor", email="amara@example.org", phone="403 555 0100"))
    by_phone = a_person(contact=Contact(name="A. O.", phone="+1 (403) 555-0100"))
    by_name = a_person(contact=Contact(name="amara  OKAFOR"))
    nearly = a_person(contact=Contact(name="Amara Okafora", email="amara2@example.org"))
    mentor = replace(a_mentor(), contact=one.contact)
    with work() as unit:
        unit.people.add([one, by_phone, by_name, nearly, mentor])

    with work() as unit:
        assert unit.merges.alike(10) == ((one.id, by_phone.id), (one.id, by_name.id))
        assert unit.merges.alike(1) == ((one.id, by_phone.id),)
        for _ in range(2):
            unit.merges.tell_apart(by_phone.id, one.id)
        assert unit.merges.alike(10) == ((one.id, by_name.id),)
        held = unit.people.holders([email_trace("AMARA@example.org"), phone_trace("4035550100"), "email:nobody@x.org"])
        assert held == {
            "email:amara@example.org": {one.id, mentor.id},
            "phone:4035550100": {one.id, by_phone.id, mentor.id},
        }


def test_whatever_hung_on_the_one_who_goes_hangs_on_the_one_who_stays_and_can_be_opened(work: OpenSqlWork) -> None:
    kept, gone, mentor = a_person(), a_person(), a_mentor()
    agreement = Agreement(
        words="we meet", review_on=date(2027, 9, 1), goals=(Goal(words="work", due_on=date(2027, 9, 1)),)
    )
    met = Mentorship(
        id=MentorshipId(new_id()),
        place=Place.LOCAL,
        opened_at=NOON,
        mentor=mentor.id,
        members=(gone.id,),
        agreement=agreement,
    )
    both = replace(met, id=MentorshipId(new_id()), members=(kept.id, gone.id), agreement=None)
    grant = Grant(
        id=GrantId(new_id()),
        person=gone.id,
        purpose=Purpose.OUTSIDE,
        recipient=ANY_MEMBER,
        wording="in these words",
        given=Given.PHONE,
        granted_at=NOON,
        expires_at=NOON + timedelta(days=1),
        recorded_by=BY,
    )
    note = a_note(gone)
    merge = Merge(gone=gone.id, person=kept.id, at=NOON, by=BY)
    with work() as unit:
        unit.people.add([kept, gone, mentor])
        unit.mentorships.add(met)
        unit.mentorships.add(both)
        unit.consents.add(grant)
        unit.notes.add(note)
        unit.exclusions.add(gone.id, mentor.id, NOON)
        unit.pins.add(gone.id, mentor.id, NOON)
        unit.merges.absorb(merge)

    with work() as unit:
        assert unit.mentorships.get(met.id) == replace(met, members=(kept.id,))
        assert unit.mentorships.get(both.id).members == (kept.id,)
        assert unit.consents.of(kept.id) == (replace(grant, person=kept.id),)
        assert unit.notes.of(kept.id) == (replace(note, person=kept.id),)
        assert unit.exclusions.of(kept.id) == {mentor.id}
        assert unit.merges.of(kept.id) == (merge,)
        with pytest.raises(UnknownPersonError):
            unit.people.get(gone.id)
        another = a_person()
        unit.people.add([another])
        unit.merges.absorb(Merge(gone=kept.id, person=another.id, at=NOON, by=BY))
        assert {one.gone for one in unit.merges.of(another.id)} == {gone.id, kept.id}


def test_an_anonymous_request_and_its_offers_open_for_the_one_who_stays_and_she_keeps_her_own_pin(
    work: OpenSqlWork,
) -> None:
    kept, gone = a_person(), a_person()
    first, second = a_mentor(), a_mentor()
    words = CardWords(occupation=OccupationCode("21300"), language=None, tier=1, mode=Mode.ONLINE)
    card = OwnCard(id=Digest("c" * 64), person=gone.id, words=words, secret="opens.closes", posted_at=NOON)
    offer = CardOffer(
        id=QuestionId(new_id()),
        card=card.id,
        host=NodeId("b" * 16),
        offer=Offered(a_capability(), NOON + timedelta(days=9)),
        ticket="t" * 43,
        heard_at=NOON,
    )
    with work() as unit:
        unit.people.add([kept, gone, first, second])
        unit.postings.add(card)
        unit.postings.hear(offer)
        unit.pins.add(kept.id, first.id, NOON)
        unit.pins.add(gone.id, second.id, NOON)
        unit.merges.absorb(Merge(gone=gone.id, person=kept.id, at=NOON, by=BY))

    with work() as unit:
        assert unit.postings.of(kept.id) == (replace(card, person=kept.id),)
        assert unit.postings.offers(card.id) == (offer,)
        assert unit.connection.execute(select(MATCHING.pins.c.mentor)).scalars().all() == [first.id]


def test_no_sealed_value_of_a_person_is_forgotten_when_she_is_merged() -> None:
    """A table added later says here whether its sealed values move."""
    pointing = [table for table in METADATA.tables.values() if links(table) and table not in LEFT_BEHIND]
    binary = {column for table in pointing for column in table.c if isinstance(column.type, LargeBinary)}

    unsealed = {PRIVACY.visibilities.c.salt}  # drawn by chance; it moves as it is

    assert {str(column) for column in binary - set(SEALED) - unsealed - set(METADATA.tables["people"].c)} == set()


def test_acts_are_found_by_what_they_are_about_newest_first(work: OpenSqlWork) -> None:
    acts = [
        AuditEntry(at=NOON + timedelta(minutes=n), actor=BY, act=Act.PERSON_EDITED, subject=subject)
        for n, subject in enumerate(("one", "other", "one", "third"))
    ]
    with work() as unit:
        for act in acts:
            unit.audit.add(act)

        assert unit.audit.about(["one", "third", "one"], 2) == (acts[3], acts[2])
        assert unit.audit.about(["one"], 9) == (acts[2], acts[0])
        assert unit.audit.about([], 9) == ()


def test_what_is_hidden_in_an_address_opens_for_its_own_node_alone(vault: FileVault) -> None:
    hidden = vault.hide("Zoé Brûlé")

    assert vault.reveal(hidden) == "Zoé Brûlé"
    assert hidden.replace("-", "").replace("_", "").isalnum()
    assert vault.hide("Zoé Brûlé") != hidden
    for wrong in ("", "x", hidden[:-4], hidden[:-4] + "AAAA", "é"):
        with pytest.raises(HiddenTextError):
            vault.reveal(wrong)


def test_who_read_of_somebody_stands_apart_from_what_was_done_and_does_not_crowd_it_out(work: OpenSqlWork) -> None:
    done = AuditEntry(at=NOON, actor=BY, act=Act.PERSON_EDITED, subject="one")
    read = [
        AuditEntry(at=NOON + timedelta(minutes=n), actor=UserId(who), act=Act.PERSON_SHOWN, subject=subject)
        for n, (who, subject) in enumerate((("pat", "one"), ("kim", "one"), ("pat", "gone"), ("pat", "other")))
    ]
    with work() as unit:
        unit.audit.add(done, *read)
        unit.audit.add()

        assert unit.audit.about(["one", "gone"], 1) == (done,)
        assert unit.audit.readings(["one", "gone"]) == (
            Reading(UserId("pat"), 2, NOON + timedelta(minutes=2)),
            Reading(UserId("kim"), 1, NOON + timedelta(minutes=1)),
        )
