r"""The `accuracy` reward's mathematics: reads a gold answer and a completion and compares them with math-verify.

This module runs in the verifier's child process and nowhere else: sympy evaluates what a model wrote, so it may
hang, fill the memory or crash, and none of math-verify's own timeouts (signals, main thread only) is used.
`assay_workers.rewards.verifier` bounds and replaces the process.

The rules are open-r1's `accuracy_reward`: a boxed answer goes first, then one after "final answer is" or
"answer", and the last of several counts. They differ from it in these ways, each for honest text that
open-r1 misreads:

* text that is one bare formula (`420`, `12\frac{3}{5}`, `2x + 3`), gold or completion, is read as a whole;
* a gold like GSM8K's ends with `#### 42`, and only what follows the mark is read;
* valid LaTeX that strict reading rejects (`\frac12`, `\sqrt 2`) is read again leniently, and a completion
  without a boxed or announced answer is searched for its last formula or number, as math-verify does by default;
* the comparison is given the gold first, which is the order math-verify asks for.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from latex2sympy2_extended import NormalizationConfig
from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify
from sympy import Basic, MatrixBase

__all__ = ["MathAnswer", "evaluate_alone", "is_right", "read_completion", "read_gold"]

CACHED_GOLDS: Final = 256
"""A step of a trainer has this many prompts or fewer, with several completions each."""
BARE_FORMULA_CHARACTERS: Final = 200
ANSWER_CHARACTERS: Final = 500
"""An extracted answer is shown cut to this length."""

_ENVIRONMENT: Final = re.compile(r"\$|\\\(|\\\[|\\boxed|\n")
_PROSE: Final = re.compile(
    r"(?<![\\{A-Za-z])(?!(?:sqrt|sin|cos|tan|log|exp|pi|frac|mod)(?![A-Za-z]))[A-Za-z]{3,}|[\u2e80-\uffef]"
)
"""A word of three letters that is neither a function nor LaTeX, or any East Asian character."""
_NUMBER: Final = re.compile(r"[-+]?[$€£]?\s?\d[\d.,]*(?: \d{3})*(?:\s?%|\s?percent)?")
_GSM8K_MARK: Final = "####"

_STRICT: Final = (
    LatexExtractionConfig(
        normalization_config=NormalizationConfig(
            basic_latex=True, units=True, malformed_operators=False, nits=False, boxed="all", equations=True
        ),
        boxed_match_priority=0,
        try_extract_without_anchor=False,
    ),
)
_LENIENT: Final = (LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig())
_LATEX: Final = (LatexExtractionConfig(),)
_NUMERIC: Final = (ExprExtractionConfig(),)


@dataclass(frozen=True)
class MathAnswer:
    """An answer as math-verify read it."""

    readings: tuple[Any, ...]
    """Sympy expressions and the text they came from; empty if nothing was found."""

    @property
    def text(self) -> str | None:
        """The text of the answer, cut to a showable length."""
        return next((reading[:ANSWER_CHARACTERS] for reading in self.readings if isinstance(reading, str)), None)

    @property
    def is_parsed(self) -> bool:
        """Whether there is an expression, and not just text."""
        return any(isinstance(reading, Basic | MatrixBase) for reading in self.readings)


@lru_cache(maxsize=CACHED_GOLDS)
def read_gold(gold: str) -> MathAnswer:
    """Reads a gold answer: LaTeX, a number, a bare formula, or text that holds one of them."""
    text = gold.rpartition(_GSM8K_MARK)[2].strip()
    return _read_bare(text) or _read(text, _LATEX) or _read(text, _LENIENT) or MathAnswer(())


def read_completion(completion: str) -> MathAnswer:
    """Reads the answer of a completion; an answer without readings if there is none."""
    bare = _read_bare(completion.strip())
    if bare is not None:
        return bare
    strict = _read(completion, _STRICT)
    if strict is not None and strict.is_parsed:
        return strict
    return _read(completion, _LENIENT) or strict or MathAnswer(())


def is_right(gold: MathAnswer, answer: MathAnswer) -> bool:
    """Says whether two answers are mathematically equal."""
    return bool(verify(list(gold.readings), list(answer.readings), timeout_seconds=None))


def evaluate_alone(gold: MathAnswer) -> None:
    """Evaluates a gold answer; returns if that is possible within the limits of the process."""
    for reading in gold.readings:
        if isinstance(reading, Basic):
            try:
                reading.doit().evalf()
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001, S112 - sympy raises anything; to raise is not to hang
                continue


def _read_bare(text: str) -> MathAnswer | None:
    if len(text) > BARE_FORMULA_CHARACTERS or _ENVIRONMENT.search(text) or _PROSE.search(text):
        return None
    return _read(text, _NUMERIC) if _NUMBER.fullmatch(text) else _read(f"${text}$", _LATEX)


def _read(text: str, config: tuple[Any, ...]) -> MathAnswer | None:
    readings = parse(text, config, extraction_mode="first_match", parsing_timeout=None)
    return MathAnswer(tuple(readings)) if readings else None
