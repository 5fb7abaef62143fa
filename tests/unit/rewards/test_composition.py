"""From component scores to a reward: gates in order, then sum, least or product, then bounds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import (
    ComponentResult,
    Composition,
    ErrorInfo,
    FormatReward,
    Gate,
    LanguageReward,
    TagCountReward,
    Weighted,
)
from assay_workers.rewards.composition import compose

LOST = ErrorInfo(code="sandbox_lost", message="lost", retryable=True)
BROKEN = ErrorInfo(code="gold_unparseable", message="broken", retryable=False)
REWARDS: tuple[Weighted, ...] = (
    FormatReward(type="format"),
    TagCountReward(type="tag_count", name="tags"),
    LanguageReward(type="language", script="latin"),
)
SCORES = st.floats(-2, 2)


def _component(score: float | None, weight: float = 1.0, error: ErrorInfo | None = None) -> ComponentResult:
    return ComponentResult(type="code", score=score, weight=weight, error=error)


def _outcome(
    components: list[ComponentResult], composition: Composition | None = None
) -> tuple[float | None, ErrorInfo | None]:
    composed = compose(components, composition or Composition(), REWARDS)
    return composed.reward, composed.error


def _gates(*names: str) -> tuple[Gate, ...]:
    return tuple(Gate(component=name) for name in names)


def test_the_reward_is_the_weighted_sum_of_the_scores() -> None:
    assert _outcome([_component(0.5, 2.0), _component(1.0, -0.25), _component(0.0)]) == (0.75, None)


def test_tenths_sum_without_rounding_errors() -> None:
    assert compose([_component(1.0, 0.1) for _ in range(10)]).reward == 1.0


def test_one_component_with_an_error_leaves_no_reward() -> None:
    assert _outcome([_component(1.0), _component(None, error=LOST)]) == (None, LOST)


def test_an_error_masks_the_reward_even_beside_a_score() -> None:
    assert _outcome([_component(1.0, error=LOST)]) == (None, LOST)


def test_the_error_that_no_retry_mends_stands_for_the_item() -> None:
    assert _outcome([_component(None, error=LOST), _component(None, error=BROKEN)]) == (None, BROKEN)


def test_a_component_without_score_and_error_is_our_failure() -> None:
    reward, error = _outcome([_component(None)])
    assert reward is None
    assert error is not None
    assert error.code == "internal"


def test_an_item_without_components_has_no_reward() -> None:
    with pytest.raises(ValueError, match="without components"):
        compose([])


def test_the_least_and_the_product_are_of_weighted_scores() -> None:
    components = [_component(0.5, 2.0), _component(0.5), _component(1.0, 3.0)]
    assert _outcome(components, Composition(mode="min")) == (0.5, None)
    assert _outcome(components, Composition(mode="product")) == (1.5, None)


def test_a_shut_gate_leaves_what_gates_have_earned() -> None:
    composed = compose(
        [_component(0.5), _component(1.0), _component(1.0)], Composition(gates=_gates("format")), REWARDS
    )
    assert composed.reward == 0.5
    assert [each.gated for each in composed.components] == [False, True, True]
    assert [each.score for each in composed.components] == [0.5, 1.0, 1.0]


def test_a_gate_opens_at_its_threshold() -> None:
    components = [_component(0.5), _component(1.0)]
    composition = Composition(gates=(Gate(component="format", at_least=0.5),))
    assert _outcome(components, composition) == (1.5, None)


def test_gates_are_passed_in_their_order() -> None:
    composition = Composition(gates=_gates("tags", "format"))
    shut_first = compose([_component(1.0), _component(0.25), _component(1.0)], composition, REWARDS)
    assert (shut_first.reward, [each.gated for each in shut_first.components]) == (0.25, [True, False, True])
    shut_second = compose([_component(0.0), _component(1.0), _component(1.0)], composition, REWARDS)
    assert (shut_second.reward, [each.gated for each in shut_second.components]) == (1.0, [False, False, True])


def test_a_shut_gate_makes_nothing_of_a_product_or_a_least() -> None:
    components = [_component(0.5), _component(1.0)]
    for mode in ("min", "product"):
        composition = Composition.model_validate({"mode": mode, "gates": [{"component": "format"}]})
        assert _outcome(components, composition) == (0.0, None)


def test_an_error_behind_a_shut_gate_keeps_no_reward_back_and_one_before_an_open_gate_does() -> None:
    composition = Composition(gates=_gates("format"))
    assert _outcome([_component(0.0), _component(None, error=LOST)], composition) == (0.0, None)
    assert _outcome([_component(1.0), _component(None, error=LOST)], composition) == (None, LOST)


def test_a_gate_that_could_not_be_judged_leaves_no_reward_unless_an_earlier_one_is_shut() -> None:
    composition = Composition(gates=_gates("format", "tags"))
    assert _outcome([_component(1.0), _component(None, error=LOST)], composition) == (None, LOST)
    assert _outcome([_component(0.0), _component(None, error=LOST)], composition) == (0.0, None)


def test_bounds_hold_of_the_whole() -> None:
    composition = Composition(clip=(-1.0, 1.0))
    assert _outcome([_component(5.0), _component(-1.0)], composition) == (1.0, None)
    assert _outcome([_component(-5.0)], composition) == (-1.0, None)


@given(st.lists(SCORES, min_size=1, max_size=6), st.sampled_from(["sum", "min"]), st.data())
def test_more_of_a_component_never_makes_the_reward_less(
    scores: list[float], mode: str, data: st.DataObject
) -> None:
    composition = Composition.model_validate({"mode": mode, "clip": [-3.0, 3.0]})
    place, more = data.draw(st.integers(0, len(scores) - 1)), data.draw(st.floats(0, 3))
    better = [score + more * (number == place) for number, score in enumerate(scores)]
    worse_reward = compose([_component(score) for score in scores], composition).reward
    better_reward = compose([_component(score) for score in better], composition).reward
    assert worse_reward is not None
    assert better_reward is not None
    assert -3 <= worse_reward <= better_reward <= 3


@given(st.lists(SCORES, min_size=1, max_size=6), st.sampled_from(["sum", "min", "product"]))
def test_the_order_of_components_does_not_matter(scores: list[float], mode: str) -> None:
    composition = Composition.model_validate({"mode": mode})
    forwards = compose([_component(score) for score in scores], composition).reward
    backwards = compose([_component(score) for score in reversed(scores)], composition).reward
    assert forwards is not None
    assert backwards is not None
    assert math.isclose(forwards, backwards, rel_tol=1e-12, abs_tol=1e-12)
