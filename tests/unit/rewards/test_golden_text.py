"""Every reward of text gives what its published definition gives: golden cases, and thousands of made-up texts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay_workers.rewards.code_format import score_code_format
from assay_workers.rewards.cosine import CosineValues, score_cosine
from assay_workers.rewards.format import score_format, score_think_format
from assay_workers.rewards.language import score_language
from assay_workers.rewards.length import score_length
from assay_workers.rewards.reasoning_steps import score_reasoning_steps
from assay_workers.rewards.repetition_penalty import score_repetition
from assay_workers.rewards.soft_overlong_punishment import score_soft_overlong_punishment
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.words import split_words
from tests.fixtures import text_references as references
from tests.golden.make_text_rewards import golden_cases

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/text_rewards.json").read_text(encoding="utf-8"))
TEXTS = references.completions(5_000, seed=1)
SHORT = CosineValues(max_len=100)
SCORES: dict[str, Callable[[str], float]] = {
    "format": score_format,
    "think": score_think_format,
    "tag_count": score_tag_count,
    "code_format": lambda text: score_code_format(text, "python", "open_r1"),
    "reasoning_steps": score_reasoning_steps,
    "cosine_correct": lambda text: score_cosine(len(text), True, SHORT, "open_r1"),
    "cosine_wrong": lambda text: score_cosine(len(text), False, SHORT, "open_r1"),
    "repetition_penalty": lambda text: score_repetition(split_words(text, "en"), 2, -1.0),
    "soft_overlong_punishment": lambda text: score_soft_overlong_punishment(len(text), 100, 60),
    "latin": lambda text: score_language(text, "latin"),
}


def close(value: object) -> Any:
    return pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_the_golden_cases_have_their_scores(name: str) -> None:
    assert [SCORES[name](case["completion"]) for case in GOLDEN] == close([case[name] for case in GOLDEN])
    assert len({case[name] for case in GOLDEN}) > 1


def test_the_golden_cases_are_what_their_program_writes() -> None:
    assert len(golden_cases()) == len(GOLDEN)
    for made, golden in zip(golden_cases(), GOLDEN, strict=True):
        assert made == pytest.approx(golden, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("format", references.reference_format),
        ("think", references.reference_think_format),
        ("tag_count", references.reference_tag_count),
        ("code_format", lambda text: references.reference_code_format(text, "python")),
        ("reasoning_steps", references.reference_steps),
        ("repetition_penalty", lambda text: references.reference_repetition(text.lower().split(), 2, -1.0)),
        ("latin", lambda text: references.reference_language(text, "latin")),
    ],
)
def test_five_thousand_made_up_completions_have_the_scores_of_the_definition(
    name: str, reference: Callable[[str], float]
) -> None:
    expected = [reference(text) for text in TEXTS]
    assert len(set(expected)) > 1
    assert [SCORES[name](text) for text in TEXTS] == close(expected)


@pytest.mark.parametrize("language", ["java", "cpp", "py"])
def test_code_format_accepts_the_tags_that_open_r1_accepts_if_asked_to(language: str) -> None:
    scores = [score_code_format(text, language, "open_r1") for text in TEXTS]
    assert scores == [references.reference_code_format(text, language) for text in TEXTS]


@pytest.mark.parametrize("script", ["cyrillic", "han"])
def test_letters_are_told_by_their_script(script: str) -> None:
    scores = [score_language(text, script) for text in TEXTS]
    assert scores == close([references.reference_language(text, script) for text in TEXTS])


@given(st.integers(0, 300), st.booleans(), st.integers(1, 100))
def test_the_cosine_is_open_r1s_on_and_beyond_its_length(length: int, correct: bool, max_len: int) -> None:
    values = CosineValues(max_len=max_len)
    expected = references.reference_cosine(length, correct, max_len)
    assert score_cosine(length, correct, values, "open_r1") == pytest.approx(expected, abs=1e-9)
    if length <= max_len:
        assert score_cosine(length, correct, values) == score_cosine(length, correct, values, "open_r1")
    else:
        assert score_cosine(length, correct, values) == score_cosine(max_len, correct, values)


@given(st.lists(st.sampled_from("abc"), max_size=25), st.integers(1, 12), st.floats(-3, 0))
@settings(max_examples=400)
def test_repetition_is_the_share_of_repeated_n_grams(words: list[str], size: int, penalty: float) -> None:
    assert score_repetition(words, size, penalty) == close(references.reference_repetition(words, size, penalty))


@given(st.integers(0, 300), st.integers(1, 200), st.data())
def test_overlength_is_equation_13_of_dapo(length: int, most: int, data: st.DataObject) -> None:
    cache = data.draw(st.integers(0, most))
    assert score_soft_overlong_punishment(length, most, cache) == close(
        references.reference_overlong(length, most, cache)
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=10))
def test_length_is_the_formula_of_kimi(group: list[tuple[int, bool]]) -> None:
    lengths, correct = [length for length, _ in group], [right for _, right in group]
    scores = [score_length(length, min(lengths), max(lengths), right) for length, right in group]
    assert scores == close(references.reference_length(lengths, correct))
    assert all(-0.5 <= score <= (0.5 if right else 0.0) for score, right in zip(scores, correct, strict=True))
