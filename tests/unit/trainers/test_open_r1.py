"""open-r1's names are reward functions whose requests the contract accepts."""

import asyncio
import pickle
from typing import Any

import pytest

from assay.contract import Item
from assay.trainers.open_r1 import NAMES, get_reward_funcs

COLUMNS = {
    "solution": ["$4$", "$5$"],
    "verification_info": [{"language": "python", "test_cases": [{"input": "1", "output": "2"}]}] * 2,
}
SAID = [[{"role": "assistant", "content": "a"}], [{"role": "assistant", "content": "b"}]]


def items(name: str, **parameters: Any) -> list[dict[str, Any]]:
    (function,) = get_reward_funcs([name], {name: parameters} if parameters else None)
    return function._asking(["p", "p"], SAID, {**COLUMNS, "completion_ids": [[1, 2], [3]]}).items


@pytest.mark.parametrize("name", NAMES)
def test_every_name_asks_for_a_reward_of_its_type(name: str) -> None:
    for item in items(name):
        (reward,) = item["rewards"]
        assert reward["type"] == name
        if "tests" not in reward:
            Item.model_validate(item)


def test_parameters_are_fields() -> None:
    (first, _) = items("cosine", max_len=2000)
    assert first["rewards"] == [{"type": "cosine", "compat": "open_r1", "max_len": 2000, "gold": "$4$"}]


def test_a_name_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no reward 'acuracy'; there are: accuracy, format"):
        get_reward_funcs(["acuracy"])
    with pytest.raises(ValueError, match="no reward 'x'"):
        get_reward_funcs(["format"], {"x": {}})


def test_they_have_names_travel_and_may_be_awaited() -> None:
    functions = get_reward_funcs(["accuracy", "code"])
    assert [function.__name__ for function in functions] == ["accuracy_reward", "code_reward"]
    assert [function.__name__ for function in pickle.loads(pickle.dumps(functions))] == [
        "accuracy_reward",
        "code_reward",
    ]
    (awaited,) = get_reward_funcs(["format"], asynchronous=True)
    assert asyncio.iscoroutinefunction(awaited.__call__)
