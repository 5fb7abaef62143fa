"""open-r1's own tests: each call and the value it expects there, with every deliberate difference named."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assay.errors import ItemError
from assay_workers.rewards.code_format import score_code_format
from assay_workers.rewards.cosine import CosineValues, score_cosine
from assay_workers.rewards.format import score_format
from assay_workers.rewards.length import score_length
from assay_workers.rewards.reasoning_steps import score_reasoning_steps
from assay_workers.rewards.repetition_penalty import score_repetition
from assay_workers.rewards.soft_overlong_punishment import score_soft_overlong_punishment
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.verifier import MathVerifier
from assay_workers.rewards.words import split_words
from tests.fixtures.corpora import load_corpus

WITHOUT_GOLD = {
    "open-r1/test_unparseable_solution/60": "an unreadable gold answer is an error here, not a right one"
}
PLAIN: dict[str, Callable[..., float]] = {
    "format_reward": score_format,
    "tag_count_reward": score_tag_count,
    "reasoning_steps_reward": score_reasoning_steps,
    "get_code_format_reward": score_code_format,
    "get_repetition_penalty_reward": lambda text, **given: score_repetition(split_words(text, "en"), **given),
    "get_soft_overlong_punishment": lambda tokens, **given: score_soft_overlong_punishment(len(tokens), **given),
}


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(5.0, 1024) as verifier:
        yield verifier


def _judge(verifier: MathVerifier, case: dict[str, Any]) -> list[float]:
    given = (case["factory"] or {}).get("kwargs", {})
    completions, *golds = case["args"] or list(case["kwargs"].values())
    texts = [each if isinstance(each[0], int) else each[0]["content"] for each in completions]
    name = case["function"]
    if name in PLAIN:
        return [PLAIN[name](text, **given) for text in texts]
    scores = [verifier.verify(gold, text).score for gold, text in zip(golds[0], texts, strict=True)]
    if name == "accuracy_reward":
        return scores
    if name == "len_reward":
        lengths = [len(text) for text in texts]
        bounds = min(lengths), max(lengths)
        return [score_length(length, *bounds, score == 1.0) for length, score in zip(lengths, scores, strict=True)]
    assert name == "get_cosine_scaled_reward"
    values = CosineValues(**given)
    return [score_cosine(len(text), score == 1.0, values) for text, score in zip(texts, scores, strict=True)]


def test_all_calls_of_open_r1s_tests_give_the_same_values(verifier: MathVerifier) -> None:
    cases = load_corpus("open_r1_format_cases")
    same = [case for case in cases if case["id"] not in WITHOUT_GOLD]
    assert len(cases) - len(same) == len(WITHOUT_GOLD)
    for case in same:
        for expected, actual in zip(case["expected"], _judge(verifier, case), strict=True):
            assert math.isclose(actual, expected, abs_tol=1e-12), case["id"]


def test_an_unreadable_gold_answer_is_an_error_whatever_open_r1_says(verifier: MathVerifier) -> None:
    for case in load_corpus("open_r1_format_cases"):
        if case["id"] in WITHOUT_GOLD:
            with pytest.raises(ItemError) as raised:
                _judge(verifier, case)
            assert raised.value.code == "gold_unparseable"
