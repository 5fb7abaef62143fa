"""What holds of every module of ours."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AGENT = ROOT / "sandbox-images/agent/assay_agent"
PACKAGES = (ROOT / "assay", ROOT / "service/assay_service", ROOT / "workers/assay_workers", AGENT)
PROGRAMS = ROOT / "assay/audit/programs"
"""Text to be sent to a sandbox."""
MODULES = sorted(
    path for package in PACKAGES for path in package.rglob("*.py") if not path.is_relative_to(PROGRAMS)
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def declared_names(module: ast.Module) -> list[str] | None:
    """The value of `__all__`; None if the module has none."""
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name("__all__")], value=value):
                return [str(name) for name in ast.literal_eval(value)]
            case ast.AnnAssign(target=ast.Name("__all__"), value=ast.expr() as value):
                return [str(name) for name in ast.literal_eval(value)]
    return None


def bound_names(statements: list[ast.stmt]) -> Iterator[str]:
    """The names that the statements bind, at their own level and inside of conditions."""
    for statement in statements:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from ((alias.asname or alias.name).split(".")[0] for alias in aliases)
            case ast.Assign(targets=targets):
                yield from (
                    node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
                )
            case ast.AnnAssign(target=ast.Name(name)):
                yield name
            case ast.If(body=body, orelse=orelse):
                yield from bound_names(body + orelse)


def defined_names(module: ast.Module) -> set[str]:
    """The functions and classes that the module itself defines and does not mark as its own by an underscore."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in module.body if isinstance(node, kinds) and not node.name.startswith("_")}


def imported_roots(module: ast.Module) -> set[str]:
    roots = set()
    for node in ast.walk(module):
        match node:
            case ast.Import(names=aliases):
                roots |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str(name), level=0):
                roots.add(name.split(".")[0])
    return roots


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_that_defines_something_says_what_is_public(path: Path) -> None:
    module = parse(path)
    names = declared_names(module)
    entry_point = path.name == "__main__.py"
    assert names is not None or not defined_names(module) or entry_point


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_a_module_declares_public_is_there_once(path: Path) -> None:
    module = parse(path)
    names = declared_names(module) or []
    assert set(names) <= set(bound_names(module.body))
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_its_purpose(path: Path) -> None:
    assert ast.get_docstring(parse(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_named_after_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", sorted(AGENT.rglob("*.py")), ids=name_of)
def test_the_agent_imports_the_standard_library_alone(path: Path) -> None:
    runs_pytest = path.name == "pytest_run.py"  # in examiners alone, and imported only where there is a pytest
    known = sys.stdlib_module_names | {"assay_agent"} | ({"pytest", "_pytest"} if runs_pytest else set())
    assert imported_roots(parse(path)) <= known
