import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Subtask, Verdict
from assay.contract.rewards import Scoring
from assay.errors import ItemError
from assay_workers.rewards.scoring import (
    ScoringMode,
    score_binary,
    score_codeforces,
    score_subtasks,
    score_tests,
)

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


def test_points_count_as_parts_of_a_test() -> None:
    assert score_tests("pass_rate", [0.5, 1.0], [1.0, 1.0]) == 0.75
    assert score_tests("all_or_nothing", [0.5, 1.0], [1.0, 1.0]) == 0.0
    assert score_tests("weighted", [0.5, 0.0], [3.0, 1.0]) == 0.375
    assert score_binary([0.999] * 100) == 0.0


def test_subtasks_are_not_scored_by_tests() -> None:
    with pytest.raises(ValueError, match="score_subtasks"):
        score_tests("subtasks", [1.0], [1.0])


@pytest.mark.parametrize(
    ("mode", "shares", "score"),
    [
        ("pass_fail", [1.0, 1.0], 1.0),
        ("pass_fail", [1.0, 0.0], 0.0),
        ("partial", [1.0, 0.0, 0.5, 1.0], 0.5),
        ("weighted_sum", [1.0, 1.0], 1.1),
        ("weighted_sum", [1.0, 0.0], 0.05),
    ],
)
def test_codeforces_is_scored_as_open_r1_does(mode: ScoringMode, shares: list[float], score: float) -> None:
    assert score_codeforces(mode, shares, Verdict.WRONG_ANSWER) == pytest.approx(score)
    assert score_codeforces(mode, shares, Verdict.NO_CODE) == -1.0
    assert score_codeforces(mode, shares, Verdict.COMPILE_ERROR) == -0.1


def _subtask(name: str, points: float, *cases: int, **more: object) -> Subtask:
    return Subtask.model_validate({"name": name, "points": points, "cases": cases, **more})


def test_a_subtask_earns_by_its_worst_case_or_by_the_mean() -> None:
    subtasks = [_subtask("a", 30, 0, 1), _subtask("b", 70, 1, 2, mode="mean")]
    assert score_subtasks(subtasks, [1.0, 0.5, 1.0]) == pytest.approx(0.3 * 0.5 + 0.7 * 0.75)


def test_a_subtask_has_nothing_unless_what_it_depends_on_has_all() -> None:
    subtasks = [_subtask("a", 40, 0), _subtask("b", 60, 1, depends=["a"]), _subtask("c", 100, 1, depends=["b"])]
    assert score_subtasks(subtasks, [1.0, 1.0]) == 1.0
    assert score_subtasks(subtasks, [0.9, 1.0]) == pytest.approx(0.18)


def test_shares_of_subtasks_are_rounded_to_the_precision() -> None:
    assert score_subtasks([_subtask("a", 1, 0)], [0.126], 2) == 0.13
    assert score_subtasks([_subtask("a", 1, 0)], [0.126]) == 0.126


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 2), st.floats(0, 1))
def test_a_better_case_never_costs_points(shares: list[float], place: int, better: float) -> None:
    subtasks = [_subtask("a", 1, 0), _subtask("b", 2, 0, 1, depends=["a"]), _subtask("c", 3, 1, 2, mode="mean")]
    improved = [max(share, better) if number == place else share for number, share in enumerate(shares)]
    assert 0 <= score_subtasks(subtasks, shares) <= score_subtasks(subtasks, improved) + 1e-12 <= 1 + 1e-9
