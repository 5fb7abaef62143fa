"""Completions and columns become a batch."""

import json
from typing import Any

import pytest

from assay.formats.registry import convert_row
from assay.trainers.asking import ROW, Asked, build_batch, completion_text, spec_of_truth

SUITE = {"kind": "stdio", "cases": [{"stdin": "1", "expected": "2"}]}
CODE = Asked({"type": "code"}, {"tests": "tests"})


def _batch(reward: Asked = CODE, **columns: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    asking = build_batch([reward], ["p", "p", "q"], ["a", "b", "c"], columns)
    return asking.items, asking.suites


def test_samples_of_a_prompt_are_a_group_and_share_their_tests() -> None:
    items, suites = _batch(tests=[SUITE, SUITE, {**SUITE, "checker": {"type": "exact"}}])
    assert [item["completion"] for item in items] == ["a", "b", "c"]
    assert items[0]["group"] == items[1]["group"] != items[2]["group"]
    names = [item["rewards"][0]["tests"]["name"] for item in items]
    assert names[0] == names[1] != names[2]
    assert suites[names[0]] == SUITE
    assert len(suites) == 2


@pytest.mark.parametrize(
    ("value", "tests"),
    [
        (SUITE, SUITE),
        (json.dumps(SUITE), SUITE),
        ({"input_output": "{}"}, {"kind": "dataset", "row": {"input_output": "{}"}}),
        ('{"input_output": "{}"}', {"kind": "dataset", "row": {"input_output": "{}"}}),
    ],
)
def test_tests_come_as_a_suite_or_as_a_row(value: object, tests: dict[str, Any]) -> None:
    _, suites = _batch(tests=[value] * 3)
    assert list(suites.values()) == [tests]


def test_all_columns_together_are_a_row() -> None:
    reward = Asked({"type": "code"}, {"tests": ROW})
    _, suites = _batch(reward, inputs=[1, 1, 2], outputs=[3, 3, 4])
    rows = [suite["row"] for suite in suites.values()]
    assert rows == [{"inputs": 1, "outputs": 3}, {"inputs": 2, "outputs": 4}]


def test_other_fields_are_taken_as_they_are() -> None:
    items, _ = _batch(Asked({"type": "accuracy", "weight": 2}, {"gold": "solution"}), solution=["[1, 2)", "x", "y"])
    assert items[0]["rewards"] == [{"type": "accuracy", "weight": 2, "gold": "[1, 2)"}]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no column 'tests' to fill 'tests' of 'code'; it has: solution"):
        _batch(solution=["1", "2", "3"])


def test_tokens_travel_with_their_completion() -> None:
    asking = build_batch([Asked({"type": "format"})], ["p"], ["a"], {}, [[1, 2]])
    assert asking.items[0]["token_ids"] == [1, 2]


@pytest.mark.parametrize(
    ("completion", "text"),
    [
        ("text", "text"),
        ([{"role": "assistant", "content": "said"}], "said"),
        ([{"role": "assistant", "content": "first"}, {"role": "tool", "content": "x"}], "first"),
        ([{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}], "b"),
        ({"content": "alone"}, "alone"),
        ([{"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}], "ab"),
        ([{"role": "assistant", "content": None}], ""),
        ([], ""),
    ],
)
def test_a_completion_is_what_the_assistant_said_last(completion: object, text: str) -> None:
    assert completion_text(completion) == text


@pytest.mark.parametrize(
    ("truth", "rewards"),
    [
        ("42", [{"type": "accuracy", "gold": "42"}]),
        ("[1, 2)", [{"type": "accuracy", "gold": "[1, 2)"}]),
        ("{1, 2}", [{"type": "accuracy", "gold": "{1, 2}"}]),
        (42, [{"type": "accuracy", "gold": "42"}]),
        ('{"type": "format"}', [{"type": "format"}]),
        ([{"type": "format"}, {"type": "tag_count"}], [{"type": "format"}, {"type": "tag_count"}]),
        (json.dumps(SUITE), [{"type": "code", "tests": SUITE}]),
    ],
)
def test_a_truth_says_what_is_rewarded(truth: object, rewards: list[dict[str, Any]]) -> None:
    assert spec_of_truth(truth) == rewards


def test_inputs_and_outputs_are_tests_of_verl() -> None:
    truth = {"inputs": ["1\n"], "outputs": ["2\n"]}
    (reward,) = spec_of_truth(json.dumps(truth))
    assert reward["tests"]["format"] == "verl"
    assert reward["tests"]["row"]["reward_model"] == {"ground_truth": truth}


ASSERTS = ["assert f(1) == 2", "  assert f(2) == 3"]
PAIRS = [{"input": "1", "output": "2", "type": "stdin_stdout"}]


@pytest.mark.parametrize("truth", [ASSERTS, json.dumps(ASSERTS)])
def test_a_list_of_assertions_is_code(truth: object) -> None:
    (reward,) = spec_of_truth(truth)
    assert reward["tests"]["row"]["reward_model"]["ground_truth"] == {"assert_case": ASSERTS}


@pytest.mark.parametrize("truth", [PAIRS, json.dumps(PAIRS)])
def test_a_list_of_inputs_and_outputs_is_code(truth: object) -> None:
    (reward,) = spec_of_truth(truth)
    assert reward["tests"]["row"]["reward_model"]["ground_truth"] == PAIRS
    assert convert_row(reward["tests"]["row"], "verl").suite is not None


def test_a_list_of_texts_is_answers_and_a_text_that_looks_like_one_is_an_answer() -> None:
    assert spec_of_truth(["4", "four"]) == [{"type": "accuracy", "gold": ["4", "four"]}]
    assert spec_of_truth('["a", "b"]') == [{"type": "accuracy", "gold": '["a", "b"]'}]
    assert spec_of_truth("[1, 2]") == [{"type": "accuracy", "gold": "[1, 2]"}]
    assert spec_of_truth([]) == [{"type": "accuracy", "gold": "[]"}]
