"""Agreement of the verifier with labelled answers, against math-verify called directly on the same text.

A fixed subset of each corpus is taken, evenly spaced, so that the run stays within a minute.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from math_verify import parse, verify

from assay.errors import ItemError
from assay_workers.rewards.verifier import MathVerifier
from tests.fixtures.corpora import load_corpus

CORPORA = ("math_unit_tests", "math_qwen25_100x8", "math_mathcoder", "math_tora_gsm8k", "math_gsm8k_solutions")
ROWS = 250

WRONG_LABELS = {
    "math-verify/test_all.py:132": "9 is 9, however the line is broken",
    "lighteval/test_extractive_match.py:1140": "1, 2 and 3 are 1, 2, 3; the label tests an extraction rule",
    "math-verify/test_all.py:605": "2.6667 is not 8/3; the label rounds more than math-verify does",
    "lighteval/test_extractive_match.py:732": "the same",
    "math-verify/test_all.py:586": "0.33 is not 1/3; the same",
    "math-verify/test_strict.py:8#2": "f(x) is not f(y) unless variables do not matter (strict=False)",
    "MARIO_EVAL/test_is_equiv.py:38": "1.414 is not the square root of 2",
    "MARIO_EVAL/test_is_equiv.py:187": "the gold's cos(x) is an equation, not the number 42/59 that it is read as",
    "rasbt/test_ch03.py:284": "0.3333333333 is 1/3 to the six places that all graders here compare",
}
"""Rows that are left out of the count, with the reason."""


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(5.0, 1024) as verifier:
        yield verifier


def _subset(name: str) -> list[dict[str, Any]]:
    rows = [row for row in load_corpus(name) if row["id"] not in WRONG_LABELS]
    return rows[:: max(1, len(rows) // ROWS)]


def _judge_directly(gold: str, prediction: str) -> bool:
    return bool(
        verify(parse(gold, parsing_timeout=None), parse(prediction, parsing_timeout=None), timeout_seconds=None)
    )


def _judge(verifier: MathVerifier, gold: str, prediction: str) -> bool | None:
    try:
        return verifier.verify(gold, prediction).score == 1.0
    except ItemError:
        return None


@pytest.mark.parametrize("name", CORPORA)
def test_the_verifier_agrees_with_labels_at_least_as_often_as_math_verify_itself(
    verifier: MathVerifier, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    rows = _subset(name)
    ours = [_judge(verifier, row["gold"], row["prediction"]) for row in rows]
    directly = [_judge_directly(row["gold"], row["prediction"]) for row in rows]
    labels = [row["label"] for row in rows]
    agreed = sum(judged is label for judged, label in zip(ours, labels, strict=True))
    agreed_directly = sum(judged is label for judged, label in zip(directly, labels, strict=True))
    print(f"{name}: {len(rows)} rows, agreement {agreed}, of math-verify called directly {agreed_directly}")
    assert agreed >= agreed_directly
