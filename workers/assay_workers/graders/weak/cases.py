"""Finds suites of inputs and outputs that a program passes without reading its input. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from assay.contract import FunctionSuite, StdioSuite
from assay_workers.graders.splitting import Relation, SplitAssertion
from assay_workers.graders.weak.finding import Finding, Weakness

__all__ = ["find_in_assertions", "find_in_function", "find_in_stdio"]

_CONSTANT: Final = "all {count} tests expect {what}: a program that ignores its input passes them"


def find_in_stdio(suite: StdioSuite) -> Iterator[tuple[int, Finding]]:
    """The weaknesses of a suite, each with the number of its test."""
    expected = [case.expected.strip() for case in suite.cases]
    if _all_alike(expected):
        yield 0, _constant(len(expected), "the same output" if expected[0] else "no output")
        return
    for number, case in enumerate(suite.cases):
        if not expected[number] and (case.stdin.strip() or case.args or case.files):
            yield number, Finding(Weakness.EMPTY_EXPECTED, "expects no output for its input")


def find_in_function(suite: FunctionSuite) -> Iterator[tuple[int, Finding]]:
    """The weaknesses of a suite, each with the number of its test."""
    first = _text(suite.cases[0].expected)
    if len(suite.cases) > 1 and all(_text(case.expected) == first for case in suite.cases):
        yield 0, _constant(len(suite.cases), "the same value")


def find_in_assertions(splits: Sequence[SplitAssertion | None]) -> Iterator[tuple[int, Finding]]:
    """The weakness of assertions that all say the same of calls of the same function."""
    said = [split and (split.entry_point, repr(_expected(split))) for split in splits]
    if None not in said and _all_alike(said):
        yield 0, _constant(len(said), "the same value")


def _expected(split: SplitAssertion) -> object:
    return {Relation.TRUE: True, Relation.FALSE: False}.get(split.relation, split.expected)


def _all_alike(values: Sequence[object]) -> bool:
    """Whether there are several, all equal."""
    return len(values) > 1 and all(value == values[0] for value in values)


def _text(value: object) -> str:
    """A value of JSON such that 1, 1.0 and true differ."""
    return json.dumps(value, sort_keys=True)


def _constant(count: int, what: str) -> Finding:
    return Finding(Weakness.CONSTANT_EXPECTED, _CONSTANT.format(count=count, what=what))
