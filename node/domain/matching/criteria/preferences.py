"""What each of the two would like in the other; every wish of both counts alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from node.domain.community import CommunityId
from node.domain.language import Spoken, in_common
from node.domain.matching.bearings import Bearings
from node.domain.matching.finding import SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate, OccupationCode, Wish
from protocol.vocabulary import Mode

_NEAR_KM = 60
_EXPERIENCED = 10
_OFFICIAL = frozenset({"en", "fr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Liking:
    """What somebody wishes, and what somebody else's wishes may be about."""

    wishes: tuple[Wish, ...]
    occupation: OccupationCode
    languages: tuple[Spoken, ...]
    community: CommunityId
    mode: Mode
    experienced: bool


Holds = Callable[[Bearings, Liking, Liking], bool]


def _own_language(_: Bearings, ours: Liking, theirs: Liking) -> bool:
    def home(spoken: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
        return tuple(language for language in spoken if language.code not in _OFFICIAL)

    return bool(in_common(home(ours.languages), home(theirs.languages)))


def _near(bearings: Bearings, ours: Liking, theirs: Liking) -> bool:
    km = bearings.km(ours.community, theirs.community)
    return km is not None and km <= _NEAR_KM


_HOLDS: Mapping[Wish, Holds] = {
    Wish.SAME_OCCUPATION: lambda _, ours, theirs: ours.occupation == theirs.occupation,
    Wish.OWN_LANGUAGE: _own_language,
    Wish.NEARBY: _near,
    Wish.EXPERIENCED: lambda _, __, theirs: theirs.experienced,
    Wish.ONLINE: lambda _, __, theirs: theirs.mode is not Mode.IN_PERSON,
    Wish.IN_PERSON: lambda _, __, theirs: theirs.mode is not Mode.ONLINE,
    Wish.CIRCLE: lambda _, __, theirs: Wish.CIRCLE in theirs.wishes,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """Preferences, both ways."""

    bearings: Bearings
    aspect: Aspect = Aspect.PREFERENCES

    def trait(self, person: Candidate) -> Liking:
        """Her wishes, and what others may wish for."""
        profile = person.profile
        return Liking(
            wishes=profile.wishes,
            occupation=profile.occupation,
            languages=profile.languages,
            community=profile.community,
            mode=profile.mode,
            experienced=(profile.years_experience or 0) >= _EXPERIENCED,
        )

    def compare(self, mentee: Liking, mentor: Liking) -> Finding:
        """The share of all wishes that hold."""
        if not mentee.wishes and not mentor.wishes:
            return SILENT
        unmet = [wish for wish in mentee.wishes if not _HOLDS[wish](self.bearings, mentee, mentor)]
        unmet += [wish for wish in mentor.wishes if not _HOLDS[wish](self.bearings, mentor, mentee)]
        total = len(mentee.wishes) + len(mentor.wishes)
        share = WHOLE * (total - len(unmet)) // total
        if unmet:
            return Finding(share, Reason.WISHES_UNMET, speaks_for=False, details=(("wishes", " ".join(unmet)),))
        return Finding(share, Reason.WISHES_MET, details=(("count", total),))
