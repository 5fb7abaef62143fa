"""What comes back: a verdict per test, a score per component, a reward or an error per item."""

from enum import StrEnum

from assay.contract.base import WireModel

__all__ = [
    "BatchResult",
    "BatchStatus",
    "BatchSummary",
    "ComponentResult",
    "ErrorInfo",
    "ItemResult",
    "TestResult",
    "Verdict",
]


class Verdict(StrEnum):
    """What a test says of a program."""

    ACCEPTED = "accepted"
    """The output or value is right."""
    WRONG_ANSWER = "wrong_answer"
    """The program ended well, but its output or value is not the expected one."""
    RUNTIME_ERROR = "runtime_error"
    """It raised, exited with a non-zero status, or was ended by a signal."""
    TIME_LIMIT = "time_limit"
    """It used more CPU time than allowed, or slept past the wall limit."""
    MEMORY_LIMIT = "memory_limit"
    """It wanted more memory than allowed."""
    OUTPUT_LIMIT = "output_limit"
    """It printed more than allowed."""
    COMPILE_ERROR = "compile_error"
    """The source is not a program of the language."""
    NO_CODE = "no_code"
    """There is no program in the completion."""
    SKIPPED = "skipped"
    """Not run, because an earlier test had failed and the request asked to stop there."""


class ErrorInfo(WireModel):
    """Why an item or component has no score. Never the completion's doing."""

    code: str
    """A stable code from the error table."""
    message: str
    path: str | None = None
    """The offending field, if it was one."""
    hint: str | None = None
    """How to mend it."""
    retryable: bool
    """Whether sending the same item again can help."""


class TestResult(WireModel):
    """What happened in one test."""

    __test__ = False  # for pytest: a value of the contract, not a test

    verdict: Verdict
    cpu_ms: float | None = None
    """CPU milliseconds of the whole cell."""
    wall_ms: float | None = None
    """Wall milliseconds."""
    memory_mb: float | None = None
    """Largest resident memory of one process of the cell, in MiB."""
    exit_code: int | None = None
    """The program's exit status, if it ended by itself."""
    signal: str | None = None
    """The signal that ended it, if one did."""
    message: str | None = None
    """A short reason, such as the exception of a function call; never the expected value."""
    stdout: str | None = None
    """The beginning of standard output, with detail `outputs`."""
    stderr: str | None = None
    """The end of standard error, with detail `outputs`."""


class ComponentResult(WireModel):
    """The score of one reward component."""

    type: str
    score: float | None
    """The score before the weight; null if it could not be judged."""
    weight: float
    verdict: Verdict | None = None
    """For code: the verdict of the first failing test, or `accepted`."""
    passed: int | None = None
    total: int | None = None
    """How many tests passed, of how many the request has."""
    tests: tuple[TestResult, ...] | None = None
    integrity: str | None = None
    """How the code was kept from forging its score: `external` or `examiner`."""
    message: str | None = None
    """A short explanation, such as the compiler's complaint or the answer that was found."""
    error: ErrorInfo | None = None


class ItemResult(WireModel):
    """The reward of one item, or the error that stands in its place."""

    id: str
    index: int
    """The item's place in the request."""
    group: str | None = None
    reward: float | None
    """The weighted sum of the component scores; null, never a number, if a component could not be judged."""
    error: ErrorInfo | None = None
    components: tuple[ComponentResult, ...] = ()


class BatchStatus(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    """Queued or being graded."""
    FINISHED = "finished"
    """Every item has its result."""
    CANCELLED = "cancelled"
    """It was cancelled; items that had no result by then have the error `cancelled`."""


class BatchSummary(WireModel):
    """Counts over a finished batch."""

    items: int
    judged: int
    """Items with a reward."""
    errors: int
    """Items whose reward is null."""
    mean_reward: float | None
    """Mean reward over the judged items."""
    verdicts: dict[str, int]
    """Code components by verdict."""
    error_codes: dict[str, int]
    duration_ms: float
    """From admission to the last result, in milliseconds."""


class BatchResult(WireModel):
    """A batch as `GET /v1/batches/{id}` shows it."""

    id: str
    status: BatchStatus
    total: int
    done: int
    """Items that have their result already."""
    results: tuple[ItemResult, ...] | None = None
    """All results in request order, once the batch has ended."""
    summary: BatchSummary | None = None
