"""Statistics of rollout groups."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import GroupQuestion, pass_at
from assay_service.group_statistics import group_statistics


def _result(reward: float | None, group: str | None = "g", score: float | None = None) -> dict[str, Any]:
    part = {"type": "code", "name": "tests", "score": score}
    return {"id": "a", "group": group, "reward": reward, "components": [part]}


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.integers(1, 8))
def test_pass_at_k_is_the_share_of_samples_of_k_with_a_right_one(right: list[bool], k: int) -> None:
    draws = list(itertools.combinations(right, k))
    expected = sum(map(any, draws)) / len(draws) if draws else None
    assert pass_at(k, len(right), sum(right)) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=20))
def test_mean_and_deviations_are_those_of_numpy(rewards: list[float]) -> None:
    found = group_statistics(map(_result, rewards), GroupQuestion())["g"]
    assert found.mean == pytest.approx(np.mean(rewards))
    assert found.std == pytest.approx(np.std(rewards, ddof=1), abs=1e-9)
    assert found.population_std == pytest.approx(np.std(rewards), abs=1e-9)
    assert (found.min, found.max) == (min(rewards), max(rewards))


def test_groups_are_apart_and_items_without_one_are_in_none() -> None:
    results = [_result(1.0, "h"), _result(0.0), _result(1.0), _result(1.0, None)]
    found = group_statistics(results, GroupQuestion(pass_at=(1, 2, 3)))
    assert list(found) == ["h", "g"]
    assert found["g"].pass_at == {"1": 0.5, "2": 1.0, "3": None}
    assert (found["g"].uniform, found["h"].uniform) == (False, True)
    assert (found["h"].std, found["h"].population_std) == (None, 0.0)


def test_an_item_without_a_reward_is_counted_and_not_averaged() -> None:
    found = group_statistics([_result(None), _result(1.0)], GroupQuestion(pass_at=(1, 2)))["g"]
    assert (found.items, found.judged, found.mean, found.correct) == (2, 1, 1.0, 1)
    assert found.pass_at == {"1": 1.0, "2": None}


def test_a_group_without_a_reward_has_no_numbers() -> None:
    found = group_statistics([_result(None)], GroupQuestion(pass_at=(1,)))["g"]
    assert (found.judged, found.mean, found.min, found.max, found.pass_at) == (0, None, None, None, {"1": None})


@pytest.mark.parametrize(("name", "correct"), [("tests", 1), ("code", 1), ("format", 0)])
def test_a_component_may_say_what_is_correct(name: str, correct: int) -> None:
    results = [_result(5.0, score=0.5), _result(0.0, score=1.0), _result(1.0)]
    assert group_statistics(results, GroupQuestion(correct_by=name))["g"].correct == correct


def test_a_reward_that_misses_its_threshold_by_rounding_is_correct() -> None:
    assert group_statistics([_result(0.1 + 0.2)], GroupQuestion(correct_at=0.3))["g"].correct == 1
    assert group_statistics([_result(1 - 1e-12)], GroupQuestion())["g"].correct == 1
