"""What comes back: a verdict per test, a score per component, a reward or an error per item."""

from enum import StrEnum

from assay.contract.base import WireModel

__all__ = [
    "BatchResult",
    "BatchStatus",
    "BatchSummary",
    "ComponentResult",
    "ErrorInfo",
    "Flag",
    "GroupStatistics",
    "Integrity",
    "ItemResult",
    "SuiteWarning",
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


class Integrity(StrEnum):
    """How a component's tests were kept from being forged, from the strongest level to the weakest.

    Source: `INTEGRITY.md` 3.8, whose levels are A, A-, B and C.
    """

    EXTERNAL = "external"
    """Outputs or values are compared outside every sandbox."""
    EXAMINER = "examiner"
    """Test code runs in a sandbox of its own, and plain values cross."""
    HANDLES = "handles"
    """As `examiner`, but the test code worked on objects of the candidate's by way of handles."""
    IN_PROCESS = "in_process"
    """Test code runs in the candidate's own process, which can forge its success; negative controls look for it."""

    @property
    def rank(self) -> int:
        """0 for the strongest level, and more for each weaker one."""
        return list(Integrity).index(self)


class Flag(StrEnum):
    """What was seen of a program that is worth a look: evidence, of which only `forged` goes with the score."""

    NETWORK_ATTEMPT = "network_attempt"
    """It asked for a socket that reaches beyond its sandbox."""
    TRACING_ATTEMPT = "tracing_attempt"
    """It tried to look into or stop another process (ptrace, process_vm_readv, kcmp, pidfd_getfd)."""
    PRIVILEGE_ATTEMPT = "privilege_attempt"
    """It tried what only an administrator may (mount, namespaces, keys, bpf, kernel modules, clocks)."""
    UNREAD_INPUT = "unread_input"
    """It ended well without having read a byte of the standard input it was given."""
    LEFT_PROCESSES = "left_processes"
    """Its main process ended while others of it still ran; they were killed."""
    CHANNEL_TAMPERING = "channel_tampering"
    """It sent something else than one well-formed value where a value belongs."""
    NON_FINITE_RETURN = "non_finite_return"
    """A NaN or an infinity is in the value it returned, which many a tolerance lets pass."""
    FORGED = "forged"
    """A negative control passed: the success was not earned, and the score is 0."""
    UNCONTROLLED = "uncontrolled"
    """The tests ran in the program's own process, and no negative control could be made or ended by itself."""
    SELF_COMPARING_TEST = "self_comparing_test"
    """A test passed of which nothing can fail for a program that answers at all: its pass says nothing."""
    NO_SANDBOX_SURVIVED = "no_sandbox_survived"
    """Every sandbox it ran in was lost, and a harmless program's was not."""
    JUDGED_ALONE = "judged_alone"
    """Its first run was close to the time limit or starved; it ran again alone, and that run counts."""
    CHECKER_FAULT = "checker_fault"
    """The comparison failed on what the program gave; counted as a wrong answer, and an alarm for us."""


class SuiteWarning(WireModel):
    """Something about the tests themselves that makes a pass mean less than it seems."""

    code: str
    """`vacuous`: asserts what always holds. `self_comparing`: compares the candidate with itself.
    `swallows_failure`: catches what an assertion raises. `no_assertion`: nothing is asserted.
    `unseeded_random`: draws from a generator that is not seeded. `constant_expected`: all tests expect the same.
    `empty_expected`: gives input and expects no output."""
    test: int
    """Number of the test in the suite, from 0."""
    line: int | None = None
    """Line in that test's source, from 1."""
    message: str


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
    share: float | None = None
    """What part of the test was earned, from 0 to 1, where a checker gives points."""
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
    """The beginning of standard output, with detail `outputs`; all of it for `run`."""
    stderr: str | None = None
    """The end of standard error, with detail `outputs`; the last 64 KiB for `run`."""
    files: dict[str, str] | None = None
    """For `run`: the files that were fetched, in base64."""
    flags: tuple[Flag, ...] = ()
    """What was seen in this test that is worth a look."""


class ComponentResult(WireModel):
    """The score of one reward component."""

    type: str
    name: str | None = None
    """What the request calls it."""
    score: float | None
    """The score before the weight; null if it could not be judged."""
    weight: float
    gated: bool = False
    """Whether a gate stayed shut, so that this component counts as 0 in the reward."""
    verdict: Verdict | None = None
    """For code: the verdict of the first failing test, or `accepted`."""
    passed: int | None = None
    total: int | None = None
    """How many tests passed, of how many the request has."""
    tests: tuple[TestResult, ...] | None = None
    integrity: Integrity | None = None
    """How the code was kept from forging its score."""
    flags: tuple[Flag, ...] = ()
    """What was seen in any of the tests that is worth a look."""
    reused: bool = False
    """Whether the program was not run this time: the same one was judged by the same tests before."""
    suite_warnings: tuple[SuiteWarning, ...] = ()
    """What is doubtful about the tests themselves."""
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
    """Composed of the component scores; null, never a number, if one that it depends on could not be judged."""
    error: ErrorInfo | None = None
    components: tuple[ComponentResult, ...] = ()
    attempts: int = 1
    """How often it was begun; more than once where a worker died while it held the item's shard."""


class BatchStatus(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    """Queued or being graded."""
    FINISHED = "finished"
    """Every item has its result."""
    CANCELLED = "cancelled"
    """It was cancelled; items that had no result by then have the error `cancelled`."""


class GroupStatistics(WireModel):
    """Statistics of one rollout group's rewards, over the items that have one."""

    items: int
    judged: int
    """Items with a reward; all else is over them."""
    mean: float | None
    std: float | None
    """Sample standard deviation (n - 1), as `torch.std` and so TRL and verl have it; null below two rewards."""
    population_std: float | None
    """Population standard deviation (n), as `numpy.std` has it."""
    min: float | None
    max: float | None
    uniform: bool
    """Whether all rewards are equal, so that a group-relative advantage learns nothing from the group."""
    correct: int
    """Items that count as correct."""
    pass_at: dict[str, float | None]
    """For each k asked for, the unbiased estimate of pass@k (Chen et al. 2021, arXiv 2107.03374); null if fewer
    than k items were judged."""


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
    flags: dict[str, dict[str, int]] = {}
    """By rollout group (or item id, without one): how many of its items have which flag."""
    groups: dict[str, GroupStatistics] | None = None
    """By rollout group, if `group_stats` was asked for."""
    reused: int = 0
    """Components that were taken over from earlier runs of the same program by the same tests."""
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
