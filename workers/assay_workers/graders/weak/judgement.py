"""Tells assertions that hold whatever the program does, and those that compare it with itself. Pure."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assay_workers.graders.weak.claims import equation
from assay_workers.graders.weak.reach import last_name, own_nodes, root

__all__ = ["ProgramNames", "always_holds", "bindings", "compares_itself", "is_call_of", "truth"]

_RELATIONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], object]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_CONVERSIONS: Final = frozenset(
    {"tuple", "list", "sorted", "set", "frozenset", "str", "int", "float", "round", "bool"}
)
_STABLE: Final = (ast.Name, ast.Subscript, ast.Constant, ast.Slice, ast.UnaryOp, ast.unaryop, ast.expr_context)
"""What is read twice without running code that matters; attributes may be made anew."""
_OF_ITSELF: Final = (ast.Eq, ast.Is, ast.LtE, ast.GtE)


@dataclass(frozen=True)
class ProgramNames:
    """By which names tests call the program."""

    names: frozenset[str]
    same: Mapping[str, str] = field(default_factory=dict)
    """Names that stand for another: `candidate` for the entry point."""
    others_are_oracles: bool = False
    """Whether a second function of the program's that gets the same arguments is there to tell what is right."""


def truth(condition: ast.expr) -> bool | None:
    """Whether a condition is true by its syntax alone, whatever the names in it stand for; None if that is open."""
    match condition:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return None if any(isinstance(part, ast.Starred) for part in parts) else bool(parts)
        case ast.Dict(keys=keys):
            return None if None in keys else bool(keys)
        case ast.Lambda() | ast.GeneratorExp():
            return True
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = truth(operand)
            return None if inner is None else not inner
        case ast.BoolOp(op=kind, values=values):
            return _joined(isinstance(kind, ast.Or), [truth(value) for value in values])
        case ast.Compare(left=left, ops=[relation], comparators=[right]):
            return _related(left, relation, right)
        case _:
            return None


def _joined(decisive: bool, truths: Sequence[bool | None]) -> bool | None:
    """``decisive`` decides as soon as one part is so."""
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _related(left: ast.expr, relation: ast.cmpop, right: ast.expr) -> bool | None:
    compare = _RELATIONS.get(type(relation))
    if compare is None:
        return None
    try:
        return bool(compare(ast.literal_eval(left), ast.literal_eval(right)))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def always_holds(condition: ast.expr, values: Mapping[str, ast.expr]) -> str | None:
    """Why a condition about names holds whatever they stand for; None if it can fail.

    Arguments:
        condition: what is asserted.
        values: what the names stand for that are bound once.
    """
    if isinstance(condition, ast.Tuple) and truth(condition):
        return "asserts a tuple, which is always true: a condition and its message want no parentheses"
    if isinstance(condition, ast.GeneratorExp):
        return "asserts a generator, which is always true: wrap it in `all()`"
    if truth(condition):
        return "asserts what is always true"
    match condition:
        case ast.Compare(left=left, ops=[relation], comparators=[right]) if _is_stable(left, values):
            if isinstance(relation, _OF_ITSELF) and _same(left, right):
                return f"compares `{ast.unparse(left)}` with itself"
        case ast.Compare(left=ast.Call(func=ast.Name("len")), ops=[ast.GtE()], comparators=[ast.Constant(0)]):
            return "asserts that a length is not negative"
        case ast.Call(func=ast.Name("isinstance"), args=[_, ast.Name("object")]):
            return "asserts that a value is an object, as all are"
    return None


def _is_stable(side: ast.expr, values: Mapping[str, ast.expr]) -> bool:
    """Whether it is read twice without running code that matters; an instance may be compared by its own code."""
    nodes = list(ast.walk(side))
    if not all(isinstance(node, _STABLE) for node in nodes):
        return False
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return bool(names) and not any(name in values and _makes_instance(values[name]) for name in names)


def _makes_instance(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and last_name(value)[:1].isupper()


def bindings(statements: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """The names that statements bind once, at their own level, and the expressions they stand for."""
    counts: dict[str, int] = {}
    for node in own_nodes(statements):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            counts[node.id] = counts.get(node.id, 0) + 1
    return {
        statement.targets[0].id: statement.value
        for statement in statements
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and counts[statement.targets[0].id] == 1
    }


def compares_itself(condition: ast.expr, program: ProgramNames, values: Mapping[str, ast.expr]) -> str | None:
    """How a condition compares what the program computes with what it computes; None if it does not.

    Different arguments make a property (`gcd(a, b) == gcd(b, a)`) and a round trip has its input on one side: both
    can fail for a wrong program, and are left alone.
    """
    sides = equation(condition)
    if sides is None:
        return None
    left, right = (_resolved(side, program, values) for side in sides)
    both_are_ours = _is_pure(left, program) and _is_pure(right, program)
    if both_are_ours and _same(_renamed(left, program), _renamed(right, program)):
        return f"compares the program with itself: {_functions(left, right, program)} with the same arguments"
    match _bare(left), _bare(right):
        case (ast.Call() as one, ast.Call() as other) if is_call_of(one, program) and is_call_of(other, program):
            if not _same(one.func, other.func) and _is_oracle(one, other, program):
                return (
                    f"compares the program with itself: {_functions(one, other, program)} with the same arguments"
                )
    return None


def _functions(left: ast.expr, right: ast.expr, program: ProgramNames) -> str:
    """`f` and `g`, which are called on one side and on the other."""
    calls = [next(node for node in ast.walk(side) if _is_program(node, program)) for side in (left, right)]
    return " and ".join(f"`{ast.unparse(call.func)}`" for call in calls if isinstance(call, ast.Call))


def _is_program(node: ast.AST, program: ProgramNames) -> bool:
    return isinstance(node, ast.Call) and is_call_of(node, program)


def _is_oracle(one: ast.Call, other: ast.Call, program: ProgramNames) -> bool:
    given = [ast.Tuple([*call.args, *(each.value for each in call.keywords)], ast.Load()) for call in (one, other)]
    alike = _same(_renamed(one.func, program), _renamed(other.func, program))
    return bool(given[0].elts) and _same(*given) and (alike or program.others_are_oracles)


def _resolved(side: ast.expr, program: ProgramNames, values: Mapping[str, ast.expr]) -> ast.expr:
    value = values.get(side.id) if isinstance(side, ast.Name) else None
    return value if value is not None and is_call_of(_bare(value), program) else side


def _bare(side: ast.expr) -> ast.expr:
    """Without the conversions that it is wrapped in."""
    while isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id in _CONVERSIONS:
        if not side.args:
            break
        side = side.args[0]
    return side


def is_call_of(node: ast.expr, program: ProgramNames) -> bool:
    """Whether it calls a function of the program's, or a method of a fresh `Solution()`."""
    if not isinstance(node, ast.Call) or last_name(node.func)[:1].isupper():
        return False
    owner = node.func
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    if isinstance(owner, ast.Call):
        return root(owner) in program.names and not owner.args and last_name(owner)[:1].isupper()
    return root(node.func) in program.names


def _is_pure(side: ast.expr, program: ProgramNames) -> bool:
    """Whether it is made by functions of the program's and conversions alone, and by at least one of the first."""
    calls = [node for node in ast.walk(side) if isinstance(node, ast.Call)]
    ours = [call for call in calls if is_call_of(call, program)]
    makers = {id(owner) for call in ours for owner in ast.walk(call.func)}
    rest = [call for call in calls if call not in ours and id(call) not in makers]
    return bool(ours) and all(isinstance(call.func, ast.Name) and call.func.id in _CONVERSIONS for call in rest)


def _renamed(side: ast.expr, program: ProgramNames) -> str:
    dump = ast.dump(side)
    for name, other in program.same.items():
        dump = dump.replace(f"Name(id={name!r},", f"Name(id={other!r},")
    return dump


def _same(left: ast.expr | str, right: ast.expr | str) -> bool:
    texts = [each if isinstance(each, str) else ast.dump(each) for each in (left, right)]
    return texts[0] == texts[1]
