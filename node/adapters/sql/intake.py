"""Forms and sources in clear, answers of applicants sealed, in SQL."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import INTAKE, data_keys
from node.adapters.sql.versions import replace_row
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
from node.domain.intake.question import Ask, Form, Question, Texts, usual_form
from node.domain.intake.source import Source, SourceExistsError, UnknownSourceError
from node.domain.letter import Errand
from node.domain.person import Kind
from node.domain.program import Tongue
from node.domain.signin import TokenDigest
from node.services.ports.intake import Arrived

forms, sources, applications = INTAKE.forms, INTAKE.sources, INTAKE.applications
_SINCE = {
    Stage.FILLING: applications.c.begun_at,
    Stage.SENT: applications.c.sent_at,
    Stage.TURNED_DOWN: applications.c.decided_at,
}


class SqlIntakeForms:
    """The tables of forms and sources."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def get(self, kind: Kind) -> Form:
        """The newest version, or the usual form."""
        newest = select(forms).where(forms.c.kind == kind).order_by(forms.c.version.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return usual_form(kind) if row is None else _form(row)

    def history(self, kind: Kind) -> Sequence[Form]:
        """Every version that was made, newest first."""
        wanted = select(forms).where(forms.c.kind == kind).order_by(forms.c.version.desc())
        return tuple(_form(row) for row in self._connection.execute(wanted))

    def add(self, form: Form) -> None:
        """Keep the next version. Raises: ChangedMeanwhileError."""
        if form.version != self.get(form.kind).version + 1:
            raise ChangedMeanwhileError(table=forms.name, row=form.kind)
        values = {
            "kind": form.kind,
            "version": form.version,
            "questions": json.dumps([_written(question) for question in form.questions], ensure_ascii=False),
            "changed_at": form.changed_at,
            "changed_by": form.changed_by,
        }
        try:
            self._connection.execute(insert(forms).values(values))
        except IntegrityError as error:
            raise ChangedMeanwhileError(table=forms.name, row=form.kind) from error

    def sources(self) -> tuple[Source, ...]:
        """Every source by name; the blank one first."""
        rows = self._connection.execute(select(sources).order_by(sources.c.name, sources.c.code))
        return tuple(
            Source(
                code=row.code,
                name=row.name,
                made_at=row.made_at,
                started=row.started,
                finished=row.finished,
                retired_at=row.retired_at,
            )
            for row in rows
        )

    def add_source(self, source: Source) -> None:
        """Keep a new source. Raises: SourceExistsError."""
        if self._connection.execute(select(sources.c.code).where(sources.c.code == source.code)).first():
            raise SourceExistsError(source=source.code)
        self._connection.execute(
            insert(sources).values(code=source.code, name=source.name, made_at=source.made_at, started=0, finished=0)
        )

    def retire_source(self, code: str, at: datetime | None) -> None:
        """Count nobody under a source from a moment on; with None count under it again."""
        wanted = (sources.c.code == code) & (sources.c.code != "")
        if not self._connection.execute(update(sources).where(wanted).values(retired_at=at)).rowcount:
            raise UnknownSourceError(source=code)

    def count_started(self, code: str) -> str:
        """Somebody began by this source; the code that counted it."""
        one_more = {"started": sources.c.started + 1}
        counting = (sources.c.code == code) & sources.c.retired_at.is_(None)
        if self._connection.execute(update(sources).where(counting).values(one_more)).rowcount:
            return code
        if code:
            return self.count_started("")
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(sources).values(code="", name="", started=1, finished=0))
        except IntegrityError:  # somebody else was the very first a moment ago
            return self.count_started("")
        return ""

    def count_finished(self, code: str) -> None:
        """Somebody who began by this source sent her answers."""
        one_more = {"finished": sources.c.finished + 1}
        self._connection.execute(update(sources).where(sources.c.code == code).values(one_more))


class SqlApplications:
    """The table of applications."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, application: Application) -> None:
        """Keep a new one."""
        self._seals.make_keys([application.id])
        fixed = {name: getattr(application, name) for name in ("id", "kind", "source", "begun_at", "version")}
        self._connection.execute(insert(applications).values({**fixed, **self._editable(application)}))

    def get(self, application: ApplicationId) -> Application:
        """One. Raises: UnknownApplicationError."""
        row = self._connection.execute(_with_key().where(applications.c.id == application)).one_or_none()
        if row is None:
            raise UnknownApplicationError(application=application)
        return self._application(row)

    def by_link(self, link: TokenDigest) -> Application | None:
        """The one a link opens."""
        row = self._connection.execute(_with_key().where(applications.c.link == link)).one_or_none()
        return None if row is None else self._application(row)

    def replace(self, application: Application) -> None:
        """Store a changed one. Raises: ChangedMeanwhileError."""
        values = self._editable(application)
        replace_row(self._connection, applications, application.id, application.version, values)

    def remove(self, application: ApplicationId) -> None:
        """Destroy its data key, and it with it."""
        self._connection.execute(delete(data_keys).where(data_keys.c.subject == application))

    def at(self, stage: Stage) -> tuple[Application, ...]:
        """Those at a stage, oldest first."""
        wanted = _with_key().where(applications.c.stage == stage).order_by(_SINCE[stage], applications.c.id)
        return tuple(self._application(row) for row in self._connection.execute(wanted))

    def page(self, stage: Stage, limit: int, after: ApplicationId | None) -> tuple[Application, ...]:
        """So many at a stage, behind one of them: those who wait oldest first, the others newest first."""
        since, oldest = _SINCE[stage], stage is Stage.SENT
        wanted = _with_key().where(applications.c.stage == stage)
        last = self._connection.execute(select(since).where(applications.c.id == after)).scalar_one_or_none()
        if last is not None:
            same = since == last
            wanted = wanted.where(
                (since > last) | (same & (applications.c.id > after))
                if oldest
                else (since < last) | (same & (applications.c.id < after))
            )
        order = (since, applications.c.id) if oldest else (since.desc(), applications.c.id.desc())
        return tuple(self._application(row) for row in self._connection.execute(wanted.order_by(*order).limit(limit)))

    def arrived(self, limit: int) -> tuple[Arrived, ...]:
        """Those that wait to be read, oldest first."""
        table = applications.c
        wanted = select(table.id, table.kind, table.sent_at).where(table.stage == Stage.SENT)
        rows = self._connection.execute(wanted.order_by(table.sent_at, table.id).limit(limit))
        return tuple(
            Arrived(application=ApplicationId(row.id), kind=Kind(row.kind), sent_at=row.sent_at) for row in rows
        )

    def over(self, stage: Stage, before: datetime) -> tuple[ApplicationId, ...]:
        """Those at a stage that have been there since before a moment."""
        due = (applications.c.stage == stage) & (_SINCE[stage] < before)
        found = self._connection.execute(select(applications.c.id).where(due).order_by(applications.c.id))
        return tuple(ApplicationId(one) for one in found.scalars())

    def claim_mail(self, at: datetime, until: datetime, limit: int) -> tuple[Application, ...]:
        """Those whose letter is due; the lease of an attempt is its due moment."""
        due = select(applications.c.id).where(applications.c.mail_due_at <= at).order_by(applications.c.mail_due_at)
        found = self._connection.execute(due.limit(limit).with_for_update(skip_locked=True)).scalars().all()
        for one in found:
            self.replace(self.get(ApplicationId(one)).try_again(until))
        return tuple(self.get(ApplicationId(one)) for one in found)

    def _editable(self, application: Application) -> dict[str, object]:
        mail = application.mail
        answers = [[answer.ask, [list(field) for field in answer.fields]] for answer in application.answers]
        words = {
            "answers": json.dumps(answers, ensure_ascii=False),
            "reason": application.reason,
            "token": mail.token if mail else "",
        }
        return {
            "language": application.language,
            "link": application.link,
            "until": application.until,
            "stage": application.stage,
            "sent_at": application.sent_at,
            "decided_at": application.decided_at,
            "words": self._seals.seal_fields(applications.c.words, application.id, words),
            "mail": mail.errand if mail else None,
            "mail_due_at": mail.due_at if mail else None,
            "mail_attempts": mail.attempts if mail else 0,
            "mails": application.mails,
        }

    def _application(self, row: Row[tuple[object, ...]]) -> Application:
        self._seals.learn(row.id, row.wrapped, row.master_version)
        words = self._seals.open_fields(applications.c.words, row.id, row.words)
        return Application(
            id=ApplicationId(row.id),
            kind=Kind(row.kind),
            language=Tongue(row.language),
            source=row.source,
            link=TokenDigest(row.link),
            stage=Stage(row.stage),
            begun_at=row.begun_at,
            until=row.until,
            sent_at=row.sent_at,
            decided_at=row.decided_at,
            answers=tuple(
                Answer(Ask(ask), tuple((name, text) for name, text in fields))
                for ask, fields in json.loads(words["answers"])
            ),
            reason=words["reason"],
            mail=None if row.mail is None else _mail(row, words["token"]),
            mails=row.mails,
            version=row.version,
        )


def _mail(row: Row[tuple[object, ...]], token: str) -> Mail:
    return Mail(errand=Errand(row.mail), due_at=row.mail_due_at, token=token, attempts=row.mail_attempts)


def _with_key() -> Select[tuple[object, ...]]:
    keys = data_keys.c.wrapped, data_keys.c.master_version
    return select(applications, *keys).join(data_keys, data_keys.c.subject == applications.c.id)


def _written(question: Question) -> dict[str, object]:
    title, more = ({"en": texts.en, "fr": texts.fr} for texts in (question.title, question.more))
    return {"ask": question.ask, "shown": question.shown, "title": title, "more": more}


def _form(row: Row[tuple[object, ...]]) -> Form:
    kind = Kind(row.kind)
    read = tuple(
        Question(Ask(one["ask"]), one["shown"], Texts(**one["title"]), Texts(**one["more"]))
        for one in json.loads(row.questions)
    )
    return Form(
        kind=kind,
        questions=read,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=UserId(row.changed_by),
    )
