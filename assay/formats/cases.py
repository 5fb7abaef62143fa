"""Builds suites from inputs and outputs, by the conventions that the datasets have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from assay.contract import Checker, Compare, FunctionSuite, ProgramChecker, StdioSuite
from assay.contract.tests import MAX_CASES
from assay.formats.entry_points import find_entry_point, returns_a_list
from assay.formats.fields import Field

__all__ = [
    "FLOATS",
    "STREAMS",
    "Call",
    "Files",
    "Pair",
    "build",
    "function_suite",
    "pair_up",
    "pairs_of",
    "stdio_suite",
    "suite_of",
]

FLOATS: Final = Checker(type="float", abs=1e-6, rel=1e-5)
"""The datasets' own runners accept numbers within a relative 1e-5 (numpy's `allclose`)."""

_Model = TypeVar("_Model", bound=BaseModel)


class Pair(NamedTuple):
    """An input and the output it must lead to."""

    input: Field
    output: Field


class Files(NamedTuple):
    """Names of the files that stand in the place of standard input and output."""

    input_file: str | None = None
    output_file: str | None = None


STREAMS: Final = Files()


class Call(NamedTuple):
    """The function that a suite calls."""

    name: Field
    code: str
    """Starter code, or the text of the problem that may hold it."""
    may_be_wrapped: bool
    """Whether the format is one that may wrap each expected value in a list of its own."""


def build(model: type[_Model], place: Field, **fields: Any) -> _Model:
    """A value of the contract.

    Raises:
        FormatError: the contract does not allow it; the error names ``place``.
    """
    try:
        return model(**fields)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
        where = ".".join(map(str, first["loc"]))
        place.fail(f"{where + ': ' if where else ''}{first['msg']}")


def pair_up(inputs: Field, outputs: Field) -> list[Pair]:
    """Two lists of the same length, of which none may be empty, as pairs.

    Raises:
        FormatError: they are not.
    """
    left, right = inputs.elements(), outputs.elements()
    if len(left) != len(right):
        inputs.fail(f"has {len(left)} elements, but {outputs.path} has {len(right)}", "load the row anew")
    if not left:
        inputs.fail("holds no test", "leave the row out: nothing can be graded by it")
    return [Pair(*both) for both in zip(left, right, strict=True)]


def pairs_of(tests: Sequence[Field]) -> list[Pair]:
    """Objects with `input` and `output`, which may be empty texts, as pairs.

    Raises:
        FormatError: one is something else.
    """
    return [Pair(_present(test, "input"), _present(test, "output")) for test in tests]


def _present(test: Field, name: str) -> Field:
    """An empty text is an input, too; null or nothing is not."""
    if not isinstance(test.value, Mapping):
        test.fail("must be an object with 'input' and 'output'")
    if test.value.get(name) is None:
        Field(None, f"{test.path}.{name}").fail("is missing")
    return Field(test.value[name], f"{test.path}.{name}")


def suite_of(
    pairs: Sequence[Pair], call: Call | None, notes: list[str], checker: Checker = FLOATS
) -> StdioSuite | FunctionSuite:
    """A suite of calls if there is a function to call, else one of programs.

    Raises:
        FormatError: the pairs do not fit.
    """
    return stdio_suite(pairs, checker) if call is None else function_suite(pairs, call, notes)


def stdio_suite(
    pairs: Sequence[Pair], checker: Checker | ProgramChecker = FLOATS, files: Files = STREAMS
) -> StdioSuite:
    """Each pair as the input and output of a program, by default its standard ones; a list of lines is joined.

    Raises:
        FormatError: there is none, or one is no text.
    """
    _check_number(pairs)
    cases = [{"stdin": _joined(pair.input), "expected": _joined(pair.output)} for pair in pairs]
    names = {name: file for name, file in files._asdict().items() if file is not None}
    return build(StdioSuite, pairs[0].input, kind="stdio", cases=cases, checker=checker, **names)


def function_suite(pairs: Sequence[Pair], call: Call, notes: list[str]) -> FunctionSuite:
    """Each pair as the arguments and the value of a call.

    Raises:
        FormatError: there is none, or JSON cannot carry one.
    """
    _check_number(pairs)
    entry_point = find_entry_point(call.name, call.code, notes)
    arguments = [_arguments(pair.input) for pair in pairs]
    values = [_value(pair) for pair in pairs]
    if call.may_be_wrapped:
        for pair, args, value in zip(pairs, arguments, values, strict=True):
            _refuse_numbered_keys(pair, args, value)
        values = _unwrapped(values, returns_a_list(entry_point, call.code), notes)
    cases = [{"args": args, "expected": value} for args, value in zip(arguments, values, strict=True)]
    compare = Compare(mode="float" if any(map(_has_float, values)) else "exact")
    fields = {"entry_point": entry_point, "cases": cases, "compare": compare}
    return build(FunctionSuite, call.name, kind="function", **fields)


def _check_number(pairs: Sequence[Pair]) -> None:
    if len(pairs) > MAX_CASES:
        pairs[0].input.fail(f"is the first of {len(pairs)} tests, more than the {MAX_CASES} of a suite")
    if not pairs:
        Field(None, "").fail("holds no test", "leave the row out: nothing can be graded by it")


def _joined(field: Field) -> str:
    if isinstance(field.value, list | tuple):
        return "\n".join(line.text() for line in field.elements(most=1_000_000))
    return field.text()


def _arguments(field: Field) -> list[Any]:
    """A text has one JSON value per line, as on LeetCode; a list is the arguments themselves."""
    if isinstance(field.value, str):
        lines = field.value.split("\n") if field.value.strip() else []
        return [
            Field(line, f"{field.path}, line {number}").json_value()
            for number, line in enumerate(lines, 1)
            if line.strip()
        ]
    return [argument.plain() for argument in field.elements(most=255)]


def _value(pair: Pair) -> Any:
    """The output of a test whose input is JSON text is JSON text, too."""
    if isinstance(pair.input.value, str) and isinstance(pair.output.value, str):
        return pair.output.json_value()
    return pair.output.plain()


def _has_float(value: Any) -> bool:
    """Sums of floats differ in the last digit by their order; where none is expected, values must be equal."""
    if isinstance(value, list):
        return any(map(_has_float, value))
    return isinstance(value, float) or (isinstance(value, dict) and any(map(_has_float, value.values())))


def _refuse_numbered_keys(pair: Pair, args: list[Any], value: Any) -> None:
    """The runners of APPS turn such keys into numbers, which neither JSON nor the contract has."""
    inner = value[0] if isinstance(value, list) and len(value) == 1 else value
    for field, each in ((pair.input, args[0] if args else None), (pair.output, inner)):
        if isinstance(each, dict) and each and all(key.lstrip("-").isdigit() for key in each):
            field.refuse("a dict whose keys are numbers", "write the problem's tests as assertions")


def _unwrapped(values: list[Any], is_list: bool | None, notes: list[str]) -> list[Any]:
    """APPS may wrap every expected value in a list; whether it does, only all of them together show."""
    if not all(isinstance(value, list) and len(value) == 1 for value in values):
        return values
    inner = [value[0] for value in values]
    if is_list and not all(isinstance(each, list) for each in inner):
        return values
    if is_list is None:
        notes.append("every expected value is a list of one element: taken for the value in a wrapper, as in APPS")
    return inner
