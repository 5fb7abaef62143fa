"""Wrong twins of right programs: one small change to the syntax tree, always the same for the same program."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

__all__ = ["wrong_twins"]

_OPPOSITES: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTERPARTS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
}
_SOMETHING_ELSE: Final = "no such answer"

Node = TypeVar("Node", bound=ast.AST)


def wrong_twins(source: str, first: int) -> Iterator[str]:
    """Programs that differ from ``source`` by one mutation each, all kinds of mutation in turn.

    A twin may happen to be right for given tests; the last ones hardly can, for they return something else.

    Args:
        source: a Python program.
        first: the number of the kind to begin with, so that many programs have many kinds of mutation.
    """
    kinds: list[Callable[[ast.Module], bool]] = [_off_by_one, _compare_otherwise, _compute_otherwise, _negate]
    turned = kinds[first % len(kinds) :] + kinds[: first % len(kinds)]
    tree = ast.parse(source)
    unchanged = ast.dump(tree)
    for mutate in [*turned, _return_nothing, _return_something_else]:
        twin = copy.deepcopy(tree)
        if mutate(twin):
            assert ast.dump(twin) != unchanged
            yield ast.unparse(ast.fix_missing_locations(twin))


def _last(tree: ast.Module, kind: type[Node], accepts: Callable[[Node], bool] = lambda _node: True) -> Node | None:
    """The last node of a kind within the functions of a program."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    nodes = [node for function in functions for part in function.body for node in ast.walk(part)]
    found = [node for node in nodes if isinstance(node, kind) and accepts(node)]
    return found[-1] if found else None


def _off_by_one(tree: ast.Module) -> bool:
    constant = _last(tree, ast.Constant, lambda node: type(node.value) is int)
    if constant is None:
        return False
    assert type(constant.value) is int
    constant.value += 1
    return True


def _compare_otherwise(tree: ast.Module) -> bool:
    comparison = _last(tree, ast.Compare, lambda node: type(node.ops[0]) in _OPPOSITES)
    if comparison is None:
        return False
    comparison.ops[0] = _OPPOSITES[type(comparison.ops[0])]()
    return True


def _compute_otherwise(tree: ast.Module) -> bool:
    operation = _last(tree, ast.BinOp, lambda node: type(node.op) in _COUNTERPARTS)
    if operation is None:
        return False
    operation.op = _COUNTERPARTS[type(operation.op)]()
    return True


def _negate(tree: ast.Module) -> bool:
    return _replace_returns(tree, lambda value: ast.UnaryOp(ast.Not(), value))


def _return_nothing(tree: ast.Module) -> bool:
    return _replace_returns(tree, lambda _value: ast.Constant(None))


def _return_something_else(tree: ast.Module) -> bool:
    return _replace_returns(tree, lambda _value: ast.Constant(_SOMETHING_ELSE))


def _replace_returns(tree: ast.Module, replace: Callable[[ast.expr], ast.expr]) -> bool:
    returns = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    for node in returns:
        node.value = replace(node.value or ast.Constant(None))
    return bool(returns)
