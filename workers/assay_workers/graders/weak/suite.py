"""Finds the weak tests of a suite of any kind. Pure; what was found in test code is kept for the next item."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assay.contract import (
    AssertSuite,
    Flag,
    FunctionSuite,
    InteractiveSuite,
    PytestSuite,
    ScriptSuite,
    StdioSuite,
    Suite,
    SuiteWarning,
    Verdict,
)
from assay.errors import ItemError
from assay_workers.graders.pytest_names import case_tests, imported_names, read_suite
from assay_workers.graders.results import JudgedSuite
from assay_workers.graders.splitting import split_assertion
from assay_workers.graders.test_code import candidate_names, helpers_of, parse_tests
from assay_workers.graders.weak.cases import find_in_assertions, find_in_function, find_in_stdio
from assay_workers.graders.weak.finding import Finding
from assay_workers.graders.weak.judgement import ProgramNames
from assay_workers.graders.weak.nodes import find_node
from assay_workers.graders.weak.randomness import Generators
from assay_workers.graders.weak.reach import Function, Imports, defined_names, functions_of, touched
from assay_workers.graders.weak.unit import JudgedUnit, Situation, Surroundings, judge_unit

__all__ = ["WeakTests", "find_weak_tests", "warned"]

_MAX_WARNINGS: Final = 100
"""Of one suite: results carry them with every item."""
_MAX_CHARS: Final = 100_000
"""Test code longer than this is generated data, whose reading would cost more than it says."""
_KEPT: Final = 64
"""Suites of a kind whose findings are kept: more than the prompts that a worker grades at a time, and few MB."""
_CANDIDATE: Final = "candidate"
_Parts = tuple[tuple[str, ...], str, str]
"""What a suite of code is made of, such that equal suites have equal parts."""


@dataclass(frozen=True)
class WeakTests:
    """What is weak in a suite."""

    warnings: tuple[SuiteWarning, ...] = ()
    idle: frozenset[int] = frozenset()
    """Numbers of the tests whose pass says nothing."""


def find_weak_tests(suite: Suite, *, python: bool) -> WeakTests:
    """What is weak in a suite whose plan was made.

    Arguments:
        suite: tests that are well-formed; of what is broken nothing is said.
        python: whether test code is Python, and can be read.
    """
    match suite:
        case StdioSuite():
            return _of_cases(find_in_stdio(suite))
        case FunctionSuite():
            return _of_cases(find_in_function(suite))
        case InteractiveSuite():  # what it expects only its interactor knows
            return WeakTests()
        case _ if not python:
            return WeakTests()
        case AssertSuite():
            return _read(_of_assertions, (suite.asserts, suite.setup, suite.prompt))
        case ScriptSuite():
            return _read(_of_script, ((suite.source,), suite.entry_point, suite.prompt))
        case PytestSuite():
            parts = tuple(part for file in suite.files.items() for part in file)
            return _read(_of_pytest, (parts, suite.module, "\n".join(suite.manifest or ())))


def warned(suite: JudgedSuite, weak: WeakTests) -> JudgedSuite:
    """A judged suite with what is weak in it, and a flag on every pass that says nothing. No verdict changes."""
    tests = [
        replace(test, flags=test.flags | {Flag.SELF_COMPARING_TEST})
        if number in weak.idle and test.verdict is Verdict.ACCEPTED
        else test
        for number, test in enumerate(suite.tests)
    ]
    return replace(suite, tests=tests, warnings=weak.warnings)


def _read(reader: Callable[[tuple[str, ...], str, str], WeakTests], parts: _Parts) -> WeakTests:
    """What a reader finds; nothing in code that is too long, too deep or broken."""
    several, *others = parts
    if sum(map(len, (*several, *others))) > _MAX_CHARS:
        return WeakTests()
    try:
        return reader(*parts)
    except (ItemError, RecursionError):  # the plan has said what is broken
        return WeakTests()


def _of_cases(found: Iterable[tuple[int, Finding]]) -> WeakTests:
    return WeakTests(_warnings(found))


def _of_units(units: Sequence[JudgedUnit], more: Iterable[tuple[int, Finding]] = ()) -> WeakTests:
    found = [(number, finding) for number, unit in enumerate(units) for finding in unit.findings]
    return WeakTests(
        _warnings([*found, *more]), frozenset(number for number, unit in enumerate(units) if unit.idle)
    )


def _warnings(found: Iterable[tuple[int, Finding]]) -> tuple[SuiteWarning, ...]:
    return tuple(
        SuiteWarning(code=finding.weakness.value, test=number, line=finding.line, message=finding.message)
        for number, finding in list(found)[:_MAX_WARNINGS]
    )


@lru_cache(_KEPT)
def _of_assertions(asserts: tuple[str, ...], setup: str, prompt: str) -> WeakTests:
    helpers = parse_tests(helpers_of(prompt), "the prompt")
    setup_tree = parse_tests(setup, "the setup")
    units = [_judge_assertion(text, setup_tree, helpers) for text in asserts]
    return _of_units(units, find_in_assertions([split_assertion(text) for text in asserts]))


def _judge_assertion(text: str, setup: ast.Module, helpers: ast.Module) -> JudgedUnit:
    tree = parse_tests(text, "an assertion")
    whole = ast.Module([*setup.body, *tree.body], [])
    program = ProgramNames(frozenset(candidate_names(whole, helpers)), others_are_oracles=True)
    return judge_unit(tree.body, _surroundings([whole], program, (), helpers))


@lru_cache(_KEPT)
def _of_script(sources: tuple[str, ...], entry_point: str, prompt: str) -> WeakTests:
    tree = parse_tests(sources[0], "the test script")
    helpers = parse_tests(helpers_of(prompt), "the prompt")
    entry = entry_point.partition(".")[0].removesuffix("()")
    functions = functions_of([tree])
    names = {*candidate_names(tree, helpers, entry), _CANDIDATE} - functions.keys()
    same = {_CANDIDATE: entry} if entry in names else {}
    program = ProgramNames(frozenset(names), same, others_are_oracles=True)
    around = _surroundings([tree], program, ["check"], helpers)
    return _of_units([judge_unit(list(_start_of_script(tree, functions)), around)])


def _start_of_script(tree: ast.Module, functions: dict[str, list[Function]]) -> Iterator[ast.stmt]:
    """What runs of a script: its own statements, `check`, and the cases of unittest that it defines."""
    yield from tree.body
    called = {"check"} if any(getattr(each, "name", "") == "check" for each in tree.body) else set()
    if case_tests(tree):
        called |= {name for name in functions if name.startswith(("test", "setUp", "tearDown"))}
    for name in called:
        for function in functions.get(name, ()):
            yield from function.body


@lru_cache(_KEPT)
def _of_pytest(parts: tuple[str, ...], module: str, manifest: str) -> WeakTests:
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    trees = {name: parse_tests(text, name) for name, text in files.items() if name.endswith(".py")}
    suite = read_suite(files, module)
    names = {name for tree in trees.values() for name in imported_names(tree, module)}
    around = _surroundings(
        list(trees.values()),
        ProgramNames(frozenset(names | set(suite.star_names))),
        [test.rpartition("::")[2] for test in suite.tests],
    )
    nodes = dict.fromkeys(manifest.split("\n") if manifest else suite.tests)
    judged: dict[str, JudgedUnit] = {}
    for node in nodes:
        name, _, test = _without_parameters(node).partition("::")
        if _without_parameters(node) not in judged:
            judged[_without_parameters(node)] = _judge_node(trees.get(name), test, around)
    return _of_units([judged[_without_parameters(node)] for node in nodes])


def _without_parameters(node: str) -> str:
    return node.partition("[")[0]


def _judge_node(tree: ast.Module | None, name: str, around: Surroundings) -> JudgedUnit:
    """What is found in one test; nothing if it is not in its file, as an inherited one is not."""
    node = find_node(tree, name, around.functions) if tree is not None else None
    if node is None:
        return JudgedUnit((), idle=False)
    return judge_unit(node.start, around, Situation(node.line, node.parameters, node.wrapped))


def _surroundings(
    trees: Sequence[ast.Module], program: ProgramNames, units: Iterable[str], helpers: ast.Module | None = None
) -> Surroundings:
    """What the tests of a suite share, whose test code is in ``trees``."""
    names = frozenset(units)
    return Surroundings(
        functions_of(trees),
        defined_names(trees),
        Imports.of(trees),
        frozenset().union(*(touched(tree, names, program.names) for tree in trees)),
        program,
        Generators.of([*trees, *([helpers] if helpers else [])]),
    )
