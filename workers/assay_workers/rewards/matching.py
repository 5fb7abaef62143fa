"""Whether a text holds a gold answer, for every `match` but mathematics: pure functions of texts."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from assay.contract.answers import NUMBER, Number, read_choices, read_number
from assay_workers.rewards.final_answer import FinalAnswers, without_dress

__all__ = [
    "Tolerance",
    "find_choices",
    "find_number",
    "has_keywords",
    "is_choice",
    "is_number",
    "is_text",
    "normalised",
]

PERCENT: Final = 100
_SPACELESS_SCRIPTS: Final = "\u0e00-\u0eff\u1000-\u109f\u2e80-\ud7ff\uf900-\ufaff"
"""Thai, Lao, Burmese and East Asia: a word there may begin and end in the midst of letters."""
_SPACED_LETTER: Final = rf"[^\W{_SPACELESS_SCRIPTS}]"
_STANDING_LETTER: Final = re.compile(r"\(([A-Za-z])\)|(?<![\w'\u2019(])([A-Z])(?=[.):,]|\s*$)", re.MULTILINE)
_CALLED_CHOICE: Final = re.compile(r"^(?:option|choice|answer)\s+", re.IGNORECASE)
_LETTER_AND_REASON: Final = re.compile(r"([A-Z])\b(?:,|\s+(?:because|since|as|is|which|due)\b)")


@dataclass(frozen=True)
class Tolerance:
    """What difference of two numbers is none: at most ``absolute``, or ``relative`` times the true number."""

    absolute: float
    relative: float


def normalised(text: str, case_sensitive: bool) -> str:
    """A text as texts are compared: compatible characters alike (NFKC), white space as one space, case folded."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return plain if case_sensitive else plain.casefold()


def is_text(golds: Sequence[str], answer: str, case_sensitive: bool) -> bool:
    """Whether an answer is one of the gold answers but for dress, white space and, if not asked for, case."""
    given = normalised(without_dress(answer), case_sensitive)
    return any(normalised(without_dress(gold), case_sensitive) == given for gold in golds)


def has_keywords(required: Sequence[str], forbidden: Sequence[str], text: str, case_sensitive: bool) -> bool:
    """Whether every required keyword occurs in a text, as a whole word, and no forbidden one does."""
    plain = normalised(text, case_sensitive)
    return all(_occurs(normalised(word, case_sensitive), plain) for word in required) and not any(
        _occurs(normalised(word, case_sensitive), plain) for word in forbidden
    )


def find_choices(answers: FinalAnswers, text: str) -> frozenset[str]:
    """The letters of the last answer; without one, the last letter that stands alone as a choice does."""
    if answers.texts:
        answer = _CALLED_CHOICE.sub("", without_dress(answers.texts[-1]), count=1)
        reason = _LETTER_AND_REASON.match(answer)
        letters = read_choices(answer) or (frozenset(reason[1]) if reason is not None else frozenset())
        if letters or answers.marked:
            return letters
    *_, last = (None, *_STANDING_LETTER.finditer(text))
    return frozenset((last[1] or last[2]).upper()) if last is not None else frozenset()


def is_choice(golds: Sequence[str], letters: frozenset[str]) -> bool:
    """Whether letters are those of a gold answer."""
    return bool(letters) and any(read_choices(gold) == letters for gold in golds)


def find_number(answers: FinalAnswers, text: str, single: bool) -> str | None:
    """The last number of the last answer or, without an answer, of the text.

    Args:
        answers: what was found in the text.
        text: all of it.
        single: whether there must be no other number beside it.
    """
    answer = without_dress(answers.texts[-1]) if answers.texts else text
    numbers = [number[0].strip() for number in NUMBER.finditer(answer.replace("\\$", "$").replace("{,}", ","))]
    return numbers[-1] if len(numbers) == 1 or (numbers and not single) else None


def is_number(golds: Sequence[str], written: str | None, tolerance: Tolerance) -> bool:
    """Whether a number is one of the gold answers within a tolerance.

    Where only one of both has a percent sign, it may mean a hundredth or be a unit left out: either is right.
    """
    number = read_number(written) if written is not None else None
    true = [read_number(gold) for gold in golds]
    return number is not None and any(gold is not None and _is_near(gold, number, tolerance) for gold in true)


def _is_near(gold: Number, number: Number, tolerance: Tolerance) -> bool:
    allowed = max(Fraction(tolerance.absolute), Fraction(tolerance.relative) * abs(gold.value))
    meant = [number.value]
    if number.percent and not gold.percent:
        meant.append(number.value / PERCENT)
    if gold.percent and not number.percent:
        meant.append(number.value * PERCENT)
    return any(abs(gold.value - value) <= allowed for value in meant)


def _occurs(word: str, text: str) -> bool:
    before = rf"(?<!{_SPACED_LETTER})" if re.match(_SPACED_LETTER, word) else ""
    after = rf"(?!{_SPACED_LETTER})" if re.search(rf"{_SPACED_LETTER}\Z", word) else ""
    return re.search(before + re.escape(word) + after, text) is not None
