"""Finds draws from random generators that the tests do not seed. Pure."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from assay_workers.graders.weak.reach import own_nodes

__all__ = ["Generators", "first_draw"]

_MODULES: Final = frozenset({"numpy.random", "random", "secrets"})
_MAKERS: Final = frozenset({"Random", "RandomState", "default_rng"})
_HARMLESS: Final = frozenset(
    {"Generator", "SeedSequence", "getstate", "seed", "setstate", "get_state", "set_state"}
)
_UNSEEDABLE: Final = frozenset({"SystemRandom"})


@dataclass(frozen=True)
class Generators:
    """By which names code reaches generators, and whether it seeds any."""

    modules: dict[str, str]
    """Dotted names that stand for modules."""
    functions: dict[str, str]
    """Names that stand for functions of those modules."""
    seeded: bool

    @classmethod
    def of(cls, trees: Sequence[ast.AST]) -> "Generators":
        """Reads imports and seeds, at any depth."""
        modules: dict[str, str] = {}
        functions: dict[str, str] = {}
        nodes = [node for tree in trees for node in ast.walk(tree)]
        for node in nodes:
            if isinstance(node, ast.Import):
                modules |= dict(_imported(node.names))
            elif isinstance(node, ast.ImportFrom) and node.module in _MODULES:
                functions |= {each.asname or each.name: each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
                modules |= {
                    each.asname or each.name: "numpy.random" for each in node.names if each.name == "random"
                }
        return cls(modules, functions, any(map(_seeds, nodes)))


def _imported(names: Iterable[ast.alias]) -> Iterable[tuple[str, str]]:
    for each in names:
        if each.name in _MODULES:
            yield each.asname or each.name, each.name
        if each.name in ("numpy", "numpy.random") and not (each.asname and "." in each.name):
            yield f"{each.asname or 'numpy'}.random", "numpy.random"


def _seeds(node: ast.AST) -> bool:
    """A call `….seed(x)`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="seed") | ast.Name(id="seed"), args=args, keywords=keywords):
            return bool(args or keywords)
        case _:
            return False


def first_draw(bodies: Iterable[Sequence[ast.stmt]], generators: Generators) -> tuple[int, str] | None:
    """Line and name of the first draw whose outcome differs from run to run; None if there is none."""
    draws = [
        (node.lineno, ast.unparse(node.func))
        for body in bodies
        for node in own_nodes(body)
        if isinstance(node, ast.Call) and _is_draw(node, generators)
    ]
    return min(draws, default=None)


def _is_draw(call: ast.Call, generators: Generators) -> bool:
    module, name = _resolved(call.func, generators)
    if not name or name in _HARMLESS:
        return False
    if name in _MAKERS:
        return not call.args and not call.keywords
    return module == "secrets" or name in _UNSEEDABLE or not generators.seeded


def _resolved(function: ast.expr, generators: Generators) -> tuple[str, str]:
    """Module and name of a function of a generator; two empty strings for any other."""
    if isinstance(function, ast.Name):
        name = generators.functions.get(function.id, "")
        return ("", name)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name | ast.Attribute):
        module = generators.modules.get(ast.unparse(function.value), "")
        return (module, function.attr) if module else ("", "")
    return ("", "")
