"""The `repetition_penalty` reward: a penalty by the share of n-grams that repeat an earlier one.

open-r1's `get_repetition_penalty_reward`, after "Demystifying Long Chain-of-Thought Reasoning in LLMs" (arXiv
2502.03373, appendix C.2). N-grams are not kept, but numbered: two of equal number make one of twice the length, so
that time and memory depend on the words and hardly on n.
"""

from collections.abc import Hashable, Iterable, Sequence

__all__ = ["count_distinct_ngrams", "score_repetition"]


def score_repetition(words: Sequence[Hashable], ngram_size: int = 3, max_penalty: float = -1.0) -> float:
    """Scores ``max_penalty * (1 - distinct n-grams / n-grams)``; 0 for less than ``ngram_size`` words.

    Args:
        words: of the completion, or the ids of its tokens.
        ngram_size: words in an n-gram, at least 1.
        max_penalty: the score that repetition alone approaches, at most 0.
    """
    total = len(words) - ngram_size + 1
    if total <= 0:
        return 0.0
    share = 1 - count_distinct_ngrams(words, ngram_size) / total
    return share * max_penalty + 0.0  # never -0.0


def count_distinct_ngrams(words: Sequence[Hashable], ngram_size: int) -> int:
    """The number of different n-grams, in ``len(words) * log2(ngram_size)`` steps.

    Args:
        words: at least ``ngram_size`` of them.
        ngram_size: at least 1.
    """
    numbers, size = _number(words), 1
    while 2 * size <= ngram_size:
        numbers = _number(zip(numbers, numbers[size:], strict=False))
        size *= 2
    if size < ngram_size:
        numbers = _number(zip(numbers, numbers[ngram_size - size :], strict=False))
    return len(set(numbers))


def _number(things: Iterable[Hashable]) -> list[int]:
    """Equal numbers for equal things."""
    known: dict[Hashable, int] = {}
    return [known.setdefault(thing, len(known)) for thing in things]
