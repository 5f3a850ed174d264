"""Who may keep a mentorship: a coordinator, or one of the pair. To anybody else it does not exist."""

from node.domain.actor import Action, Actor, Participant
from node.domain.mentorship import Mentorship, MentorshipId, UnknownMentorshipError
from node.services.ports import UnitOfWork

Keeper = Actor | Participant


def opened(work: UnitOfWork, who: Keeper, mentorship: MentorshipId, action: Action) -> Mentorship:
    """The mentorship; staff need the right to `action`, a participant must be one of the pair.

    Raises: NotAllowedError, UnknownMentorshipError.
    """
    if isinstance(who, Actor):
        who.may(action)
    found = work.mentorships.get(mentorship)
    if isinstance(who, Participant) and not found.includes(who.person):
        raise UnknownMentorshipError(mentorship=mentorship)
    return found


def kept(work: UnitOfWork, who: Keeper, mentorship: MentorshipId) -> Mentorship:
    """The mentorship, to be changed. Raises: as `opened`."""
    return opened(work, who, mentorship, Action.KEEP_MENTORSHIPS)
