"""A spreadsheet on its way in: kept sealed for an hour, for the one who brought it, and shown to nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from node.domain.actor import UserId
from node.domain.errors import DomainError

UploadId = NewType("UploadId", str)
UPLOAD_TERM = timedelta(hours=1)
MOST_UPLOAD_BYTES = 10 * 1024 * 1024


class UploadGoneError(DomainError):
    """The file was brought in more than an hour ago, or by somebody else."""

    code = "upload-gone"


class UploadTooLargeError(DomainError):
    """A spreadsheet of people is smaller than this."""

    code = "upload-too-large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file of one member of staff."""

    id: UploadId
    user: UserId
    at: datetime
    content: bytes

    def __post_init__(self) -> None:
        """Refuse a file no spreadsheet of people needs."""
        if len(self.content) > MOST_UPLOAD_BYTES:
            raise UploadTooLargeError(most=MOST_UPLOAD_BYTES // 1024 // 1024)
