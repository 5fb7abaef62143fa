"""Decides, from test code alone, whether an examiner can be trusted with it. Pure.

The decision is made before a program is looked at, and no program can sway it. It errs towards saying no: test code
that does anything beyond calling the program with plain values and looking at plain values may depend on sharing a
process with it (mocks, files, logs, generators' seeds, data frames), and would fail right programs in an examiner.
"""

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Obstacle", "find_obstacle"]

_PLAIN: Final = frozenset(
    {"__future__", "bisect", "cmath", "collections", "copy", "datetime", "decimal", "fractions", "functools"}
    | {"heapq"}
    | {"itertools", "json", "math", "numbers", "operator", "pytest", "re", "statistics", "string", "textwrap"}
    | {"typing", "unittest"}
)
"""Modules that work on values, and neither reach for the process nor make objects that cannot cross."""
_MOCKS: Final = frozenset({"mock", "pytest_mock", "unittest.mock"})
_FIXTURES: Final = frozenset(
    {"caplog", "capfd", "capfdbinary", "capsys", "capsysbinary", "mocker", "monkeypatch", "recwarn", "tmp_path"}
    | {"tmp_path_factory", "tmpdir", "tmpdir_factory"}
)
_OF_THE_PROCESS: Final = frozenset({"assertLogs", "assertNoLogs", "assertWarns", "assertWarnsRegex", "warns"})
_BUILT_INS: Final = frozenset({"__import__", "compile", "eval", "exec", "globals", "open"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Obstacle:
    """Why an examiner may not be able to run test code."""

    line: int
    what: str
    patches: bool = False
    """Whether it replaces something: in an examiner that is certain to miss the program."""


def find_obstacle(
    tests: ast.Module, candidate: Collection[str], own: Collection[str] = (), prompt: ast.Module | None = None
) -> Obstacle | None:
    """The first obstacle in test code, one that patches before all others; None where an examiner can run it.

    Arguments:
        tests: the test code.
        candidate: names that stand for the program or its parts.
        own: modules that are the suite's or the program's.
        prompt: the problem's own code, whose imports the tests may use.
    """
    read = {node.id for node in ast.walk(tests) if isinstance(node, ast.Name)}
    obstacles = [*_of_tests(tests, candidate, own), *_of_prompt(prompt, read)]
    return min(obstacles, key=lambda each: not each.patches, default=None)


def _of_tests(tests: ast.Module, candidate: Collection[str], own: Collection[str]) -> Iterator[Obstacle]:
    defined = {node.name for node in ast.walk(tests) if isinstance(node, _Function | ast.ClassDef)}
    looks: tuple[Callable[[ast.AST], Obstacle | None], ...] = (
        lambda node: _of_import(node, own),
        lambda node: _of_definition(node, candidate),
        lambda node: _of_name(node, candidate),
        lambda node: _of_call(node, candidate, defined),
    )
    for node in ast.walk(tests):
        yield from (found for look in looks if (found := look(node)) is not None)


def _of_prompt(prompt: ast.Module | None, read: Collection[str]) -> Iterator[Obstacle]:
    for node in ast.walk(prompt or ast.Module([], [])):
        found = _of_import(node, ())
        if found is not None and isinstance(node, ast.Import | ast.ImportFrom):
            bound = {(each.asname or each.name).partition(".")[0] for each in node.names}
            if bound & set(read):
                yield found


def _of_import(node: ast.AST, own: Collection[str]) -> Obstacle | None:
    if isinstance(node, ast.Import):
        modules = [each.name for each in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = [f"{node.module}.{each.name}" for each in node.names] + [node.module or ""]
    else:
        return None
    for module in modules:
        if module in _MOCKS:
            return Obstacle(node.lineno, "uses mocks", patches=True)
        if module.partition(".")[0] not in (*_PLAIN, *own):
            return Obstacle(node.lineno, f"imports {module.partition('.')[0]!r}")
    return None


def _of_definition(node: ast.AST, candidate: Collection[str]) -> Obstacle | None:
    if isinstance(node, _Function):
        wanted = _FIXTURES & {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
        if wanted:
            patches = bool(wanted & {"monkeypatch", "mocker"})
            return Obstacle(node.lineno, f"uses {', '.join(sorted(wanted))}", patches=patches)
    if isinstance(node, ast.ClassDef) and any(_root(base) in candidate for base in node.bases):
        return Obstacle(node.lineno, f"inherits in {node.name!r} from a class of the program's")
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        if any(isinstance(target, ast.Attribute) and _root(target) in candidate for target in targets):
            return Obstacle(node.lineno, "assigns to the program's attributes", patches=True)
    return None


def _of_name(node: ast.AST, candidate: Collection[str]) -> Obstacle | None:
    if isinstance(node, ast.Name) and node.id in _BUILT_INS and node.id not in candidate:
        return Obstacle(node.lineno, f"uses {node.id!r}")
    if isinstance(node, ast.Attribute) and node.attr in _OF_THE_PROCESS:
        return Obstacle(node.lineno, f"uses {node.attr!r}")
    return None


def _of_call(node: ast.AST, candidate: Collection[str], defined: Collection[str]) -> Obstacle | None:
    if not isinstance(node, ast.Call) or _root(node.func) not in candidate:
        return None
    for given in (*node.args, *(each.value for each in node.keywords)):
        for part in ast.walk(given):
            code = isinstance(part, ast.Lambda | ast.GeneratorExp)
            if code or (isinstance(part, ast.Name) and part.id in defined and part.id not in candidate):
                return Obstacle(node.lineno, "passes the program code or objects of its own")
    return None


def _root(node: ast.expr) -> str:
    """`a` of `a.b.c`, called or not."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
