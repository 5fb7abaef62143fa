"""Checks a history: pure, and apart from what recorded it.

The history says what clients saw of every batch; the checker knows what a run without faults answers. It looks for
items that were lost, answered twice, answered differently to different readers, or answered untruly.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Answer", "BatchHistory", "find_faults"]


@dataclass(frozen=True)
class Answer:
    """What one item was answered."""

    index: int
    reward: float | None
    error: str | None
    """The error's code."""
    text: str
    """All of the answer."""
    attempts: int = 1


@dataclass(frozen=True)
class BatchHistory:
    """What a client saw of one batch that was admitted."""

    batch_id: str
    template: str
    """What kind of batch it was: the key of the expected rewards."""
    streamed: tuple[Answer, ...]
    """What came over the stream, in order, resumed as often as it broke."""
    final: tuple[Answer, ...]
    """What the batch said when it had ended, in request order."""
    allowed_errors: frozenset[str] = frozenset()
    """Codes that the client itself asked for, by cancelling or by a deadline."""


def find_faults(history: Sequence[BatchHistory], expected: Mapping[str, Sequence[float]]) -> list[str]:
    """What is wrong with a history, a line each; nothing if all is well.

    Arguments:
        history: the batches.
        expected: the rewards of each template's items, from a run without faults.
    """
    faults = [
        f"batch id {batch_id} was given {count} times"
        for batch_id, count in Counter(batch.batch_id for batch in history).items()
        if count > 1
    ]
    for batch in history:
        faults += [f"{batch.batch_id} ({batch.template}): {fault}" for fault in _faults_of(batch, expected)]
    return faults


def _faults_of(batch: BatchHistory, expected: Mapping[str, Sequence[float]]) -> Iterator[str]:
    rewards = expected[batch.template]
    places = list(range(len(rewards)))
    if (seen := [answer.index for answer in batch.final]) != places:
        yield f"the final answer has the items {seen}"
    counts = Counter(answer.index for answer in batch.streamed)
    if lost := [place for place in places if counts[place] == 0]:
        yield f"the stream lacks the items {lost}"
    if repeated := [place for place, count in counts.items() if count > 1]:
        yield f"the stream repeats the items {repeated}"
    final = {answer.index: answer for answer in batch.final}
    for answer in batch.streamed:
        if answer.index in final and final[answer.index].text != answer.text:
            yield f"item {answer.index} was answered in two ways: {answer.text} and {final[answer.index].text}"
    for answer in batch.final:
        yield from _faults_of_answer(answer, rewards, batch.allowed_errors)


def _faults_of_answer(answer: Answer, rewards: Sequence[float], allowed: frozenset[str]) -> Iterator[str]:
    if answer.error is None:
        if answer.index < len(rewards) and answer.reward != rewards[answer.index]:
            yield f"item {answer.index} earned {answer.reward} instead of {rewards[answer.index]}"
    elif answer.reward is not None:
        yield f"item {answer.index} has an error and a reward"
    elif answer.error not in allowed:
        yield f"item {answer.index} ended with {answer.error}: {answer.text}"
