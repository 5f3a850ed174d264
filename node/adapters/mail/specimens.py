"""Letters to nobody: how the program's letters look, with people and addresses that do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from node.adapters.mail.composing import Composer
from node.domain.letter import MEETING_HOUR, MEETING_IN, Errand, Letter, LetterId, Proposal, Waits
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from node.domain.request import Reachable
from node.domain.texts import PARTS, LetterKind, Wording
from node.services.ports.texts import Specimen
from node.words import Words, catalogue

_PAGES = "https://mentors.example.org"
_ERRANDS = {
    LetterKind.RESUME: Errand.RESUME,
    LetterKind.TURNED_DOWN: Errand.TURNED_DOWN,
    LetterKind.REMINDER: Errand.REMINDER,
}


@dataclass(frozen=True, slots=True)
class ComposedSpecimens:
    """Fulfils `Stationery` with what composes real letters; meetings are proposed in `zone`."""

    zone: str

    def usual(self, code: str, language: Tongue) -> str:
        """What is said unless the program says otherwise."""
        english, french = catalogue()[code]
        return french if language is Tongue.FRENCH else english

    def specimen(
        self, letter: LetterKind, language: Tongue, program: str, wordings: Sequence[Wording], at: datetime
    ) -> Specimen:
        """The letter to an invented person; of a form, all that is said at its beginning and its end."""
        words = Words(language.value)
        if letter is LetterKind.FORM:
            own = {(one.code, one.language): one.text for one in wordings}
            said = (own.get((code, language)) or self.usual(code, language) for code in PARTS[letter])
            return Specimen(language=language, subject=words("texts.form"), text="\n\n".join(said))
        message = Composer("", _PAGES, lambda: wordings).compose(
            self._letter(letter, language, words, at), Contact(name=words("texts.example.name"), email=""), program
        )
        body = message.get_body(("plain",))
        return Specimen(language=language, subject=str(message["Subject"]), text=body.get_content() if body else "")

    def _letter(self, letter: LetterKind, language: Tongue, words: Words, at: datetime) -> Letter:
        introduces, reminds = letter is LetterKind.INTRODUCTION, letter is LetterKind.REMINDER
        when = (at + MEETING_IN).astimezone(ZoneInfo(self.zone)).replace(hour=MEETING_HOUR, minute=0)
        other = Reachable(name=words("texts.example.other"), email="other@example.org", phone="+1 403 555 0100")
        return Letter(
            id=LetterId("example"),
            person=PersonId("example"),
            about="example",
            language=language,
            written_at=at,
            proposal=Proposal(uid="example", starts_at=when, time_zone=self.zone) if introduces else None,
            other=other if introduces else None,
            link="example",
            errand=_ERRANDS.get(letter, Errand.SIGN_IN),
            waits=Waits(count=3, until=at + timedelta(days=2)) if reminds else None,
        )
