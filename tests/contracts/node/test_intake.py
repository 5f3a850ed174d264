"""The ports `IntakeForms` and `Applications` on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from node.adapters.sql.tables import INTAKE, data_keys
from node.domain.actor import UserId
from node.domain.errors import ChangedMeanwhileError
from node.domain.intake.application import (
    Answer,
    Application,
    ApplicationId,
    Mail,
    Stage,
    UnknownApplicationError,
)
from node.domain.intake.question import Ask, Moved, Texts, Worded, usual_form
from node.domain.intake.source import Source, SourceExistsError, UnknownSourceError
from node.domain.letter import Errand
from node.domain.person import Kind
from node.domain.program import Tongue
from node.domain.signin import digest
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, new_id

SOON, LATE = NOON + timedelta(minutes=5), NOON + timedelta(days=31)
ROBIN = UserId(new_id())
NAMED = Answer(Ask.NAME, (("name", "Zoë Quill"),))


def an_application(work: OpenSqlWork, token: str = "token", stage: Stage = Stage.FILLING) -> Application:
    application = Application(
        id=ApplicationId(new_id()),
        kind=Kind.MENTEE,
        language=Tongue.FRENCH,
        link=digest(token),
        begun_at=NOON,
        until=LATE,
        source="library",
        stage=stage,
        sent_at=None if stage is Stage.FILLING else NOON,
        decided_at=NOON if stage is Stage.TURNED_DOWN else None,
        answers=(NAMED,),
    )
    with work() as unit:
        unit.applications.add(application)
    return application


def test_every_version_of_a_form_is_kept_and_the_newest_is_asked(work: OpenSqlWork) -> None:
    usual = usual_form(Kind.MENTOR)
    first = usual.changed(Worded(Ask.NAME, Texts("Who are you?", "Qui êtes-vous?"), Texts()), ROBIN, NOON)
    second = first.changed(Moved(Ask.NAME, up=False), ROBIN, SOON)
    with work() as unit:
        assert unit.intake_forms.get(Kind.MENTOR) == usual
        unit.intake_forms.add(first)
        unit.intake_forms.add(second)

    with work() as unit:
        assert unit.intake_forms.get(Kind.MENTOR) == second
        assert unit.intake_forms.history(Kind.MENTOR) == (second, first)
        assert unit.intake_forms.get(Kind.MENTEE) == usual_form(Kind.MENTEE)
        with pytest.raises(ChangedMeanwhileError):
            unit.intake_forms.add(second)


def test_sources_count_who_began_and_who_sent(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.intake_forms.add_source(Source(code="library", name="Library", made_at=NOON))
        assert [unit.intake_forms.count_started(code) for code in ("library", "unknown", "")] == ["library", "", ""]
        unit.intake_forms.count_finished("library")

    with work() as unit:
        with pytest.raises(SourceExistsError):
            unit.intake_forms.add_source(Source(code="library", name="Library"))
        assert unit.intake_forms.sources() == (
            Source(code="", name="", started=2),
            Source(code="library", name="Library", made_at=NOON, started=1, finished=1),
        )


def test_a_retired_source_keeps_its_counts_and_who_comes_by_it_counts_among_the_others(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.intake_forms.add_source(Source(code="library", name="Library", made_at=NOON))
        unit.intake_forms.count_started("library")
        unit.intake_forms.retire_source("library", SOON)
        assert unit.intake_forms.count_started("library") == ""
        assert unit.intake_forms.sources() == (
            Source(code="", name="", started=1),
            Source(code="library", name="Library", made_at=NOON, started=1, retired_at=SOON),
        )
        unit.intake_forms.retire_source("library", None)
        assert unit.intake_forms.count_started("library") == "library"
        for code in ("", "unknown"):
            with pytest.raises(UnknownSourceError):
                unit.intake_forms.retire_source(code, SOON)


def test_answers_are_kept_sealed_under_a_key_of_their_own_and_go_with_it(work: OpenSqlWork) -> None:
    application = an_application(work)
    mailed = replace(application, mail=Mail(errand=Errand.RESUME, due_at=SOON, token="secret"), mails=1)
    with work() as unit:
        unit.applications.replace(mailed)

    with work() as unit:
        assert unit.applications.get(application.id) == replace(mailed, version=2)
        assert unit.applications.by_link(digest("token")) == replace(mailed, version=2)
        assert unit.applications.by_link(digest("other")) is None
        sealed = unit.connection.execute(select(INTAKE.applications.c.words)).scalar_one()
        assert b"Quill" not in sealed
        assert b"secret" not in sealed
        with pytest.raises(ChangedMeanwhileError):
            unit.applications.replace(mailed)
        unit.applications.remove(application.id)
        with pytest.raises(UnknownApplicationError):
            unit.applications.get(application.id)
        assert unit.connection.execute(select(data_keys).where(data_keys.c.subject == application.id)).all() == []


def test_each_stage_is_found_by_itself(work: OpenSqlWork) -> None:
    filling, sent, refused = (an_application(work, stage, stage) for stage in Stage)

    with work() as unit:
        assert [one.id for one in unit.applications.at(Stage.SENT)] == [sent.id]
        assert [one.id for one in unit.applications.page(Stage.TURNED_DOWN, 5, None)] == [refused.id]
        assert [one.application for one in unit.applications.arrived(5)] == [sent.id]
        assert unit.applications.arrived(0) == ()
        assert unit.applications.over(Stage.FILLING, SOON) == (filling.id,)
        assert unit.applications.over(Stage.TURNED_DOWN, SOON) == (refused.id,)
        assert unit.applications.over(Stage.FILLING, NOON) == ()


def test_a_stage_is_read_page_by_page_those_who_wait_oldest_first(work: OpenSqlWork) -> None:
    for stage, order in ((Stage.SENT, 1), (Stage.TURNED_DOWN, -1)):
        made = [an_application(work, f"{stage} {number}", stage).id for number in range(3)][::order]
        with work() as unit:
            first = [one.id for one in unit.applications.page(stage, 2, None)]
            rest = [one.id for one in unit.applications.page(stage, 2, first[-1])]
        assert [*first, *rest] == made


def test_a_letter_that_is_due_is_given_to_one_sender(work: OpenSqlWork) -> None:
    application = an_application(work)
    mail = Mail(errand=Errand.RESUME, due_at=NOON, token="secret")
    with work() as unit:
        unit.applications.replace(replace(application, mail=mail, mails=1))

    with work() as unit:
        assert unit.applications.claim_mail(NOON - timedelta(seconds=1), SOON, 5) == ()
        (claimed,) = unit.applications.claim_mail(NOON, SOON, 5)
        assert claimed.mail == replace(mail, due_at=SOON, attempts=1)
        assert unit.applications.claim_mail(NOON, SOON, 5) == ()
