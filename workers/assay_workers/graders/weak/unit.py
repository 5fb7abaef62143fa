"""Reads one test made of code: what it asserts, and whether any of it can fail for a wrong program. Pure."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assay_workers.graders.weak.claims import Claim, ends_with_failure, read_claims
from assay_workers.graders.weak.finding import Finding, Weakness
from assay_workers.graders.weak.judgement import ProgramNames, always_holds, bindings, compares_itself, truth
from assay_workers.graders.weak.randomness import Generators, first_draw
from assay_workers.graders.weak.reach import Function, Imports, last_name, names_in, own_nodes, reached, root
from assay_workers.graders.weak.swallowed import Swallow, find_swallows

__all__ = ["JudgedUnit", "Situation", "Surroundings", "judge_unit"]

_MAX_FINDINGS: Final = 20
"""Of one test: who has read so many has read enough."""
_MAX_BODIES: Final = 100
"""Functions that one test runs: where it seems to run more, names were mistaken, and nothing is said."""
_UNREACHED: Final = "what it asserts does not depend on the program"
_SILENT: Final = "it asserts nothing, and passes whatever the program returns"
_UNCALLED: Final = "its assertions stand in functions that nothing calls"


@dataclass(frozen=True)
class Surroundings:
    """What the tests of one suite share."""

    functions: Mapping[str, Sequence[Function]]
    """Those that can be called from anywhere, by name."""
    own_names: frozenset[str]
    """Names of everything that the tests define, wherever they do."""
    imports: Imports
    touched: frozenset[str]
    """Names that the program may have a say in."""
    program: ProgramNames
    generators: Generators


@dataclass(frozen=True)
class JudgedUnit:
    """What was found in a test."""

    findings: tuple[Finding, ...]
    idle: bool
    """Whether nothing in it can fail for a program that answers at all: its pass says nothing."""


@dataclass(frozen=True)
class Situation:
    """What is known of one test besides its code."""

    line: int | None = None
    """Where it begins."""
    unknown: frozenset[str] = frozenset()
    """Names, such as fixtures, that stand for anything: if they are called, that may assert."""
    wrapped: bool = False
    """Whether something stands around it that may assert."""


_BY_ITSELF: Final = Situation()


@dataclass
class _Tally:
    """The assertions of a test, sorted."""

    findings: list[Finding]
    strong: bool = False
    """Whether one may fail for a wrong program."""
    first_idle: Claim | None = None
    """The first that the program has no say in; there may be good ones beside it."""


def judge_unit(start: Sequence[ast.stmt], around: Surroundings, own: Situation = _BY_ITSELF) -> JudgedUnit:
    """Reads the test that runs ``start``.

    Arguments:
        start: the statements that run first.
        around: what it shares with others.
        own: what is of this test alone.
    """
    bodies = reached(start, around.functions)
    if len(bodies) > _MAX_BODIES:
        return JudgedUnit((), idle=False)
    swallows = [swallow for body in bodies for swallow in find_swallows(body)]
    lost = {id(node) for swallow in swallows for node in own_nodes(swallow.body)}
    tally = _Tally([])
    for body in bodies:
        _sort(body, around, lost, tally)
    tally.strong = tally.strong or own.wrapped or any(_may_fail(body, around, lost, own) for body in bodies)
    tally.findings += _of_swallows(swallows, around, alone=not tally.strong)
    if not tally.strong:
        tally.findings += _of_silence(tally, around, own)
    idle = not tally.strong and bool(tally.findings)
    draw = first_draw(bodies, around.generators)
    if draw is not None:
        message = (
            f"draws from `{draw[1]}` without a seed of its own: what it tests is for whoever runs it to choose"
        )
        tally.findings.append(Finding(Weakness.UNSEEDED_RANDOM, message, draw[0]))
    return JudgedUnit(tuple(tally.findings[:_MAX_FINDINGS]), idle)


def _sort(body: Sequence[ast.stmt], around: Surroundings, lost: set[int], tally: _Tally) -> None:
    values = bindings(body)
    for claim in _claims(body, around):
        if id(claim.node) in lost:
            continue
        finding = None if claim.condition is None else _weakness(claim.condition, claim.line, around, values)
        if finding is not None:
            tally.findings.append(finding)
        elif claim.condition is None or truth(claim.condition) is False or _depends(claim.condition, around):
            tally.strong = True
        else:
            tally.first_idle = tally.first_idle or claim


def _claims(body: Sequence[ast.stmt], around: Surroundings) -> Iterator[Claim]:
    """The assertions, without calls of the program and of functions that are read themselves."""
    for claim in read_claims(body):
        if isinstance(claim.node, ast.Call):
            named = last_name(claim.node.func)
            is_read = named in around.own_names and not named.startswith("assert")
            if is_read or root(claim.node.func) in around.program.names:
                continue
        yield claim


def _weakness(
    condition: ast.expr, line: int, around: Surroundings, values: Mapping[str, ast.expr]
) -> Finding | None:
    if not names_in(condition):  # `assert True` beside others that say something is a mere placeholder
        return None
    reason = always_holds(condition, values)
    if reason is not None:
        return Finding(Weakness.VACUOUS, reason, line)
    reason = compares_itself(condition, around.program, values)
    return None if reason is None else Finding(Weakness.SELF_COMPARING, reason, line)


def _depends(condition: ast.expr, around: Surroundings) -> bool:
    return bool(names_in(condition) & around.touched)


def _may_fail(body: Sequence[ast.stmt], around: Surroundings, lost: set[int], own: Situation) -> bool:
    """Whether it can fail by other means than assertions, or calls what cannot be looked into."""
    nodes = [node for node in own_nodes(body) if id(node) not in lost]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(
        ends_with_failure(node)
        or (isinstance(node, ast.Call) and _is_unknown(node, around, own))
        or (isinstance(node, ast.Attribute) and node.attr.startswith("assert") and id(node) not in called)
        for node in nodes
    )


def _is_unknown(call: ast.Call, around: Surroundings, own: Situation) -> bool:
    """Whether it calls what other code brings: an import, a fixture, a method that is inherited."""
    owner = root(call.func)
    if owner in around.program.names:
        return False
    match call.func:
        case ast.Name(id=name) if name in own.unknown:
            return True
        case ast.Attribute(value=ast.Name("self" | "cls"), attr=name):
            return name not in around.own_names and not name.startswith("assert")
        case _:
            return owner in around.imports.foreign


def _of_swallows(swallows: Sequence[Swallow], around: Surroundings, *, alone: bool) -> Iterator[Finding]:
    """Those that lose assertions; and where there are no others, those that lose calls of the program."""
    for swallow in swallows:
        nodes = list(own_nodes(swallow.body))
        if any(_claims(swallow.body, around)) or any(map(_asserts_by_hand, nodes)):
            message = "catches what its assertions raise, and goes on as if nothing had happened"
            yield Finding(Weakness.SWALLOWS_FAILURE, message, swallow.line)
        elif alone and any(
            isinstance(node, ast.Call) and root(node.func) in around.program.names for node in nodes
        ):
            message = "catches what the program raises, and goes on as if nothing had happened"
            yield Finding(Weakness.SWALLOWS_FAILURE, message, swallow.line)


def _of_silence(tally: _Tally, around: Surroundings, own: Situation) -> Iterator[Finding]:
    """What is to be said of a test in which nothing can fail."""
    if tally.first_idle is not None:
        yield Finding(Weakness.VACUOUS, _UNREACHED, tally.first_idle.line)
    elif not tally.findings:
        uncalled = own.line is None and _has_claims(around)
        yield Finding(Weakness.NO_ASSERTION, _UNCALLED if uncalled else _SILENT, own.line)


def _has_claims(around: Surroundings) -> bool:
    return any(any(_claims(each.body, around)) for named in around.functions.values() for each in named)


def _asserts_by_hand(node: ast.AST) -> bool:
    """`raise AssertionError`, with or without a message; any other error may be raised just to be caught."""
    return isinstance(node, ast.Raise) and node.exc is not None and last_name(node.exc) == "AssertionError"
