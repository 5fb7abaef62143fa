"""HumanEval, EvalPlus, LeetCodeDataset and KodCode: test programs in Python.

The fields are those of `openai/openai_humaneval`, `evalplus/humanevalplus`, `newfacade/LeetCodeDataset` and
`KodCode/KodCode-V1`.
"""

import ast
from typing import Final

from assay.contract import PytestSuite, ScriptSuite
from assay.formats.cases import build
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format

__all__ = ["HUMAN_EVAL", "KOD_CODE", "LEET_CODE"]

MOST_CHARACTERS: Final = 100_000
"""Of a prelude, by the contract."""
_LEET_CODE_FIELDS: Final = frozenset({"query", "starter_code", "problem_description", "input_output"})
_KOD_CODE_FIELDS: Final = frozenset({"test_info", "gpt_difficulty", "gpt_pass_sequence"})


def _script(row: Field) -> ScriptSuite:
    return build(
        ScriptSuite,
        row["test"],
        kind="script",
        source=row["test"].text(),
        entry_point=row["entry_point"].text(),
        prompt=_prompt_code(row),
    )


def _prompt_code(row: Field) -> str:
    """Imports, helpers and perhaps the head of the function, with its docstring."""
    prompt = row.find("prompt")
    return prompt.text() if prompt is not None else ""


def _prelude(row: Field, notes: list[str]) -> str:
    """The prompt, which the datasets' runners put before a completion, if a whole function may follow it, too."""
    prompt = _prompt_code(row)
    if prompt and not _is_python(prompt):
        notes.append("prompt: no Python by itself, so that it does not go before the program, which must be whole")
        return ""
    return prompt


def _is_python(text: str) -> bool:
    if len(text) > MOST_CHARACTERS:
        return False
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _convert_human_eval(row: Field) -> Converted:
    if row.find("test") is None and (inputs := row.find("base_input")) is not None:
        hint = "use the rows of evalplus/humanevalplus, whose `test` holds the outputs"
        inputs.refuse("inputs whose outputs are to be computed from the canonical solution", hint)
    notes: list[str] = []
    number, prompt = row.find("task_id"), row.find("prompt")
    if row.find("plus_input") is not None:
        notes.append("plus_input: its outputs are not in the row, so that the tests are those of `test` alone")
    return Converted(
        suite=_script(row),
        prelude=_prelude(row, notes),
        id=number.name() if number is not None else None,
        prompt=prompt.text() if prompt is not None else None,
        warnings=tuple(notes),
    )


def _convert_leet_code(row: Field) -> Converted:
    notes: list[str] = []
    number, query = row.find("task_id"), row.find("query") or row.find("problem_description")
    return Converted(
        suite=_script(row),
        prelude=_prelude(row, notes),
        id=number.name() if number is not None else None,
        prompt=query.text() if query is not None else None,
        warnings=tuple(notes),
    )


def _convert_kod_code(row: Field) -> Converted:
    test = row.first("test", "test_code")
    number, question = row.find("question_id") or row.find("conversation_id"), row.find("question")
    return Converted(
        suite=build(PytestSuite, test, kind="pytest", files={"test_solution.py": test.text()}),
        id=number.name() if number is not None else None,
        prompt=question.text() if question is not None else None,
    )


def _is_script(row: Row) -> bool:
    return "entry_point" in row and bool({"test", "base_input"} & row.keys()) and "test_list" not in row


HUMAN_EVAL: Final = Format(
    name="humaneval",
    aliases=("openai/openai_humaneval", "openai_humaneval", "evalplus/humanevalplus", "humaneval+"),
    detect=lambda row: _is_script(row) and not _LEET_CODE_FIELDS & row.keys(),
    convert=_convert_human_eval,
)
LEET_CODE: Final = Format(
    name="leetcode",
    aliases=("newfacade/LeetCodeDataset", "LeetCodeDataset"),
    detect=lambda row: _is_script(row) and bool(_LEET_CODE_FIELDS & row.keys()),
    convert=_convert_leet_code,
)
KOD_CODE: Final = Format(
    name="kodcode",
    aliases=("KodCode/KodCode-V1", "KodCode/KodCode-Light-RL-10K"),
    detect=lambda row: bool({"test", "test_code"} & row.keys()) and bool(_KOD_CODE_FIELDS & row.keys()),
    convert=_convert_kod_code,
)
