"""Reads the files of a pytest suite without running them: which tests there are, what they want of the program.

Pure. What is found here is the denominator; no program can change it.
"""

import ast
import builtins
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final

from assay.errors import ItemError
from assay_workers.graders.isolation import Obstacle, find_obstacle
from assay_workers.graders.test_code import candidate_names, parse_tests

__all__ = ["SuiteNames", "case_tests", "imported_names", "read_suite", "refuse_patches", "suite_obstacle"]

_TEST_FILES: Final = ("test_*.py", "*_test.py")
_TEST_CASES: Final = frozenset({"TestCase", "IsolatedAsyncioTestCase"})
_PATCHES: Final = frozenset({"patch", "setattr", "delattr", "setitem", "delitem", "object", "dict", "multiple"})
_CAPTURES: Final = frozenset({"capsys", "capfd", "capsysbinary", "capfdbinary"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = _Function | ast.ClassDef


@dataclass(frozen=True)
class SuiteNames:
    """What a suite says of itself."""

    tests: tuple[str, ...]
    """The tests as pytest names them, without parameters."""
    star_names: tuple[str, ...]
    """What `from module import *` may bind: names that such a file uses and nobody else defines."""


def read_suite(files: Mapping[str, str], module: str) -> SuiteNames:
    """Reads the files of a suite around ``module``.

    Raises:
        ItemError: a file is not Python, or hides the module.
    """
    if f"{module}.py" in files:
        raise ItemError(f"the tests bring {module}.py, the program itself, along", code="invalid_tests")
    trees = {name: parse_tests(text, name) for name, text in files.items() if name.endswith(".py")}
    tests = [
        f"{name}::{test}"
        for name, tree in trees.items()
        if any(fnmatchcase(name, pattern) for pattern in _TEST_FILES)
        for test in _tests_of(tree)
    ]
    return SuiteNames(tuple(dict.fromkeys(tests)), _star_names(trees.values(), module))


def refuse_patches(files: Mapping[str, str], module: str) -> None:
    """Refuses a suite that wants what cannot be had from outside the program's process.

    Raises:
        ItemError: a test wants that, or a file is not Python.
    """
    for name, text in files.items():
        if name.endswith(".py"):
            _refuse_patches(name, parse_tests(text, name), module)


def suite_obstacle(files: Mapping[str, str], module: str) -> Obstacle | None:
    """Why an examiner may not be able to run the suite.

    Raises:
        ItemError: a file is not Python.
    """
    own = [module, *(PurePosixPath(name).stem for name in files)]
    for name, text in files.items():
        if name.endswith(".py"):
            tree = parse_tests(text, name)
            obstacle = find_obstacle(tree, imported_names(tree, module), own)
            if obstacle is not None:
                return obstacle
    return None


def case_tests(tree: ast.Module) -> tuple[str, ...]:
    """The tests of the cases of unittest that a script defines, each `Class::method`.

    Raises:
        ItemError: it defines cases, and not one test.
    """
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    cases = [each for each in classes.values() if _is_case(_family(each, classes), tree)]
    tests = tuple(dict.fromkeys(name for case in cases for name in _tests_in(case, classes, "", is_case=True)))
    if cases and not tests:
        raise ItemError("the script defines cases of unittest without a test", code="invalid_tests")
    return tests


def _is_case(family: Collection[ast.ClassDef], tree: ast.Module) -> bool:
    renamed = {
        each.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "unittest"
        for each in node.names
        if each.asname and each.name in _TEST_CASES
    }
    return any(_last_name(base) in _TEST_CASES | renamed for each in family for base in each.bases)


def _tests_of(tree: ast.Module) -> Iterator[str]:
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    for statement in tree.body:
        if isinstance(statement, _Function) and _is_test(statement):
            yield statement.name
        elif isinstance(statement, ast.ClassDef):
            is_case = _is_case(_family(statement, classes), tree)
            yield from _tests_in(statement, classes, "", is_case=is_case)


def _tests_in(
    node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], outer: str, *, is_case: bool = False
) -> Iterator[str]:
    family = _family(node, classes)
    members = {
        member.name: member for each in reversed(family) for member in each.body if isinstance(member, _Definition)
    }
    collected = is_case or (node.name.startswith("Test") and "__init__" not in members)
    if not collected or _opts_out(node):
        return
    prefix = f"{outer}{node.name}::"
    for name, member in members.items():
        if isinstance(member, ast.ClassDef):
            if not is_case:
                yield from _tests_in(member, classes, prefix)
        elif _is_test(member):
            yield f"{prefix}{name}"


def _family(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """The class and those of its bases that the same file defines, nearest first."""
    found = [node]
    for each in found:
        bases = [classes.get(base.id) for base in each.bases if isinstance(base, ast.Name)]
        found += [base for base in bases if base is not None and base not in found]
    return found


def _is_test(node: _Function) -> bool:
    fixtures = [each for each in node.decorator_list if _last_name(each) == "fixture"]
    return node.name.startswith("test") and not fixtures


def _opts_out(node: ast.ClassDef) -> bool:
    return any(
        isinstance(each, ast.Assign)
        and [_last_name(target) for target in each.targets] == ["__test__"]
        and isinstance(each.value, ast.Constant)
        and not each.value.value
        for each in node.body
    )


def _last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`, called or not."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _root(node: ast.expr) -> str:
    """`a` of `a.b.c`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def imported_names(tree: ast.Module, module: str) -> set[str]:
    """Names that stand for the module, or for what is imported from it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.asname or module for each in node.names if each.name == module}
        elif isinstance(node, ast.ImportFrom) and node.module == module:
            names |= {each.asname or each.name for each in node.names}
    return names


def _refuse_patches(file: str, tree: ast.Module, module: str) -> None:
    imported = imported_names(tree, module)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _patches(node, module, imported):
            raise _not_isolable(file, node.lineno, f"patches {module!r}", "test it without mocks of its own parts")
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete) and _assigns(node, imported):
            raise _not_isolable(file, node.lineno, f"assigns to {module!r}", "pass what is to differ as arguments")
        if isinstance(node, _Function) and node.name.startswith("test"):
            wanted = _CAPTURES & {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
            if wanted:
                what = f"reads what the program prints ({', '.join(sorted(wanted))})"
                raise _not_isolable(file, node.lineno, what, "give what is printed as 'stdio' tests")


def _not_isolable(file: str, line: int, what: str, remedy: str) -> ItemError:
    message = f"line {line} of {file} {what}, which runs in another sandbox"
    return ItemError(message, code="tests_not_isolable", hint=remedy)


def _patches(call: ast.Call, module: str, imported: set[str]) -> bool:
    if _last_name(call.func) not in _PATCHES or not call.args:
        return False
    target = call.args[0]
    if isinstance(target, ast.Constant):
        return isinstance(target.value, str) and re.match(rf"{re.escape(module)}(\.|$)", target.value) is not None
    return isinstance(target, ast.Name | ast.Attribute) and _root(target) in imported


def _assigns(node: ast.Assign | ast.AugAssign | ast.Delete, imported: set[str]) -> bool:
    targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
    return any(isinstance(target, ast.Attribute) and _root(target) in imported for target in targets)


def _star_names(trees: Collection[ast.Module], module: str) -> tuple[str, ...]:
    stars = [tree for tree in trees if _has_star(tree, module)]
    empty = ast.Module([], [])
    wanted = dict.fromkeys(name for tree in stars for name in candidate_names(tree, empty))
    bound = {name for tree in stars for name in _bound(tree)} | set(vars(builtins))
    return tuple(name for name in wanted if name not in bound)


def _has_star(tree: ast.Module, module: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == module and node.names[0].name == "*"
        for node in ast.walk(tree)
    )


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, _Definition):
            yield node.name
