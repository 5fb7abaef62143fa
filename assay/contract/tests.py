"""The kinds of test suites, the cases in them, and how outputs and values are compared."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from assay.contract.base import WireModel
from assay.contract.limits import Limits

__all__ = [
    "AssertSuite",
    "Checker",
    "Compare",
    "FunctionCase",
    "FunctionSuite",
    "InteractiveCase",
    "InteractiveSuite",
    "Interactor",
    "JudgeProgram",
    "ProgramChecker",
    "PytestSuite",
    "ScriptSuite",
    "StdioCase",
    "StdioSuite",
    "Subtask",
    "Suite",
]

MAX_CASES = 10_000

Weight = Annotated[float, Field(ge=0, le=1e6)]
FileName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/\x00]+$")]


def _without_dots(path: str) -> str:
    if {".", ".."} & set(path.split("/")):
        raise ValueError("a path must lead downwards: no part of it may be '.' or '..'")
    return path


FilePath = Annotated[
    str,
    Field(min_length=1, max_length=512, pattern=r"^[^/\x00]{1,255}(/[^/\x00]{1,255}){0,15}$"),
    AfterValidator(_without_dots),
]
"""A path relative to the working directory, its parts separated by `/`, none of them `.` or `..`."""
EntryPoint = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*(\(\))?(\.[A-Za-z_]\w*)*$", max_length=256)]


class Checker(WireModel):
    """How a program's standard output is compared with the expected output.

    `exact`: byte for byte. `lines`: white space at line ends and blank lines at the end are ignored.
    `tokens`: split at ASCII white space. `float`: like tokens, numbers within `abs` or `rel` tolerance
    where the expected token has a point or an exponent. `unordered_lines`: the lines in any order.
    """

    type: Literal["exact", "lines", "tokens", "float", "unordered_lines"]
    case_sensitive: bool = True
    """For `tokens` and `float`: whether `YES` and `yes` differ."""
    abs: Annotated[float, Field(ge=0, le=1e9)] = 1e-6
    """For `float`: absolute tolerance."""
    rel: Annotated[float, Field(ge=0, le=1)] = 1e-6
    """For `float`: tolerance relative to the expected number."""


class JudgeProgram(WireModel):
    """A program of the problem's that judges, in a sandbox that the candidate never sees."""

    language: Annotated[str, Field(min_length=1, max_length=32, examples=["cpp", "python"])] = "cpp"
    """Name or tag of a language (docs/languages.md)."""
    source: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    files: dict[FileName, str] = Field(max_length=64, default_factory=dict)
    """Files beside it, such as `testlib.h`."""
    points: Annotated[float, Field(gt=0, le=1e9)] = 1.0
    """Points that earn the whole test, where it gives points by testlib's `quitp`."""
    limits: Limits = Limits(memory_mb=1024)
    """Of each of its runs."""


class ProgramChecker(JudgeProgram):
    """A program that judges what the candidate has printed."""

    type: Literal["program"]
    protocol: Literal["testlib", "score", "cms"] = "testlib"
    """`testlib`: called with the paths of input, output and answer; exit status 0 is right, 1 wrong, 2 and 8
    badly formed, 3 the checker's own failure, 7 partial points (`points 0.5` on standard error). `score` (open-r1):
    called with input, answer and output; right is `1` or `100` on standard output and exit status 0. `cms` (IOI):
    called as for `score`; prints the share of the test from 0 to 1 on standard output, exit status 0."""


class Interactor(JudgeProgram):
    """A program that talks with the candidate: each reads what the other prints, until it exits with its ruling.

    It is called as testlib's interactors are, with the paths of the input (`stdin` of the case), of a file
    that it may write, and of the answer (`expected`). Its exit status is read as that of a `testlib` checker.
    """


class Compare(WireModel):
    """How a function's value is compared with the expected one.

    `exact`: Python's `==` on plain values, where a tuple equals a list because JSON has no tuples.
    `float`: like exact, with floats within `abs` or `rel` tolerance. `unordered`: the outermost
    sequence in any order.
    """

    mode: Literal["exact", "float", "unordered"] = "exact"
    abs: Annotated[float, Field(ge=0, le=1e9)] = 1e-9
    rel: Annotated[float, Field(ge=0, le=1)] = 1e-9


class StdioCase(WireModel):
    """One run of the program: what it reads and what it must print."""

    stdin: str = ""
    expected: str
    weight: Weight = 1.0
    args: Annotated[tuple[str, ...], Field(max_length=256)] = ()
    """Command-line arguments."""
    files: dict[FileName, str] = Field(max_length=64, default_factory=dict)
    """Further files the program finds in its working directory."""
    limits: Limits | None = None
    """Limits of this test, in place of the reward's."""


class Subtask(WireModel):
    """Cases that earn points together (IOI)."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    points: Annotated[float, Field(ge=0, le=1e6)]
    cases: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, max_length=MAX_CASES)]
    """Places of its cases in `cases`; a case may be of several subtasks."""
    depends: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    """Names of subtasks that must have all their points, or this one has none."""
    mode: Literal["min", "mean"] = "min"
    """Which share of the points is earned: that of the worst case, or the mean of all."""


class _CasesOfPrograms(WireModel):
    """What suites have whose cases are whole runs of the program."""

    cases: Annotated[tuple[StdioCase, ...], Field(min_length=1, max_length=MAX_CASES)]
    subtasks: Annotated[tuple[Subtask, ...], Field(max_length=1000)] = ()
    """For the scoring `subtasks`."""

    @model_validator(mode="after")
    def _subtasks_are_in_order(self) -> Self:
        known: set[str] = set()
        for subtask in self.subtasks:
            if subtask.name in known:
                raise ValueError(f"two subtasks are called {subtask.name!r}")
            if missing := [name for name in subtask.depends if name not in known]:
                raise ValueError(f"subtask {subtask.name!r} depends on {missing[0]!r}, which must come before it")
            if (last := max(subtask.cases)) >= len(self.cases):
                raise ValueError(f"subtask {subtask.name!r} has case {last}, and there are {len(self.cases)} cases")
            known.add(subtask.name)
        return self


class StdioSuite(_CasesOfPrograms):
    """The program reads standard input and writes standard output."""

    kind: Literal["stdio"]
    checker: Annotated[Checker | ProgramChecker, Field(discriminator="type")] = Checker(type="tokens")
    input_file: FileName | None = None
    """File that holds each case's `stdin`, in the place of standard input, which is then empty."""
    output_file: FileName | None = None
    """File that the program leaves and whose content is judged, in the place of standard output."""

    @model_validator(mode="after")
    def _files_are_told_apart(self) -> Self:
        taken = {name for name in (self.input_file, self.output_file) if name is not None}
        if self.input_file is not None and self.input_file == self.output_file:
            raise ValueError(f"'input_file' and 'output_file' are both {self.input_file!r}")
        for number, case in enumerate(self.cases):
            if both := taken & case.files.keys():
                raise ValueError(
                    f"cases[{number}].files has {min(both)!r}, the name of 'input_file' or 'output_file'"
                )
        return self


class InteractiveCase(StdioCase):
    """One conversation: what only the interactor reads, and what it may compare with."""

    expected: str = ""


class InteractiveSuite(_CasesOfPrograms):
    """The program talks with an interactor: each reads what the other prints, over the standard streams."""

    kind: Literal["interactive"]
    cases: Annotated[tuple[InteractiveCase, ...], Field(min_length=1, max_length=MAX_CASES)]
    interactor: Interactor
    checker: ProgramChecker | None = None
    """Judges the file that the interactor has written, in the place of an output, where that finds no fault."""


class FunctionCase(WireModel):
    """One call: its arguments and the value it must return. All are JSON values."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = Field(default_factory=dict)
    expected: Any
    weight: Weight = 1.0


class FunctionSuite(WireModel):
    """A function of the program is called with values, and the value it returns is compared."""

    kind: Literal["function"]
    entry_point: EntryPoint
    """`f`, or `Solution.f` for a method of a class that is made without arguments."""
    cases: Annotated[tuple[FunctionCase, ...], Field(min_length=1, max_length=MAX_CASES)]
    compare: Compare = Compare()
    in_place: Annotated[int, Field(ge=0, lt=256)] | None = None
    """Compare the positional argument of this number, as the call leaves it, instead of what is returned."""

    @model_validator(mode="after")
    def _argument_is_there(self) -> Self:
        for number, case in enumerate(self.cases):
            if self.in_place is not None and self.in_place >= len(case.args):
                raise ValueError(f"'in_place' is {self.in_place}, but cases[{number}] has {len(case.args)} 'args'")
        return self


class AssertSuite(WireModel):
    """Assertions about functions of the program, one test each (MBPP, AceCode)."""

    kind: Literal["assert"]
    asserts: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_CASES)]
    setup: str = ""
    """Code that runs before each assertion, on the tests' side."""
    prompt: str = ""
    """The problem's own code; helpers that the assertions use come from here, not from the candidate."""


class ScriptSuite(WireModel):
    """A test script around one entry point (HumanEval), one test in all."""

    kind: Literal["script"]
    source: Annotated[str, Field(min_length=1)]
    """Code with assertions; if it defines `check(candidate)`, that is called with the entry point."""
    entry_point: EntryPoint
    prompt: str = ""
    """The problem's own code; helpers that the script uses come from here, not from the candidate."""
    allow_in_process: bool = False
    """Whether the script may run in the program's own process, which could forge its success, where it cannot be
    kept apart: in languages other than Python, and in Python where an examiner cannot run it. The component's
    `integrity` is then `in_process`, and negative controls run. Without it such a suite is refused."""


class PytestSuite(WireModel):
    """Test files for pytest (or unittest) around one module of the program; every test is one test."""

    kind: Literal["pytest"]
    files: Annotated[dict[FileName, str], Field(min_length=1, max_length=64)]
    """Test files and what they need, by name; `conftest.py` may be one. Tests: `test_*.py` and `*_test.py`."""
    module: Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$", max_length=128)] = "solution"
    """The module the tests import: the program."""
    manifest: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_CASES)] | None = None
    """The tests that must pass, as pytest names them (`test_a.py::test_b[1]`), recorded with a right program.
    Without it every test function counts once, with all its parameters."""
    allow_in_process: bool = False
    """Whether the tests may run in the program's own process where an examiner cannot run them (mocks of the
    program's parts, files, logs, data frames); see `script`."""


Suite = Annotated[
    StdioSuite | InteractiveSuite | FunctionSuite | AssertSuite | ScriptSuite | PytestSuite,
    Field(discriminator="kind"),
]
