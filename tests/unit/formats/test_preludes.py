"""The imports of the datasets' runners: names a program may count on, and none that it must define itself."""

import builtins
import json
from typing import Any

import pytest

from assay.contract import CodeReward
from assay.formats import convert_row
from assay.formats.preludes import IMPORTS


def prelude_of(row: dict[str, Any]) -> str:
    return convert_row(row).prelude


def names_after(prelude: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(prelude, namespace)
    return namespace


@pytest.mark.parametrize(
    "name", ["List", "Optional", "deque", "Counter", "heappush", "bisect_left", "lru_cache", "gcd", "inf", "math"]
)
def test_what_starter_code_counts_on_is_there(name: str) -> None:
    assert name in names_after(IMPORTS)


@pytest.mark.parametrize("name", ["pow", "open", "abs", "sum", "map"])
def test_builtins_are_what_they_always_are(name: str) -> None:
    assert names_after(IMPORTS).get(name, getattr(builtins, name)) is getattr(builtins, name)


@pytest.mark.parametrize("name", ["add", "max", "repeat", "deepcopy"])
def test_the_function_that_is_called_never_comes_from_the_prelude(name: str) -> None:
    row = {"starter_code": f"def {name}(a):", "input_output": {"inputs": [[1]], "outputs": [2], "fn_name": name}}
    assert name not in names_after(prelude_of(row))


def test_programs_have_it_too() -> None:
    assert prelude_of({"input_output": json.dumps({"inputs": ["1"], "outputs": ["1"]})}) == IMPORTS


def scripted(prompt: str) -> dict[str, Any]:
    return {"prompt": prompt, "entry_point": "f", "test": "def check(candidate): assert candidate(1) == 1"}


def test_a_completion_may_be_the_body_of_the_function_in_the_prompt() -> None:
    prompt = 'def f(x):\n    """Doc."""\n'
    assert prelude_of(scripted(prompt)) == prompt


@pytest.mark.parametrize("prompt", ["def f(x):\n", "Write f.", "(" * 1000, "#" * 100_001])
def test_a_prompt_that_no_whole_function_can_follow_is_no_prelude_and_a_warning_says_so(prompt: str) -> None:
    converted = convert_row(scripted(prompt))
    assert converted.prelude == ""
    assert "must be whole" in converted.warnings[0]


def test_other_languages_have_none() -> None:
    info = {"language": "cpp", "test_cases": [{"type": "stdin_stdout", "input": "1", "output": "1"}]}
    (reward,) = convert_row({"verification_info": info}).rewards
    assert isinstance(reward, CodeReward)
    assert (reward.language, reward.prelude) == ("cpp", "")
