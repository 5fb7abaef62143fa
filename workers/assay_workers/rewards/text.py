"""From a reward of text to its score: which function judges it, with which parameters of item and reward."""

from typing import assert_never

from assay.contract import (
    CodeFormatReward,
    CosineReward,
    FormatReward,
    Item,
    LanguageReward,
    ReasoningStepsReward,
    RepetitionPenaltyReward,
    SoftOverlongPunishment,
    TagCountReward,
)
from assay_workers.rewards.code_format import score_code_format
from assay_workers.rewards.cosine import CosineValues, score_cosine
from assay_workers.rewards.format import score_format, score_pattern, score_think_format
from assay_workers.rewards.language import score_language
from assay_workers.rewards.reasoning_steps import score_reasoning_steps
from assay_workers.rewards.repetition_penalty import score_repetition
from assay_workers.rewards.soft_overlong_punishment import score_soft_overlong_punishment
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.words import split_words

__all__ = ["PlainText", "score_answer_length", "score_text"]

PlainText = (
    FormatReward
    | TagCountReward
    | CodeFormatReward
    | ReasoningStepsReward
    | RepetitionPenaltyReward
    | SoftOverlongPunishment
    | LanguageReward
)
"""The rewards that need the completion alone, and no gold answer."""


def score_text(item: Item, spec: PlainText) -> float:
    """The score of an item's completion by one of its rewards; the contract has checked that nothing is missing."""
    text = item.completion or ""
    match spec:
        case FormatReward():
            return _score_form(text, spec)
        case TagCountReward():
            return score_tag_count(text)
        case CodeFormatReward():
            return score_code_format(text, spec.language, spec.compat)
        case ReasoningStepsReward():
            return score_reasoning_steps(text, spec.wanted, spec.languages, spec.compat)
        case RepetitionPenaltyReward():
            words = split_words(text, spec.language) if spec.unit == "words" else (item.token_ids or ())
            return score_repetition(words, spec.ngram_size, spec.max_penalty)
        case SoftOverlongPunishment():
            length = item.length_in(spec.unit)
            return score_soft_overlong_punishment(length, spec.max_completion_len, spec.soft_punish_cache)
        case LanguageReward():
            return score_language(text, spec.script, spec.without_code, spec.without_latex)
        case _:
            assert_never(spec)


def score_answer_length(item: Item, spec: CosineReward, correct: bool) -> float:
    """The score of a completion whose answer is right or not, by its length."""
    values = CosineValues(
        spec.min_value_wrong, spec.max_value_wrong, spec.min_value_correct, spec.max_value_correct, spec.max_len
    )
    return score_cosine(item.length_in(spec.unit), correct, values, spec.compat)


def _score_form(text: str, spec: FormatReward) -> float:
    if spec.pattern is not None:
        return score_pattern(text, spec.pattern)
    if spec.style == "think":
        return score_think_format(text, spec.think_tag)
    return score_format(text, spec.think_tag, spec.answer_tag)
