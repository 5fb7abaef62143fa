"""A folder of programs to audit a service with: `index.toml` and one file per program. Nothing of it runs here.

The index has `tasks` (each a suite of tests of the contract, shared by the programs that try it) and `programs`
(each with what may become of it). A program is turned into an item of a request, and everything that can be
wrong with the folder is found when it is read: `docs/audit.md` describes the fields.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from assay.contract import Item, Suite, Verdict
from assay.contract.base import WireModel
from assay.errors import CorpusError

__all__ = ["OWN_CORPUS", "AuditProgram", "ProgramKind", "load_corpus", "needles_of"]

OWN_CORPUS: Final = Path(__file__).parent / "programs"
"""The corpus that comes with Assay."""
NEEDLE_CHARACTERS: Final = 6
"""Expected outputs shorter than this occur by chance, and say nothing when they are seen."""
NAME: Final = r"^[a-z0-9][a-z0-9-]*$"
SUITE: Final[TypeAdapter[Any]] = TypeAdapter(Suite)


class ProgramKind(StrEnum):
    """What a program is for."""

    ATTACK = "attack"
    """Tries to earn what it must not, or to harm others."""
    PROBE = "probe"
    """Honest, and fails if it finds what the attack before it (its pair) has left."""
    BENIGN = "benign"
    """Honest, and looks odd; earns everything."""


class Repeated(WireModel):
    """A long input in few words: ``head``, then ``text`` so many times."""

    head: str
    text: str
    times: Annotated[int, Field(ge=1, le=100_000)]
    expected: str


class Task(WireModel):
    """What programs are asked to do, and the tests that say whether they did."""

    about: str
    tests: dict[str, Any] | None = None
    """A suite of the contract."""
    repeat: Repeated | None = None
    """Instead of ``tests``: one case of standard input."""

    @model_validator(mode="after")
    def _has_tests(self) -> Self:
        if (self.tests is None) == (self.repeat is None):
            raise ValueError("give exactly one of 'tests' and 'repeat'")
        SUITE.validate_python(self.suite)
        return self

    @property
    def suite(self) -> dict[str, Any]:
        """The suite as a request has it."""
        if self.repeat is None:
            assert self.tests is not None
            return self.tests
        stdin = self.repeat.head + self.repeat.text * self.repeat.times
        return {"kind": "stdio", "cases": [{"stdin": stdin, "expected": self.repeat.expected}]}


class Row(WireModel):
    """A program as the index has it."""

    id: Annotated[str, Field(pattern=NAME, max_length=100)]
    file: str
    kind: ProgramKind
    class_: Annotated[str, Field(alias="class", pattern=r"^[a-z_]+$")]
    """The class of attack (`INTEGRITY.md` 3b)."""
    language: str = "python"
    task: str
    files: dict[str, str] = Field(default_factory=dict)
    """Further files of the submission."""
    limits: dict[str, Any] = Field(default_factory=dict)
    """What differs from the limits of the index."""
    expect_max_reward: Annotated[float, Field(ge=0, le=1)] | None = None
    """By default 0 for an attack, 1 for others."""
    expect_min_reward: Annotated[float, Field(ge=0, le=1)] | None = None
    expect_verdicts: Annotated[tuple[Verdict, ...], Field(min_length=1)]
    """What each single test may say."""
    pair: str | None = None
    """The probe that looks for what this program leaves."""
    knows_answer: bool = False
    """Whether it works out the right answer, and may therefore show it."""
    marks_success: bool = False
    """Whether it writes a line `PROBE … ALLOWED` for everything it was allowed to do."""
    guarded: bool = False
    """Whether it refuses to run where no_new_privs is not set."""
    note: str

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest reward it may earn."""
        usual = 0.0 if self.kind is ProgramKind.ATTACK else 1.0
        least = usual if self.expect_min_reward is None else self.expect_min_reward
        return least, usual if self.expect_max_reward is None else self.expect_max_reward


class Index(WireModel):
    """The whole of `index.toml`."""

    limits: dict[str, Any] = Field(default_factory=dict)
    tasks: dict[str, Task]
    programs: tuple[Row, ...]


@dataclass(frozen=True)
class AuditProgram:
    """A program, the item that has it graded, and what may become of it."""

    id: str
    kind: ProgramKind
    category: str
    """Its class of attack."""
    language: str
    mode: str
    """The kind of its tests."""
    item: Mapping[str, Any]
    """The item of a request, without its ``id``."""
    min_reward: float
    max_reward: float
    verdicts: frozenset[str]
    note: str
    pair: str | None = None
    needles: tuple[str, ...] = ()
    """Expected outputs that may not occur in anything that comes back."""
    marks_success: bool = False
    guarded: bool = False
    uniform: bool = False
    """Whether all its tests have to be decided alike."""
    refusable: bool = False
    """Whether the service may refuse it instead of giving a reward."""


def load_corpus(folder: Path = OWN_CORPUS, languages: Sequence[str] = ()) -> tuple[AuditProgram, ...]:
    """The programs of a folder, in the order of its index.

    Arguments:
        folder: where `index.toml` is.
        languages: only programs in these; by default all.

    Raises:
        CorpusError: something in the folder is missing, malformed or contradicts itself.
    """
    path = folder / "index.toml"
    try:
        index = Index.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        raise CorpusError(f"{path}: {_first(error)}") from error
    for complaint in _contradictions(folder, index):
        raise CorpusError(f"{path}: {complaint}")
    programs = tuple(_program(folder, index, row) for row in index.programs)
    return tuple(each for each in programs if not languages or each.language in languages)


def needles_of(suite: Mapping[str, Any]) -> tuple[str, ...]:
    """The expected outputs of a suite that are long enough to tell, and do not stand in its inputs."""
    if suite["kind"] in ("stdio", "function"):
        found, inputs = _of_cases(suite["cases"])
    else:
        text = json.dumps(suite)
        found = re.findall(r"(?:==|,|approx\()\s*(\d{7,})\b", text)
        inputs = ""
    return tuple(sorted({each for each in found if len(each) >= NEEDLE_CHARACTERS and each not in inputs}))


def _of_cases(cases: Sequence[Mapping[str, Any]]) -> tuple[list[str], str]:
    inputs = json.dumps([[case.get("stdin"), case.get("args"), case.get("kwargs")] for case in cases])
    found: list[str] = []
    for case in cases:
        value = case["expected"]
        text = value if isinstance(value, str) else json.dumps(value)
        found += [line.strip() for line in text.splitlines()] if isinstance(value, str) else []
        found += re.findall(r"\d{7,}(?:\.\d+)?", text)
    return found, inputs


def _contradictions(folder: Path, index: Index) -> Iterator[str]:
    """What no model of a single row can see."""
    rows = {row.id: row for row in index.programs}
    if len(rows) < len(index.programs):
        ids = [row.id for row in index.programs]
        yield f"two programs are called {next(each for each in ids if ids.count(each) > 1)!r}"
    for row in index.programs:
        low, high = row.bounds
        if low > high:
            yield f"{row.id}: its least reward {low:g} is above its greatest {high:g}"
        if row.task not in index.tasks:
            yield f"{row.id}: there is no task {row.task!r}"
        if row.pair is not None and (row.pair not in rows or rows[row.pair].kind is not ProgramKind.PROBE):
            yield f"{row.id}: its pair {row.pair!r} is no probe"
    if unused := index.tasks.keys() - {row.task for row in index.programs}:
        yield f"no program has the task {min(unused)!r}"
    named = {row.file for row in index.programs}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if _is_program(path)} - {"index.toml"}
    if strays := there - named:
        yield f"the file {min(strays)!r} belongs to no program"


def _is_program(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def _program(folder: Path, index: Index, row: Row) -> AuditProgram:
    suite = index.tasks[row.task].suite
    try:
        source = (folder / row.file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CorpusError(f"{folder / 'index.toml'}: {row.id}: cannot read {row.file!r}: {error}") from error
    spec = {"type": "code", "language": row.language, "tests": suite, "limits": index.limits | row.limits}
    item = {"code": source, "files": row.files, "rewards": [spec]}
    try:
        Item.model_validate({"id": row.id, **item})
    except ValidationError as error:
        raise CorpusError(f"{folder / 'index.toml'}: {row.id}: {_first(error)}") from error
    low, high = row.bounds
    secret = row.kind is ProgramKind.ATTACK and high == 0 and not row.knows_answer
    return AuditProgram(
        id=row.id,
        kind=row.kind,
        category=row.class_,
        language=row.language,
        mode=suite["kind"],
        item=item,
        min_reward=low,
        max_reward=high,
        verdicts=frozenset(row.expect_verdicts),
        note=row.note,
        pair=row.pair,
        needles=needles_of(suite) if secret else (),
        marks_success=row.marks_success,
        guarded=row.guarded,
    )


def _first(error: ValidationError) -> str:
    complaint = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in complaint['loc'])}: {complaint['msg']}"
