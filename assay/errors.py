"""Every error Assay can report, in one table, and the exceptions that carry them.

The table is read by the HTTP edge (status), by retry policies (``retryable``) and by the documentation,
so that a code means the same everywhere.

The exception tree::

    AssayError                  any error with a stable code
    +-- RequestError            the caller's doing: the request cannot be honoured as it is
    |   +-- ItemError           the same, confined to one item of a batch
    |   |   +-- FormatError     a row of a dataset cannot be turned into tests
    |   +-- CorpusError         what was to be sent cannot be read: nothing was sent
    +-- ServiceError            our doing: never turned into a score
        +-- QueueError          Redis is unreachable, full, or lost the batch
        +-- SandboxError        the sandbox could not be started, died, or stopped answering
            +-- SandboxLost     it died or stopped answering: the run may be repeated elsewhere
            +-- SandboxRefused  this machine cannot isolate programs: nothing will be run
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = [
    "ERRORS",
    "AssayError",
    "CorpusError",
    "ErrorRow",
    "Fault",
    "FormatError",
    "ItemError",
    "QueueError",
    "RequestError",
    "SandboxError",
    "SandboxLost",
    "SandboxRefused",
    "ServiceError",
]


class Fault(StrEnum):
    """Whose doing an error is."""

    CALLER = "caller"
    """The request is wrong: sending it again unchanged cannot help."""
    SERVICE = "service"
    """Assay or its machine failed: the request may well succeed later."""


@dataclass(frozen=True)
class ErrorRow:
    """One row of the error table."""

    code: str
    status: int
    retryable: bool
    fault: Fault
    meaning: str


_ROWS: Final = (
    ErrorRow("invalid_json", 400, False, Fault.CALLER, "The body is not JSON."),
    ErrorRow(
        "invalid_request",
        422,
        False,
        Fault.CALLER,
        "A field of the request is missing, unknown or out of range.",
    ),
    ErrorRow("body_too_large", 413, False, Fault.CALLER, "The body is larger than `max_body_mb`."),
    ErrorRow("invalid_encoding", 400, False, Fault.CALLER, "The body is not in its `Content-Encoding`."),
    ErrorRow("unsupported_media_type", 415, False, Fault.CALLER, "The body is not `application/json`."),
    ErrorRow("too_many_items", 422, False, Fault.CALLER, "The batch has more items than `max_batch_items`."),
    ErrorRow(
        "invalid_item", 422, False, Fault.CALLER, "One item of the batch is malformed; the others are graded."
    ),
    ErrorRow("duplicate_id", 422, False, Fault.CALLER, "Two items of the batch share an id; the first is graded."),
    ErrorRow("unknown_language", 422, False, Fault.CALLER, "No sandbox here runs the language."),
    ErrorRow("tests_not_isolable", 422, False, Fault.CALLER, "The tests cannot be kept apart from the candidate."),
    ErrorRow(
        "invalid_tests",
        422,
        False,
        Fault.CALLER,
        "The tests themselves are broken: they do not parse, or fail without the candidate.",
    ),
    ErrorRow(
        "checker_failed",
        422,
        False,
        Fault.CALLER,
        "The checker or interactor does not compile, or judges not even the right answer, or silence.",
    ),
    ErrorRow(
        "gold_unparseable",
        422,
        False,
        Fault.CALLER,
        "The gold answer holds no mathematics that can be parsed.",
    ),
    ErrorRow("invalid_row", 422, False, Fault.CALLER, "A row of a dataset is not in the shape of its format."),
    ErrorRow(
        "unsupported_row",
        422,
        False,
        Fault.CALLER,
        "A row of a dataset needs what Assay cannot grade, such as an interactor that it does not hold.",
    ),
    ErrorRow("invalid_corpus", 422, False, Fault.CALLER, "A folder of programs to audit with cannot be read."),
    ErrorRow("not_found", 404, False, Fault.CALLER, "There is no such route."),
    ErrorRow("method_not_allowed", 405, False, Fault.CALLER, "The route does not answer this method."),
    ErrorRow("suite_not_found", 404, False, Fault.CALLER, "No suite has this name or hash, or it was forgotten."),
    ErrorRow("batch_not_found", 404, False, Fault.CALLER, "No batch has this id, or its results have expired."),
    ErrorRow("idempotency_conflict", 409, False, Fault.CALLER, "The idempotency key was used with another body."),
    ErrorRow("cancelled", 409, False, Fault.CALLER, "The batch was cancelled before the item was graded."),
    ErrorRow("unreachable", 503, True, Fault.SERVICE, "The client got no answer from the service."),
    ErrorRow("queue_full", 429, True, Fault.SERVICE, "As much work is queued as this service admits."),
    ErrorRow("rate_limited", 429, True, Fault.SERVICE, "The tenant sends batches faster than its quota allows."),
    ErrorRow("unauthorized", 401, False, Fault.CALLER, "The request has no API key, or one that nobody has."),
    ErrorRow(
        "invalid_keys", 500, False, Fault.SERVICE, "The file of API keys (`keys_file`) cannot be read or is wrong."
    ),
    ErrorRow("queue_unavailable", 503, True, Fault.SERVICE, "Redis cannot be reached or refuses writes."),
    ErrorRow("not_ready", 503, True, Fault.SERVICE, "No worker is there to grade."),
    ErrorRow("shutting_down", 503, True, Fault.SERVICE, "The service is stopping; an admitted batch goes on."),
    ErrorRow("sandbox_unavailable", 503, True, Fault.SERVICE, "No sandbox could be started on the worker."),
    ErrorRow(
        "sandbox_lost",
        503,
        True,
        Fault.SERVICE,
        "The sandbox died or stopped answering, and so did its replacements.",
    ),
    ErrorRow("sandbox_refused", 503, False, Fault.SERVICE, "This machine cannot isolate programs, so none is run."),
    ErrorRow(
        "sandbox_outdated",
        503,
        False,
        Fault.SERVICE,
        "The agent in the sandbox is of another version of Assay than the worker.",
    ),
    ErrorRow("verifier_lost", 503, True, Fault.SERVICE, "The mathematics verifier died and could not be replaced."),
    ErrorRow("worker_lost", 503, True, Fault.SERVICE, "The workers that held the item died."),
    ErrorRow(
        "deadline_exceeded",
        504,
        True,
        Fault.SERVICE,
        "The answer was not there within the asked time (such as `deadline_s`).",
    ),
    ErrorRow(
        "internal",
        500,
        True,
        Fault.SERVICE,
        "Something unforeseen happened in Assay; the log has the details.",
    ),
)

ERRORS: Final = {row.code: row for row in _ROWS}
"""The table by code."""


class AssayError(Exception):
    """An error with a stable code from `ERRORS`; ``hint`` says how to mend it."""

    default_code = "internal"

    retry_after_s: float | None = None
    """After how many seconds a retry may succeed, where that is known."""

    def __init__(self, message: str = "", *, code: str = "", hint: str = "", path: str = "") -> None:
        self.code = code or self.default_code
        self.row = ERRORS[self.code]
        self.message = message or self.row.meaning
        self.hint = hint
        self.path = path
        super().__init__(self.message)

    @property
    def retryable(self) -> bool:
        """Whether the same request can succeed later."""
        return self.row.retryable


class RequestError(AssayError):
    """Mend the request as the hint says and send it again."""

    default_code = "invalid_request"


class ItemError(RequestError):
    """Mend this item as the hint says; the rest of the batch was not touched by it."""

    default_code = "invalid_item"


class FormatError(ItemError):
    """A row of a dataset cannot be turned into tests; ``path`` is the field, and the hint says how to mend it."""

    default_code = "invalid_row"


class CorpusError(RequestError):
    """A folder of programs is no corpus; the message names the place and what is wrong there."""

    default_code = "invalid_corpus"


class ServiceError(AssayError):
    """Assay failed, not the request; a retry may help."""


class QueueError(ServiceError):
    """Redis did not take or give what was asked; see that it runs and has memory left."""

    default_code = "queue_unavailable"


class SandboxError(ServiceError):
    """A sandbox failed; see `assay doctor`."""

    default_code = "sandbox_unavailable"


class SandboxLost(SandboxError):
    """A sandbox died or stopped answering while it held a program."""

    default_code = "sandbox_lost"


class SandboxRefused(SandboxError):
    """This machine forbids what isolation needs; `assay doctor` names the setting."""

    default_code = "sandbox_refused"
