"""Every problem type this service can answer with: the registry that the documentation lists."""

from dataclasses import dataclass
from http import HTTPStatus

from federation.exchange.domain import errors
from protocol.documents import CriticalFieldError, FieldError
from protocol.envelope import FramingError, LifetimeError, SizeError
from protocol.errors import ProtocolError
from protocol.hop import HopReplayError, HopSignatureError, HopTimeError
from protocol.ids import IdError
from protocol.joining import JoinError
from protocol.jws import AlgorithmError, JwsFormError, KindError, UnknownKeyError
from protocol.keys import KeyFormError, SignatureError
from protocol.needs import BoardError
from protocol.parsing import Base64Error, DepthError, DuplicateKeyError, JsonError, NumberError, TooLargeError
from protocol.receipts import ReceiptError
from protocol.roster import NotMemberError, SuspendedError
from protocol.sealing import PaddingError, UnsealError
from protocol.statements import StatementError, StatementExpiredError, StatementForkError, StatementRollbackError
from protocol.summaries import SummaryError, SummaryForkError, SummaryFutureError, SummaryRollbackError


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """One row of the registry."""

    code: str
    status: int
    title: str


_OF_THE_LANGUAGE: tuple[type[ProtocolError], ...] = (
    *(FieldError, CriticalFieldError, IdError),
    *(JsonError, DuplicateKeyError, DepthError, NumberError, TooLargeError, Base64Error),
    *(JwsFormError, AlgorithmError, KindError, UnknownKeyError, KeyFormError, SignatureError),
    *(HopSignatureError, HopTimeError, HopReplayError),
    *(FramingError, SizeError, LifetimeError, ReceiptError),
    *(NotMemberError, SuspendedError, JoinError),
    *(StatementError, StatementExpiredError, StatementForkError, StatementRollbackError),
    *(SummaryError, SummaryForkError, SummaryFutureError, SummaryRollbackError),
    *(BoardError, UnsealError, PaddingError),
)
_OF_THE_EXCHANGE = tuple(
    found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, ProtocolError) and found is not ProtocolError
)
_OF_ANY_SERVICE = (
    ProblemType(code="bad-request", status=HTTPStatus.BAD_REQUEST, title="Bad Request."),
    ProblemType(code="not-found", status=HTTPStatus.NOT_FOUND, title="Not Found."),
    ProblemType(code="method-not-allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, title="Method Not Allowed."),
    ProblemType(code="body-too-slow", status=HTTPStatus.REQUEST_TIMEOUT, title="The body did not arrive in time."),
    ProblemType(
        code="body-too-large",
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title="The body is larger than this path accepts.",
    ),
    ProblemType(
        code="content-encoding-refused",
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        title="This path takes no Content-Encoding.",
    ),
    ProblemType(
        code="request-invalid",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        title="A field of the request is missing or not of the expected form.",
    ),
    ProblemType(
        code="too-busy",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="This service is answering as many requests as it can.",
    ),
    ProblemType(
        code="unexpected", status=HTTPStatus.INTERNAL_SERVER_ERROR, title="Something unexpected happened here."
    ),
)

PROBLEM_TYPES: tuple[ProblemType, ...] = tuple(
    sorted(
        (
            *(
                ProblemType(code=error.code, status=error.status, title=error.title)
                for error in (*_OF_THE_LANGUAGE, *_OF_THE_EXCHANGE)
            ),
            *_OF_ANY_SERVICE,
        ),
        key=lambda problem: problem.code,
    )
)
