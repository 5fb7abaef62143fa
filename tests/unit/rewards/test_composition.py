import pytest

from assay.contract import ComponentResult, ErrorInfo
from assay_workers.rewards.composition import Reward, compose

LOST = ErrorInfo(code="sandbox_lost", message="lost", retryable=True)
BROKEN = ErrorInfo(code="gold_unparseable", message="broken", retryable=False)


def _component(score: float | None, weight: float = 1.0, error: ErrorInfo | None = None) -> ComponentResult:
    return ComponentResult(type="code", score=score, weight=weight, error=error)


def test_the_reward_is_the_weighted_sum_of_the_scores() -> None:
    assert compose([_component(0.5, 2.0), _component(1.0, -0.25), _component(0.0)]) == Reward(0.75, None)


def test_tenths_sum_without_rounding_errors() -> None:
    assert compose([_component(1.0, 0.1) for _ in range(10)]) == Reward(1.0, None)


def test_one_component_with_an_error_leaves_no_reward() -> None:
    assert compose([_component(1.0), _component(None, error=LOST)]) == Reward(None, LOST)


def test_an_error_masks_the_reward_even_beside_a_score() -> None:
    assert compose([_component(1.0, error=LOST)]) == Reward(None, LOST)


def test_the_error_that_no_retry_mends_stands_for_the_item() -> None:
    components = [_component(None, error=LOST), _component(None, error=BROKEN)]
    assert compose(components) == Reward(None, BROKEN)


def test_a_component_without_score_and_error_is_our_failure() -> None:
    reward, error = compose([_component(None)])
    assert reward is None
    assert error is not None
    assert error.code == "internal"


def test_an_item_without_components_has_no_reward() -> None:
    with pytest.raises(ValueError, match="without components"):
        compose([])
