"""What is wanted and what is offered."""

from node.domain.matching.criteria.topics import SharedTopics
from node.domain.matching.finding import SILENT, Reason
from protocol.vocabulary import Topic
from tests.support.matching import a_candidate

CRITERION = SharedTopics()


def test_the_share_of_what_is_wanted_counts() -> None:
    wanted = CRITERION.trait(a_candidate(topics=(Topic.RESUME, Topic.LICENSING)))
    found = CRITERION.compare(wanted, (Topic.RESUME, Topic.NETWORKING))

    assert (found.share, found.reason, found.details) == (50, Reason.SHARED_TOPICS, (("topics", "resume"),))


def test_nothing_wanted_is_offered() -> None:
    found = CRITERION.compare((Topic.RESUME,), (Topic.NETWORKING,))

    assert (found.share, found.reason, found.speaks_for) == (0, Reason.NO_SHARED_TOPIC, False)


def test_who_says_nothing_speaks_for_nothing() -> None:
    assert CRITERION.compare((), (Topic.RESUME,)) is SILENT
    assert CRITERION.compare((Topic.RESUME,), ()) is SILENT
