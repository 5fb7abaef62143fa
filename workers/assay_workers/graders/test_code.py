"""Reads test code (never a candidate's) to learn which names it expects of the candidate. Pure."""

import ast
import builtins
from typing import Final

from assay.errors import ItemError

__all__ = ["candidate_names", "caught_names", "helpers_of", "parse_tests"]


def parse_tests(source: str, what: str) -> ast.Module:
    """The syntax tree of trusted test code.

    Raises:
        ItemError: it is not Python.
    """
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ItemError(f"{what} is not Python: {error}", code="invalid_tests") from error


def helpers_of(prompt: str) -> str:
    """The prompt, if it is Python by itself or with a body for its last definition; else nothing."""
    for candidate in (prompt, f"{prompt.rstrip()}\n    pass\n"):
        try:
            ast.parse(candidate)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return candidate
    return ""


class _Names(ast.NodeVisitor):
    """Collects the names that code reads and those it binds, anywhere."""

    def __init__(self) -> None:
        self.read: dict[str, None] = {}
        self.bound: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.read[node.id] = None
        else:
            self.bound.add(node.id)

    def visit_arg(self, node: ast.arg) -> None:
        self.bound.add(node.arg)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self.bound.add((node.asname or node.name).partition(".")[0])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._bind(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._bind(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node)

    def _bind(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.bound.add(node.name)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.bound.update({node.name} - {None})  # type: ignore[arg-type]
        self.generic_visit(node)


def candidate_names(tests: ast.Module, helpers: ast.Module, entry_point: str = "") -> list[str]:
    """The names the tests take from the candidate: the entry point, and whatever nobody else defines.

    Names that the prompt's helpers or the tests bind themselves, and built-ins, are not the candidate's.
    """
    of_tests, of_helpers = _Names(), _Names()
    of_tests.visit(tests)
    of_helpers.visit(helpers)
    known = of_tests.bound | of_helpers.bound | set(vars(builtins)) | {"candidate", "__name__"}
    free = [name for name in of_tests.read if name not in known]
    return list(dict.fromkeys([*([entry_point] if entry_point else []), *free]))


_RAISES: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


def caught_names(tests: ast.Module) -> list[str]:
    """The plain names that the tests catch: in `except`, in `pytest.raises` and in `assertRaises`."""
    found: dict[str, None] = {}
    for node in ast.walk(tests):
        match node:
            case ast.ExceptHandler(type=ast.expr() as caught):
                found |= dict.fromkeys(_names_in(caught))
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[caught, *_]) if name in _RAISES:
                found |= dict.fromkeys(_names_in(caught))
    return list(found)


def _names_in(caught: ast.expr) -> list[str]:
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return [one.id for one in each if isinstance(one, ast.Name)]
