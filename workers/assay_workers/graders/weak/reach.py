"""Which code of the tests runs, and which names the program has a say in. Pure.

Both are approximated from above, without regard to order: code counts as run where its name is mentioned in code
that runs, and a name counts as touched where a chain of statements that share names leads from it to something
unknown.
"""

import ast
import builtins
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "Function",
    "Imports",
    "functions_of",
    "last_name",
    "names_in",
    "own_nodes",
    "reached",
    "root",
    "touched",
]

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_QUIET_MODULES: Final = frozenset(
    {"__future__", "bisect", "cmath", "collections", "copy", "decimal", "fractions", "functools", "heapq"}
    | {"itertools", "json", "math", "numbers", "operator", "random", "re", "statistics", "string", "typing"}
    | {"pytest", "unittest"}
)
"""Modules by which no state of the program's can be seen."""
_MUTE_MODULES: Final = sys.stdlib_module_names | {"numpy", "pandas", "pytest"}
"""Modules whose functions assert nothing, but for those whose names say that they do."""
_LOUD_BUILT_INS: Final = frozenset(
    {"__import__", "compile", "eval", "exec", "globals", "input", "locals", "open", "vars"}
)
"""Built-ins by which anything can be seen or run."""
_QUIET_BUILT_INS: Final = frozenset(vars(builtins)) - _LOUD_BUILT_INS


@dataclass(frozen=True)
class Imports:
    """What the imports of test code bind, by how far it can be looked through."""

    quiet: frozenset[str]
    """Names by which no state of the program's can be seen."""
    foreign: frozenset[str]
    """Names of what is neither of the standard library nor of NumPy or pandas: their functions may assert."""

    @classmethod
    def of(cls, trees: Iterable[ast.AST]) -> "Imports":
        """Reads all imports, at any depth."""
        bound = [pair for tree in trees for node in ast.walk(tree) for pair in _bound_by(node)]
        loud = {name for name, module in bound if module not in _QUIET_MODULES}
        foreign = {name for name, module in bound if module not in _MUTE_MODULES}
        return cls(frozenset(name for name, _ in bound) - loud, frozenset(foreign))


def _bound_by(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the outermost module it comes from."""
    if isinstance(node, ast.Import):
        for each in node.names:
            yield (each.asname or each.name).partition(".")[0], each.name.partition(".")[0]
    elif isinstance(node, ast.ImportFrom):
        module = "." if node.level else (node.module or "").partition(".")[0]
        for each in node.names:
            yield each.asname or each.name, module


def functions_of(trees: Iterable[ast.Module]) -> dict[str, list[Function]]:
    """Functions and methods by name, but for those that stand in functions."""
    found: dict[str, list[Function]] = {}
    pending: list[ast.AST] = list(trees)
    for node in pending:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(node.name, []).append(node)
        elif not isinstance(node, ast.expr):
            pending.extend(ast.iter_child_nodes(node))
    return found


def defined_names(trees: Iterable[ast.AST]) -> frozenset[str]:
    """The names of all functions and classes, at any depth."""
    return frozenset(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, _SCOPES))


def own_nodes(statements: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements, without the bodies of functions and classes that they define."""
    pending: list[ast.AST] = list(reversed(statements))
    while pending:
        node = pending.pop()
        yield node
        inner = node.decorator_list if isinstance(node, _SCOPES) else list(ast.iter_child_nodes(node))
        pending.extend(reversed(inner))


def reached(start: Sequence[ast.stmt], functions: Mapping[str, Sequence[Function]]) -> list[Sequence[ast.stmt]]:
    """The bodies that run if ``start`` does: itself, and those of functions whose names it mentions, and so on.

    Functions in functions are found by the code around them alone, all others by any.
    """
    bodies: list[Sequence[ast.stmt]] = [start]
    local: dict[str, list[Function]] = {}
    seen: set[int] = set()
    for body in bodies:
        nodes = list(own_nodes(body))
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                local.setdefault(node.name, []).append(node)
        for name in filter(None, map(_mentioned, nodes)):
            for function in (*functions.get(name, ()), *local.get(name, ())):
                if id(function) not in seen:
                    seen.add(id(function))
                    bodies.append(function.body)
    return bodies


def _mentioned(node: ast.AST) -> str:
    """The name by which a node may mean a function or a method."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def touched(tree: ast.Module, units: Collection[str], program: Collection[str]) -> frozenset[str]:
    """The names that the program, or anything unknown, may have a say in.

    Arguments:
        tree: the test code.
        units: functions whose statements are looked at one by one; all others are looked at as wholes.
        program: names that stand for the program or its parts.
    """
    imports = Imports.of([tree])
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= defined_names([tree])
    ignored = ((_QUIET_BUILT_INS - bound) | imports.quiet) - set(program)
    known = bound - {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    groups = [names_in(statement) - ignored for statement in _pieces(tree.body, units)]
    return _spread({name for group in groups for name in group if name not in known}, groups)


def _spread(start: Collection[str], groups: Iterable[Collection[str]]) -> frozenset[str]:
    """``start``, and all that shares a group with what is found."""
    of_name: dict[str, list[Collection[str]]] = {}
    for group in groups:
        for name in group:
            of_name.setdefault(name, []).append(group)
    found = set(start)
    pending = list(start)
    while pending:
        for group in of_name.pop(pending.pop(), ()):
            new = set(group) - found
            found |= new
            pending += new
    return frozenset(found)


def _pieces(body: Iterable[ast.stmt], units: Collection[str]) -> Iterator[ast.stmt]:
    for statement in body:
        match statement:
            case ast.ClassDef(body=inner):
                yield from _pieces(inner, units)
            case ast.FunctionDef(name=name, body=inner) | ast.AsyncFunctionDef(name=name, body=inner) if (
                name in units
            ):
                yield from _pieces(inner, units)
            case _:
                yield statement


def names_in(node: ast.AST) -> set[str]:
    """Every name that code mentions, defines or takes as a parameter."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, _SCOPES):
            found.add(each.name)
    return found


def root(node: ast.expr) -> str:
    """`a` of `a.b[c].d`, called or not; nothing if there is no such name."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`, called or not; nothing if there is no such name."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
