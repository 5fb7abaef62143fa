"""Judges the final answer of a completion by what its reward asks for: `accuracy` and `cosine`."""

from typing import Final, assert_never

from assay.contract import Answered
from assay.errors import ItemError
from assay_workers.rewards.final_answer import FinalAnswers, find_answers, text_after_reasoning, without_dress
from assay_workers.rewards.matching import (
    Tolerance,
    find_choices,
    find_number,
    has_keywords,
    is_choice,
    is_number,
    is_text,
)
from assay_workers.rewards.verifier import MathOutcome, MathVerifier

__all__ = ["judge_answer"]

SHOWN_CHARACTERS: Final = 500
"""An answer is shown cut to this length."""


def judge_answer(verifier: MathVerifier, spec: Answered, completion: str) -> MathOutcome:
    """Says whether the final answer of a completion is right.

    Raises:
        ItemError: `gold_unparseable`, if no mathematical gold answer matches and one cannot be read.
        ServiceError: `verifier_lost`, if mathematics cannot be verified now.
    """
    text = text_after_reasoning(completion) if spec.after_reasoning else completion
    if text is None:
        return MathOutcome(0.0, None, "there is no </think> after which an answer could stand")
    answers = find_answers(text)
    if spec.single_answer and len(answers.different) != 1:
        return MathOutcome(0.0, None, f"there are {len(answers.different)} final answers where there must be one")
    match spec.match:
        case "math":
            return _judge_mathematics(
                verifier, spec.golds, _as_mathematics(answers) if spec.single_answer else text
            )
        case "exact":
            answer = answers.texts[-1] if answers.texts else text.strip()
            return _outcome(is_text(spec.golds, answer, spec.case_sensitive), answer)
        case "keywords":
            searched = answers.texts[-1] if spec.single_answer else text
            right = has_keywords(spec.golds, spec.forbidden, searched, spec.case_sensitive)
            return _outcome(right, answers.texts[-1] if spec.single_answer else None)
        case "choice":
            letters = find_choices(answers, text)
            return _outcome(is_choice(spec.golds, letters), ", ".join(sorted(letters)) or None)
        case "numeric":
            number = find_number(answers, text, spec.single_answer)
            return _outcome(is_number(spec.golds, number, Tolerance(spec.abs, spec.rel)), number)
        case _:
            assert_never(spec.match)


def _outcome(right: bool, answer: str | None) -> MathOutcome:
    shown = answer[:SHOWN_CHARACTERS] if answer is not None else None
    return MathOutcome(float(right), shown, None if answer is not None or right else "no answer was found")


def _as_mathematics(answers: FinalAnswers) -> str:
    """The one answer, so written that the verifier reads it as a whole."""
    answer = without_dress(answers.texts[-1])
    return answer if "$" in answer or "\\(" in answer or "\\[" in answer else f"\\boxed{{{answer}}}"


def _judge_mathematics(verifier: MathVerifier, golds: tuple[str, ...], text: str) -> MathOutcome:
    unread: ItemError | None = None
    outcome: MathOutcome | None = None
    for gold in golds:
        try:
            outcome = verifier.verify(gold, text)
        except ItemError as error:
            unread = error
            continue
        if outcome.score == 1.0:
            return outcome
    if unread is not None or outcome is None:
        raise unread or ItemError(code="gold_unparseable")
    return outcome
