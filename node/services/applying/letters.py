"""Letters to people who only applied yet: the link to go on with, or a no. They leave by the mail server alone."""

from contextlib import suppress
from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.errors import ChangedMeanwhileError
from node.domain.intake.application import Application, UnknownApplicationError
from node.domain.intake.question import Ask
from node.domain.letter import LEASE, Letter, LetterId
from node.domain.person import Contact, PersonId
from node.services.letters import BATCH
from node.services.ports import Clock, OpenWork
from node.services.ports.letters import PostOffice, PostOfficeBusyError


@dataclass(frozen=True, slots=True)
class SendToApplicants:
    """Send what is due; one that the mail server did not take comes round again a few times."""

    work: OpenWork
    clock: Clock
    post_office: PostOffice

    def __call__(self, actor: Actor) -> int:
        """How many letters left."""
        actor.may(Action.SEND_LETTERS)
        now = self.clock.now()
        with self.work() as work:
            program = work.programs.get().name
            due = work.applications.claim_mail(now, now + LEASE, BATCH)
        return sum(self._send(application, program) for application in due)

    def _send(self, application: Application, program: str) -> bool:
        reach = application.answer(Ask.REACH)
        if application.mail is None or not reach("email"):
            return False
        letter = Letter(
            id=LetterId(f"{application.id}-{application.mails}"),
            person=PersonId(application.id),
            about=application.id,
            language=application.language,
            link=application.mail.token,
            errand=application.mail.errand,
            written_at=self.clock.now(),
        )
        to = Contact(name=application.answer(Ask.NAME)("name"), email=reach("email"))
        try:
            self.post_office.send(letter, to, program)
        except PostOfficeBusyError:
            return False
        # She may have gone on, or taken everything back, while her letter left.
        with suppress(ChangedMeanwhileError, UnknownApplicationError), self.work() as work:
            now = work.applications.get(application.id)
            if now.mail == application.mail:
                work.applications.replace(replace(now, mail=None))
        return True
