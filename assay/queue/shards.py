"""How a batch is cut into shards: pure functions of the expected work of its items.

A shard should take about ``shard_work_s``, so that the queue's cost per shard vanishes, yet a small batch
should occupy every worker, several times over so that no worker waits long for the last one. Neighbours stay
together, for they often share a prompt. Shards with the most work go first, so that none of them begins when
the others are done.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from assay.contract import (
    AccuracyReward,
    AssertSuite,
    BinaryCodeReward,
    CfCodeReward,
    CodeReward,
    CosineReward,
    FunctionSuite,
    InteractiveSuite,
    IoiCodeReward,
    Item,
    LengthReward,
    ProgramChecker,
    PytestSuite,
    RewardSpec,
    RunReward,
    ScriptSuite,
    StdioSuite,
    Suite,
)

__all__ = ["expected_work_s", "plan_shards", "split_in_halves"]

PYTHON_TEST_S: Final = 0.004
"""A warm cell (1 to 1.7 ms, DESIGN section 4) and a short program in it."""
COMPILED_LANGUAGE_S: Final = 0.5
"""A compiler's run, once per program."""
EXAMINED_TEST_S: Final = 0.01
"""A test that needs an examiner takes two cells and the calls between them."""
PYTEST_S: Final = 0.2
"""Collecting the tests of a suite, once."""
ACCURACY_S: Final = 0.004
TEXT_S: Final = 0.0001
ITEM_S: Final = 0.0005
"""Parsing an item and recording its result."""

SHARDS_PER_WORKER: Final = 4
"""With four rounds per worker the last one is on average an eighth of the whole."""
LEAST_SHARD_S: Final = 0.004
"""A shard costs about 1 ms of the queue; less work than this is not worth another one."""
MOST_SHARDS: Final = 4096
"""A batch is admitted by one script, which must not keep the server from the others for long."""
ROUNDING: Final = 1e-9
"""Four times 0.02 is a little less than 0.08."""
MOST_ITEMS: Final = 256
"""A worker holds all payloads of its shard at once."""


def _tests_work_s(suite: Suite) -> float:
    match suite:
        case StdioSuite(checker=ProgramChecker()) | InteractiveSuite():
            return COMPILED_LANGUAGE_S + 2 * len(suite.cases) * PYTHON_TEST_S
        case StdioSuite() | FunctionSuite():
            return len(suite.cases) * PYTHON_TEST_S
        case AssertSuite():
            return len(suite.asserts) * EXAMINED_TEST_S
        case ScriptSuite():
            return EXAMINED_TEST_S
        case PytestSuite():
            tests = len(suite.manifest or ()) or sum(text.count("def test") for text in suite.files.values())
            return PYTEST_S + tests * EXAMINED_TEST_S


def _reward_work_s(reward: RewardSpec) -> float:
    match reward:
        case CodeReward() | BinaryCodeReward() | CfCodeReward() | IoiCodeReward():
            compile_s = 0.0 if reward.language == "python" else COMPILED_LANGUAGE_S
            return compile_s + _tests_work_s(reward.tests)
        case RunReward():
            return PYTHON_TEST_S + (0.0 if reward.language == "python" else COMPILED_LANGUAGE_S)
        case AccuracyReward() | CosineReward():
            return ACCURACY_S * len(reward.golds) if reward.match == "math" else TEXT_S
        case LengthReward():
            return ACCURACY_S
        case _:
            return TEXT_S


def expected_work_s(item: Item) -> float:
    """Seconds that grading ``item`` is expected to take, if its program is neither slow nor stuck."""
    return ITEM_S + sum(_reward_work_s(reward) for reward in item.rewards)


def plan_shards(work_s: Mapping[int, float], *, shard_work_s: float, workers: int) -> tuple[tuple[int, ...], ...]:
    """Cuts items into shards.

    Arguments:
        work_s: expected work of each item in seconds, by its place in the request.
        shard_work_s: work that a shard should have in seconds (`Settings.shard_work_s`).
        workers: how many workers there are to share the batch.

    Returns:
        The indices of each shard, the shard with the most work first.
    """
    total_s = sum(work_s.values())
    fair_s = total_s / max(1, workers * SHARDS_PER_WORKER)
    enough_s = max(LEAST_SHARD_S, total_s / MOST_SHARDS, min(shard_work_s, fair_s))
    shards = list(_cut(sorted(work_s), work_s, enough_s))
    shards.sort(key=lambda shard: -sum(work_s[index] for index in shard))
    return tuple(shards)


def _cut(order: list[int], work_s: Mapping[int, float], enough_s: float) -> Iterable[tuple[int, ...]]:
    shard: list[int] = []
    filled_s = 0.0
    for index in order:
        shard.append(index)
        filled_s += work_s[index]
        if filled_s >= enough_s * (1 - ROUNDING) or len(shard) == MOST_ITEMS:
            yield tuple(shard)
            shard, filled_s = [], 0.0
    if shard:
        yield tuple(shard)


def split_in_halves(indices: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Halves of a shard, in order; a single item stays whole."""
    if len(indices) < 2:
        return (indices,)
    middle = len(indices) // 2
    return (indices[:middle], indices[middle:])
