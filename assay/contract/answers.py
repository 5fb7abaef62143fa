"""What rewards that judge a final answer ask for: the gold answers, and what it means to match them.

How each `match` reads gold and completion is in docs/rewards.md; a gold answer that its `match` cannot read is
refused where the request is checked, except for mathematics, which only the verifier can read.
"""

import re
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from assay.contract.base import Weighted

__all__ = ["NUMBER", "Answered", "Gold", "Match", "Number", "TextReward", "read_choices", "read_number"]

Gold = Annotated[str, Field(min_length=1, max_length=100_000)]
Match = Literal["math", "exact", "keywords", "choice", "numeric"]
Keyword = Annotated[str, Field(min_length=1, max_length=1_000)]

MOST_CHARACTERS: Final = 400
"""Of a text that can be one number or one choice."""
MOST_JOINED_CHOICES: Final = 10

NUMBER: Final = re.compile(
    r"(?<![\w.,])(?P<minus>[-\u2212]\s?)?(?:\+\s?)?[$€£¥]?\s?(?P<whole>\d{1,3}(?:,\d{3})++(?!\d)|\d++|(?=\.\d))"
    r"(?P<part>\.\d++|\.(?!\w))?+(?:[eE](?P<power>[-+]?\d{1,3}+)(?!\d)|(?![eE][-+]?\d))(?:\s?/\s?(?P<below>\d++))?\s?(?P<percent>\\?%)?"
)
"""A number where it stands in a text; `read_number` reads what it finds."""
_LISTED_CHOICES: Final = re.compile(r"\(?[A-Z]\)?(?:(?:\s*[,;/&+]\s*|\s+(?:and\s+|or\s+)?)\(?[A-Z]\)?)*")
_LETTER: Final = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z])")
_LEADING_CHOICE: Final = re.compile(r"\(([A-Za-z])\)|([A-Z])(?:[.):\uff1a\u3001]|\s+-\s)")
"""As in `(b) Paris`, `B. Paris`."""


class Number(NamedTuple):
    """A number as it was written."""

    value: Fraction
    percent: bool
    """Whether a percent sign follows; it is not worked into the value."""


def read_number(text: str) -> Number | None:
    """Reads a text that is one number: `1,234.5`, `-3e4`, `2/3`, `$12`, `50%`; None if it is anything else."""
    text = text.strip()
    found = NUMBER.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if found is None or (found["below"] is not None and not int(found["below"])):
        return None
    value = Fraction(f"{found['whole'].replace(',', '') or 0}{found['part'] or ''}e{found['power'] or 0}")
    signed = -value if found["minus"] else value
    return Number(signed / int(found["below"] or 1), found["percent"] is not None)


def read_choices(text: str) -> frozenset[str]:
    """Reads the letters of a choice: `B`, `(b)`, `B. Paris`, `A, C`, `AC`; empty if it is anything else."""
    text = text.strip()
    if not text.isascii() or len(text) > MOST_CHARACTERS:
        text = text[:2]
    if len(text) == 1 and text.isascii() and text.isalpha():
        return frozenset(text.upper())
    if _LISTED_CHOICES.fullmatch(text):
        return frozenset(_LETTER.findall(text))
    if text.isalpha() and text.isupper() and len(text) <= MOST_JOINED_CHOICES and list(text) == sorted(set(text)):
        return frozenset(text)
    leading = _LEADING_CHOICE.match(text)
    return frozenset((leading[1] or leading[2]).upper()) if leading is not None else frozenset()


class TextReward(Weighted):
    """A reward of what the model wrote: it needs a completion."""


class Answered(TextReward):
    """A reward that judges the final answer of a completion against gold answers."""

    gold: Gold | Annotated[tuple[Gold, ...], Field(min_length=1, max_length=64)]
    """The true answer, or a list of which any one is right; with `keywords` all of them are required."""
    match: Match = "math"
    """`math`: mathematically equal (math-verify). `exact`: the same text but for white space and letter case.
    `keywords`: all of `gold` and none of `forbidden` occur. `choice`: the same letters. `numeric`: a number
    within `abs` or `rel` tolerance."""
    forbidden: Annotated[tuple[Keyword, ...], Field(max_length=64)] = ()
    """For `keywords`: none of them may occur."""
    case_sensitive: bool = False
    """For `exact` and `keywords`: whether `Paris` differs from `paris`."""
    abs: Annotated[float, Field(ge=0, le=1e9)] = 1e-6
    """For `numeric`: the absolute difference that is no difference."""
    rel: Annotated[float, Field(ge=0, le=1)] = 1e-9
    """For `numeric`: the same in proportion to the gold answer."""
    after_reasoning: bool = False
    """Judge only what follows the last `</think>`; without one there is no answer."""
    single_answer: bool = False
    """Only a completion with exactly one final answer is right: a list of guesses is wrong, whatever is in it."""

    @property
    def golds(self) -> tuple[str, ...]:
        """The gold answers, at least one."""
        return (self.gold,) if isinstance(self.gold, str) else self.gold

    @model_validator(mode="after")
    def _has_what_its_match_reads(self) -> Self:
        fields = type(self).model_fields
        if self.match != "keywords" and self.forbidden:
            raise ValueError("'forbidden' is for match 'keywords'")
        if self.match not in ("exact", "keywords") and self.case_sensitive:
            raise ValueError("'case_sensitive' is for match 'exact' and 'keywords'")
        if self.match != "numeric" and (self.abs, self.rel) != (fields["abs"].default, fields["rel"].default):
            raise ValueError("'abs' and 'rel' are for match 'numeric'")
        return self

    @model_validator(mode="after")
    def _has_readable_golds(self) -> Self:
        for place, gold in enumerate(self.golds):
            complaint = _complaint(self.match, gold)
            if complaint is not None:
                where = "gold" if isinstance(self.gold, str) else f"gold[{place}]"
                message = f"{where} {complaint}"
                raise ValueError(message)
        return self


def _complaint(match: Match, gold: str) -> str | None:
    if not gold.strip():
        return "is blank"
    if match == "numeric" and read_number(gold) is None:
        return "is not a number such as 1,234.5, 2/3, 1e-4 or 50%; for other mathematics use match 'math'"
    if match == "choice" and not read_choices(gold):
        return "is not a choice such as B, (B) or A, C; for other texts use match 'exact'"
    return None
