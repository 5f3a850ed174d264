"""Notes, merges and files on their way in: what each refuses."""

import pytest

from node.domain.actor import UserId
from node.domain.merging import BothAskedError, KindsDifferError, SamePersonError, may_merge
from node.domain.note import LONGEST_NOTE, Note, NoteBlankError, NoteId, NoteTooLongError
from node.domain.person import PersonId
from node.domain.traces import is_whole
from node.domain.upload import MOST_UPLOAD_BYTES, Upload, UploadId, UploadTooLargeError
from tests.support.clock import NOON
from tests.support.node import a_mentor, a_person

BY = UserId("somebody")


def a_note(words: str) -> Note:
    return Note(id=NoteId("n"), person=PersonId("p"), at=NOON, by=BY, words=words)


def test_a_note_says_something_and_not_too_much() -> None:
    assert a_note("x" * LONGEST_NOTE).words
    with pytest.raises(NoteBlankError):
        a_note(" \n ")
    with pytest.raises(NoteTooLongError):
        a_note("x" * (LONGEST_NOTE + 1))


def test_a_file_of_people_is_not_boundless() -> None:
    assert Upload(id=UploadId("u"), user=BY, at=NOON, content=b"x" * MOST_UPLOAD_BYTES).content
    with pytest.raises(UploadTooLargeError):
        Upload(id=UploadId("u"), user=BY, at=NOON, content=b"x" * (MOST_UPLOAD_BYTES + 1))


def test_two_entries_of_one_kind_may_become_one_unless_both_are_asked_for_elsewhere() -> None:
    one, other = a_person(), a_person()

    may_merge(one, other, both_asked=False)
    with pytest.raises(SamePersonError):
        may_merge(one, one, both_asked=False)
    with pytest.raises(KindsDifferError):
        may_merge(one, a_mentor(), both_asked=False)
    with pytest.raises(BothAskedError):
        may_merge(one, other, both_asked=True)


def test_the_beginning_of_a_name_is_no_whole_trace() -> None:
    assert [is_whole(trace) for trace in ("name:ama", "whole:amara", "email:a@b.org", "phone:1")] == [
        False,
        True,
        True,
        True,
    ]
