"""The rewards of text: each judges a completion as it is written, and needs no sandbox.

What they score, with formulas, sources and worked examples, is in docs/rewards.md. `compat: "open_r1"` is for
those whose original has an oddity that is mended here: it brings the original's scores back, to the last bit.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from assay.contract.answers import Answered, TextReward
from assay.contract.linear_pattern import check_pattern

__all__ = [
    "AccuracyReward",
    "CodeFormatReward",
    "CosineReward",
    "FormatReward",
    "LanguageReward",
    "LengthUnit",
    "ReasoningStepsReward",
    "RepetitionPenaltyReward",
    "Script",
    "SoftOverlongPunishment",
    "StepLanguage",
    "TagCountReward",
    "TextRewardSpec",
]

Value = Annotated[float, Field(ge=-1e6, le=1e6)]
TagName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
Length = Annotated[int, Field(ge=1, le=1_000_000_000)]
Compat = Literal["open_r1"]
LengthUnit = Literal["characters", "tokens"]
StepLanguage = Literal["en", "zh"]
Script = Literal[
    "arabic",
    "armenian",
    "bengali",
    "cyrillic",
    "devanagari",
    "georgian",
    "greek",
    "han",
    "hangul",
    "hebrew",
    "hiragana",
    "japanese",
    "katakana",
    "latin",
    "tamil",
    "telugu",
    "thai",
]


def _each_once(languages: tuple[StepLanguage, ...]) -> tuple[StepLanguage, ...]:
    if len(set(languages)) < len(languages):
        raise ValueError("a language is named twice")
    return languages


class AccuracyReward(Answered):
    """1 if the final answer of the completion matches the gold answer, else 0; by default mathematically."""

    type: Literal["accuracy"]


class FormatReward(TextReward):
    """1 if the completion has the asked form, by default `<think>` reasoning then `<answer>` answer, else 0."""

    type: Literal["format"]
    style: Literal["think_answer", "think", "pattern"] = "think_answer"
    """`think_answer`: open-r1's `format`. `think`: TRL's `think_format_reward`. `pattern`: your own."""
    think_tag: TagName = "think"
    """The name of the tag around the reasoning."""
    answer_tag: TagName = "answer"
    """The name of the tag around the answer, for `think_answer`."""
    pattern: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(check_pattern)] | None = None
    """For `pattern`: an expression of RE2 that must match from the beginning; `.` also matches line breaks."""

    @model_validator(mode="after")
    def _has_what_its_style_needs(self) -> Self:
        if (self.style == "pattern") != (self.pattern is not None):
            raise ValueError("give 'pattern' with style 'pattern', and only with it")
        tags = self.model_fields_set & {"think_tag", "answer_tag"}
        if self.style == "pattern" and tags:
            raise ValueError("a pattern of your own names its tags itself: leave out 'think_tag' and 'answer_tag'")
        if self.style == "think" and "answer_tag" in tags:
            raise ValueError("style 'think' has no answer tag: leave out 'answer_tag'")
        return self


class TagCountReward(TextReward):
    """A quarter for each of the four think and answer tags that occurs exactly once on its own line (open-r1)."""

    type: Literal["tag_count"]


class CodeFormatReward(TextReward):
    """1 if the completion has the `format` and its answer holds a fence of the language, else 0 (open-r1)."""

    type: Literal["code_format"]
    language: Annotated[str, Field(pattern=r"^[A-Za-z0-9+#_.-]{1,32}$", examples=["python", "cpp"])] = "python"
    """The tag of the fence, as it is written there."""
    compat: Compat | None = None
    """`open_r1`: a fence whose tag only begins with the language counts, such as `javascript` for `java`."""


class ReasoningStepsReward(TextReward):
    """Marks of steps in the completion by the wanted number of them, at most 1 (open-r1 `reasoning_steps`)."""

    type: Literal["reasoning_steps"]
    wanted: Annotated[int, Field(ge=1, le=10_000)] = 3
    """So many marks earn 1."""
    languages: Annotated[tuple[StepLanguage, ...], Field(min_length=1), AfterValidator(_each_once)] = ("en",)
    """Whose words mark steps."""
    compat: Compat | None = "open_r1"
    """`open_r1`: a number such as `1.` counts at the beginning of the text alone; null: on every line."""


class CosineReward(Answered):
    """A cosine between two values by length: short for right answers, long for wrong ones (open-r1 `cosine`)."""

    type: Literal["cosine"]
    min_value_wrong: Value = -1.0
    """The score of an empty wrong answer."""
    max_value_wrong: Value = -0.5
    """The score of a wrong answer of `max_len`."""
    min_value_correct: Value = 0.5
    """The score of a right answer of `max_len`."""
    max_value_correct: Value = 1.0
    """The score of a right answer of next to no length."""
    max_len: Length = 1000
    """Where the cosine ends, in `unit`."""
    unit: LengthUnit = "characters"
    """`tokens` needs `token_count` or `token_ids` of the item."""
    compat: Compat | None = None
    """`open_r1`: beyond `max_len` the cosine goes on, and turns; null: it stays at its end."""


class RepetitionPenaltyReward(TextReward):
    """`max_penalty` times the share of n-grams that repeat an earlier one (open-r1 `repetition_penalty`)."""

    type: Literal["repetition_penalty"]
    ngram_size: Annotated[int, Field(ge=1, le=1_000)] = 3
    """Words or tokens in an n-gram."""
    max_penalty: Annotated[float, Field(ge=-1e6, le=0)] = -1.0
    """The score of nothing but repetition; 0 or less."""
    language: Literal["en", "zh"] = "en"
    """How words are found: `en` between spaces, in lower case; `zh` by jieba."""
    unit: Literal["words", "tokens"] = "words"
    """`tokens` compares the `token_ids` of the item, in whatever language."""

    @model_validator(mode="after")
    def _tokens_have_no_language(self) -> Self:
        if self.unit == "tokens" and "language" in self.model_fields_set:
            raise ValueError("tokens are compared as they are: leave out 'language'")
        return self


class SoftOverlongPunishment(TextReward):
    """0 down to -1 over the last `soft_punish_cache` before `max_completion_len`, -1 beyond (DAPO, equation 13)."""

    type: Literal["soft_overlong_punishment"]
    max_completion_len: Length = 16_384
    """The longest completion that is not punished in full, in `unit`."""
    soft_punish_cache: Annotated[int, Field(ge=0, le=1_000_000_000)] = 4_096
    """How long before that the punishment begins, in `unit`."""
    unit: LengthUnit = "tokens"
    """`tokens` needs `token_count` or `token_ids` of the item."""

    @model_validator(mode="after")
    def _punishes_no_empty_completion(self) -> Self:
        if self.soft_punish_cache > self.max_completion_len:
            raise ValueError("'soft_punish_cache' must be at most 'max_completion_len'")
        return self


class LanguageReward(TextReward):
    """The share of the completion's letters that are of a script, from 0 to 1; 0 without letters."""

    type: Literal["language"]
    script: Script
    """A script of Unicode; `japanese` is Han, Hiragana and Katakana together."""
    without_code: bool = False
    """Leave out fenced blocks and `code` between backticks."""
    without_latex: bool = False
    r"""Leave out `$…$`, `$$…$$`, `\(…\)` and `\[…\]`."""


TextRewardSpec = (
    AccuracyReward
    | FormatReward
    | TagCountReward
    | CodeFormatReward
    | ReasoningStepsReward
    | CosineReward
    | RepetitionPenaltyReward
    | SoftOverlongPunishment
    | LanguageReward
)
