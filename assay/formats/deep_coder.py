"""Lists of typed tests: DeepCoder-Preview, SYNTHETIC-1, and open-r1's verifiable coding problems.

The shapes are those that the runner of DeepCoder (rLLM's `code_reward.py`) tells apart for the parts
`primeintellect`, `taco`, `lcbv5` and `codeforces`, and those of `verification_info` on the cards of
`PrimeIntellect/SYNTHETIC-1` and `open-r1/verifiable-coding-problems-python`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from assay.contract import AccuracyReward
from assay.formats.apps import convert_table
from assay.formats.cases import FLOATS, Call, build, pairs_of, suite_of
from assay.formats.entry_points import first_solution
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.live_code_bench import DECIMALS, is_functional
from assay.formats.preludes import IMPORTS

__all__ = ["DEEP_CODER", "SYNTHETIC_1", "convert_tests"]

_KINDS: Final = frozenset({"stdin_stdout", "function_call"})


def convert_tests(tests: Field, code: str, notes: list[str], function: Field | None = None) -> Converted:
    """Tests as a table of inputs and outputs, or as a list of tests that may say their types.

    Args:
        tests: the decoded value.
        code: starter code, or a text that may hold it.
        notes: gets the warnings.
        function: the name of the function to call, for functional tests that name none.

    Raises:
        FormatError: they have another shape.
    """
    if isinstance(tests.value, Mapping):
        return convert_table(tests, code, notes)
    each = [test.decoded() for test in tests.elements()]
    if not each:
        tests.fail("holds no test", "leave the row out: nothing can be graded by it")
    if each[0].find("testtype") is not None:
        call = _named(each, _metadata_name(function), code, wrapped=False) if is_functional(each) else None
        return Converted(suite=suite_of(pairs_of(each), call, notes, DECIMALS))
    calls = _kind_of(each) == "function_call"
    call = _named(each, lambda test: test["fn_name"], code, wrapped=True) if calls else None
    return Converted(suite=suite_of(pairs_of(each), call, notes, FLOATS))


def _metadata_name(function: Field | None) -> Callable[[Field], Field]:
    """Reads the name from the metadata of a test, or else has it from those of the row."""

    def find(test: Field) -> Field:
        metadata = test.find("metadata")
        own = metadata.decoded().find("func_name") if metadata is not None else None
        return own or function or test["metadata"].decoded()["func_name"]

    return find


def _named(tests: list[Field], find: Callable[[Field], Field], code: str, *, wrapped: bool) -> Call:
    names = [find(test) for test in tests]
    for name in names:
        if name.text() != names[0].text():
            name.fail(f"is another function than {names[0].path}", "a suite calls one function")
    return Call(names[0], code, may_be_wrapped=wrapped)


def _kind_of(tests: list[Field]) -> str:
    """A test without a type is one of a program, unless it names a function."""
    kinds = set()
    for test in tests:
        kind = test.find("type")
        called = test.find("fn_name") is not None
        kinds.add(kind.text() if kind is not None else "function_call" if called else "stdin_stdout")
    if len(kinds) > 1 or not kinds <= _KINDS:
        tests[0].fail(f"the tests are of the types {sorted(kinds)}", f"all must be one of {sorted(_KINDS)}")
    return kinds.pop()


def _texts(row: Field, *names: str) -> str:
    """What the row has to say about the function: its texts of these names, and a solution."""
    found = (row.find(name) for name in names)
    texts = [field.value for field in found if field is not None and isinstance(field.value, str)]
    solution = first_solution(row.find("solutions") or row.find("gold_standard_solution"))
    return "\n".join([*texts, solution])


def _convert_deep_coder(row: Field) -> Converted:
    notes: list[str] = []
    metadata = row.find("metadata")
    function = metadata.decoded().find("func_name") if metadata is not None else None
    converted = convert_tests(row["tests"].decoded(), _texts(row, "starter_code", "problem"), notes, function)
    problem = row.find("problem")
    return Converted(
        suite=converted.suite,
        prompt=problem.text() if problem is not None else None,
        warnings=tuple(notes),
    )


def _convert_synthetic(row: Field) -> Converted:
    notes: list[str] = []
    info = row["verification_info"].decoded()
    number, prompt = row.find("problem_id"), row.find("prompt")
    common: dict[str, Any] = {
        "id": number.name() if number is not None else None,
        "prompt": prompt.plain() if prompt is not None else None,
    }
    if info.find("test_cases") is None and (truth := info.find("ground_truth")) is not None:
        return Converted(**common, extra_rewards=(_gold(row, truth),))
    converted = convert_tests(info["test_cases"].decoded(), _texts(row, "prompt", "problem"), notes)
    language = info.find("language")
    named = language.text() if language is not None else "python"
    return Converted(suite=converted.suite, language=named, **common, warnings=tuple(notes))


def _gold(row: Field, truth: Field) -> AccuracyReward:
    task = row.find("task_type")
    if task is not None and "math" not in task.text():
        task.refuse(f"the task {task.text()!r}, whose answer is neither code nor mathematics", "leave the row out")
    return build(AccuracyReward, truth, type="accuracy", gold=truth.name())


def _detect_deep_coder(row: Row) -> bool:
    return "tests" in row and "problem" in row and "verification_info" not in row


DEEP_CODER: Final = Format(
    name="deepcoder",
    prelude=IMPORTS,
    aliases=("agentica-org/DeepCoder-Preview-Dataset", "primeintellect", "lcbv5"),
    detect=_detect_deep_coder,
    convert=_convert_deep_coder,
)
SYNTHETIC_1: Final = Format(
    name="synthetic-1",
    prelude=IMPORTS,
    aliases=(
        "PrimeIntellect/SYNTHETIC-1",
        "PrimeIntellect/verifiable-coding-problems",
        "open-r1/verifiable-coding-problems-python",
    ),
    detect=lambda row: "verification_info" in row,
    convert=_convert_synthetic,
)
