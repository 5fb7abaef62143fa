"""What a reward may ask of a final answer, where the answer is mathematics."""

from collections.abc import Iterator
from typing import Any

import pytest

from assay.contract import AccuracyReward
from assay.errors import ItemError
from assay_workers.rewards.answers import judge_answer
from assay_workers.rewards.verifier import MathVerifier


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(5.0, 1024) as verifier:
        yield verifier


def score(verifier: MathVerifier, completion: str, **parameters: Any) -> float:
    spec = AccuracyReward.model_validate({"type": "accuracy", **parameters})
    return judge_answer(verifier, spec, completion).score


def test_any_of_several_gold_answers_is_right(verifier: MathVerifier) -> None:
    golds = ["\\frac{1}{2}", "2"]
    assert score(verifier, "\\boxed{0.5}", gold=golds) == 1
    assert score(verifier, "\\boxed{2}", gold=golds) == 1
    assert score(verifier, "\\boxed{3}", gold=golds) == 0


def test_a_gold_answer_that_cannot_be_read_is_an_error_unless_another_one_matches(verifier: MathVerifier) -> None:
    assert score(verifier, "\\boxed{2}", gold=["no mathematics at all", "2"]) == 1
    with pytest.raises(ItemError) as caught:
        score(verifier, "\\boxed{3}", gold=["no mathematics at all", "2"])
    assert caught.value.code == "gold_unparseable"


def test_an_answer_in_the_reasoning_does_not_count_if_only_the_rest_is_judged(verifier: MathVerifier) -> None:
    completion = "<think>\\boxed{4}</think> I will not say."
    assert score(verifier, completion, gold="4") == 1
    assert score(verifier, completion, gold="4", after_reasoning=True) == 0
    assert score(verifier, completion + " \\boxed{4}", gold="4", after_reasoning=True) == 1


@pytest.mark.parametrize(
    "completion",
    [
        "\\boxed{4}",
        "so $2 + 2 = \\boxed{4}$, that is \\boxed{4.}",
        "<answer>4</answer>",
        "<answer>$x = 4$</answer>",
        "2 + 2 = 4\n#### 4",
        "The final answer is $4$.",
        "4",
    ],
)
def test_one_final_answer_is_read_in_every_form(verifier: MathVerifier, completion: str) -> None:
    assert score(verifier, completion, gold="4", single_answer=True) == 1


@pytest.mark.parametrize(
    "completion",
    [
        "\\boxed{3} \\boxed{4}",
        "\\boxed{4}, or perhaps \\boxed{5}",
        "\\boxed{3, 4, 5}",
        "\\boxed{3 \\text{ or } 4}",
        "<answer>3 or 4</answer>",
        "<answer>3</answer> <answer>4</answer>",
        "#### 3\n#### 4",
        "The answer is 3 or 4",
        "The answer is 3. The answer is 4.",
        "It may be 3.\nIt may be 4.",
    ],
)
def test_a_list_of_guesses_is_wrong_where_one_answer_must_be_given(verifier: MathVerifier, completion: str) -> None:
    for gold in ("3", "4"):
        assert score(verifier, completion, gold=gold, single_answer=True) == 0
