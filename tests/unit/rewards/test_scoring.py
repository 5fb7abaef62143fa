import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract.rewards import Scoring
from assay.errors import ItemError
from assay_workers.rewards.scoring import score_binary, score_tests

RESULTS = st.lists(st.tuples(st.booleans(), st.floats(0, 1e6)), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("scoring", "passed", "weights", "score"),
    [
        ("pass_rate", [True, False, True, True], [1.0, 1.0, 1.0, 1.0], 0.75),
        ("pass_rate", [True, False], [9.0, 1.0], 0.5),
        ("all_or_nothing", [True, True], [1.0, 1.0], 1.0),
        ("all_or_nothing", [True, False], [1.0, 0.0], 0.0),
        ("weighted", [True, False], [3.0, 1.0], 0.75),
        ("weighted", [False, True], [0.0, 2.0], 1.0),
    ],
)
def test_each_scoring_divides_by_what_was_requested(
    scoring: Scoring, passed: list[bool], weights: list[float], score: float
) -> None:
    assert score_tests(scoring, passed, weights) == score


@pytest.mark.parametrize("scoring", ["pass_rate", "all_or_nothing", "weighted"])
def test_no_tests_are_an_error_and_never_a_score(scoring: Scoring) -> None:
    with pytest.raises(ItemError) as caught:
        score_tests(scoring, [], [])
    assert caught.value.code == "invalid_tests"
    with pytest.raises(ItemError):
        score_binary([])


def test_weights_without_weight_are_an_error() -> None:
    with pytest.raises(ItemError) as caught:
        score_tests("weighted", [True], [0.0])
    assert caught.value.code == "invalid_tests"


def test_a_result_too_few_is_not_ignored() -> None:
    with pytest.raises(ValueError, match="1 results for 2 weights"):
        score_tests("pass_rate", [True], [1.0, 1.0])


def test_binary_needs_more_than_99_percent() -> None:
    assert score_binary([True] * 100) == 1.0
    assert score_binary([True] * 99 + [False]) == 0.0
    assert score_binary([True] * 199 + [False]) == 1.0


@given(RESULTS)
def test_scores_lie_between_0_and_1_and_reach_1_when_all_pass(results: list[tuple[bool, float]]) -> None:
    passed = [result for result, _ in results]
    weights = [1.0, *(weight for _, weight in results[1:])]
    for scoring in ("pass_rate", "all_or_nothing", "weighted"):
        score = score_tests(scoring, passed, weights)
        assert 0 <= score <= 1
        assert score == 1 or not all(passed)
