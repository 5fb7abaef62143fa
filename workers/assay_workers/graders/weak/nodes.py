"""Finds the code of a test of pytest's or unittest's by its name. Pure."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assay_workers.graders.weak.reach import Function, root

__all__ = ["Node", "find_node"]

_SET_UPS: Final = frozenset(
    {
        "asyncSetUp",
        "asyncTearDown",
        "setUp",
        "setUpClass",
        "setup_class",
        "setup_method",
        "tearDown",
        "teardown_method",
    }
)
_OWN: Final = frozenset({"cls", "self"})
_DECORATORS: Final = frozenset({"classmethod", "mark", "pytest", "staticmethod", "unittest"})
"""Roots of decorators that assert nothing."""


@dataclass(frozen=True)
class Node:
    """A test."""

    start: Sequence[ast.stmt]
    """What runs first: its body, those of the fixtures it names, and what its class sets up."""
    parameters: frozenset[str]
    line: int
    wrapped: bool
    """Whether a decorator that is not known stands around it, and may assert."""


def find_node(tree: ast.Module, name: str, functions: Mapping[str, Sequence[Function]]) -> Node | None:
    """The test `name`, as `Class::method` or `function`; None if the file does not define it itself.

    Arguments:
        tree: the file.
        name: the test within it, without parameters.
        functions: all functions of the suite by name, fixtures among them.
    """
    *classes, last = name.split("::")
    body: Sequence[ast.stmt] = tree.body
    for wanted in classes:
        owner = next((each for each in body if isinstance(each, ast.ClassDef) and each.name == wanted), None)
        body = owner.body if owner is not None else ()
    found = [
        each for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name == last
    ]
    if not found:
        return None
    test = found[-1]
    parameters = _parameters(test) - _OWN
    fixtures = [each for name in sorted(parameters) for each in functions.get(name, ())]
    set_ups = list(_set_ups(body)) if classes else []
    start = [statement for function in (*set_ups, *fixtures, test) for statement in function.body]
    wrapped = any(root(each) not in _DECORATORS for each in test.decorator_list)
    return Node(start, parameters, test.lineno, wrapped)


def _parameters(function: Function) -> frozenset[str]:
    arguments = function.args
    return frozenset(each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _set_ups(body: Sequence[ast.stmt]) -> Iterator[Function]:
    for each in body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name in _SET_UPS:
            yield each
