"""What stays behind in the files of a database after rows were deleted."""

from enum import StrEnum
from typing import Protocol


class Shredded(StrEnum):
    """What can still be found in the files.

    `gone`: nothing. `later`: somebody was reading, so the journal still holds old pages; it is tried again every hour.
    `unreadable`: the database decides when it overwrites them; they are sealed, and the key is destroyed.
    """

    GONE = "gone"
    LATER = "later"
    UNREADABLE = "unreadable"


class Shredder(Protocol):
    """Takes what was deleted out of the files."""

    def shred(self) -> Shredded:
        """Try now; called outside of a transaction."""
        ...
