"""LiveCodeBench: public tests as JSON, private ones as JSON or as base64 of zlib of a pickled JSON text.

The fields are those of `livecodebench/code_generation_lite`; a functional test has one JSON argument per line.
Its runner compares line by line and numbers exactly, as decimals, so that the tolerance here is 0.
"""

from typing import Any, Final

from assay.contract import Checker
from assay.formats.cases import Call, Pair, pairs_of, suite_of
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.preludes import IMPORTS

__all__ = ["DECIMALS", "LIVE_CODE_BENCH", "is_functional"]

DECIMALS: Final = Checker(type="float", abs=0, rel=0)
"""Tokens are equal as text, or as numbers where a decimal fraction is expected."""


def is_functional(tests: list[Field]) -> bool:
    """Whether the tests call a function; all of them must agree.

    Raises:
        FormatError: they are of several kinds, or of an unknown one.
    """
    kinds = {test["testtype"].text() for test in tests}
    if kinds <= {"stdin"} or kinds <= {"functional"}:
        return kinds == {"functional"}
    return tests[0].fail(f"the tests are of the types {sorted(kinds)}", "all must be 'stdin', or all 'functional'")


def _convert(row: Field) -> Converted:
    notes: list[str] = []
    lists = [row.find(f"{kind}_test_cases") for kind in ("public", "private")]
    tests = [test for each in lists if each is not None for test in each.decoded().elements()]
    if not tests:
        row["public_test_cases"].fail("holds no test", "leave the row out: nothing can be graded by it")
    if lists[1] is None:
        notes.append("private_test_cases: not in the row; the public tests alone are few")
    call = _call(row) if is_functional(tests) else None
    pairs: list[Pair] = pairs_of(tests)
    question, number = row.find("question_content"), row.find("question_id")
    return Converted(
        suite=suite_of(pairs, call, notes, DECIMALS),
        id=number.name() if number is not None else None,
        prompt=_prompt(question, row.find("starter_code")),
        warnings=tuple(notes),
    )


def _call(row: Field) -> Call:
    name = row["metadata"].decoded()["func_name"]
    code = row.find("starter_code")
    return Call(name, code.text() if code is not None else "", may_be_wrapped=False)


def _prompt(question: Field | None, code: Field | None) -> Any:
    if question is None or code is None:
        return question.text() if question is not None else None
    return f"{question.text()}\n\n```python\n{code.text()}\n```"


def _detect(row: Row) -> bool:
    return "public_test_cases" in row or "private_test_cases" in row


LIVE_CODE_BENCH: Final = Format(
    name="livecodebench",
    prelude=IMPORTS,
    aliases=("lcb", "livecodebench/code_generation", "livecodebench/code_generation_lite"),
    detect=_detect,
    convert=_convert,
)
