"""Cutting a batch into shards."""

from hypothesis import given
from hypothesis import strategies as st

from assay.contract import AccuracyReward, CodeReward, FormatReward, Item, StdioCase, StdioSuite
from assay.queue.shards import MOST_ITEMS, MOST_SHARDS, expected_work_s, plan_shards, split_in_halves

WORK = st.dictionaries(st.integers(0, 10_000), st.floats(0.0001, 100), max_size=300)


def _code_item(tests: int, language: str = "python") -> Item:
    suite = StdioSuite(kind="stdio", cases=(StdioCase(expected="1"),) * tests)
    return Item(id="a", code="print(1)", rewards=(CodeReward(type="code", language=language, tests=suite),))


@given(work_s=WORK, workers=st.integers(1, 64), shard_work_s=st.floats(0.01, 10))
def test_every_item_is_in_exactly_one_shard(work_s: dict[int, float], workers: int, shard_work_s: float) -> None:
    shards = plan_shards(work_s, shard_work_s=shard_work_s, workers=workers)
    assert sorted(work_s) == sorted(index for shard in shards for index in shard)
    assert all(shards)


@given(work_s=WORK, workers=st.integers(1, 64))
def test_shards_with_more_work_go_first_and_neighbours_stay_together(
    work_s: dict[int, float], workers: int
) -> None:
    shards = plan_shards(work_s, shard_work_s=0.5, workers=workers)
    totals = [sum(work_s[index] for index in shard) for shard in shards]
    assert totals == sorted(totals, reverse=True)
    order = sorted(work_s)
    for shard in shards:
        start = order.index(shard[0])
        assert list(shard) == order[start : start + len(shard)]


@given(work_s=WORK, workers=st.integers(1, 64))
def test_no_shard_has_an_item_more_than_its_work_asks_for(work_s: dict[int, float], workers: int) -> None:
    enough_s = max(0.5, sum(work_s.values()) / MOST_SHARDS)
    for shard in plan_shards(work_s, shard_work_s=0.5, workers=workers):
        assert sum(work_s[index] for index in shard[:-1]) < enough_s
        assert len(shard) <= MOST_ITEMS


def test_a_small_batch_occupies_every_worker_several_times() -> None:
    shards = plan_shards(dict.fromkeys(range(64), 0.02), shard_work_s=0.5, workers=4)
    assert len(shards) == 16


def test_a_batch_of_next_to_no_work_is_not_scattered() -> None:
    assert len(plan_shards(dict.fromkeys(range(16), 0.0002), shard_work_s=0.5, workers=16)) == 1


def test_the_number_of_shards_has_a_limit() -> None:
    assert len(plan_shards(dict.fromkeys(range(20_000), 10.0), shard_work_s=0.5, workers=64)) <= MOST_SHARDS


def test_an_item_with_much_work_stands_alone() -> None:
    shards = plan_shards({0: 5.0, 1: 0.01, 2: 0.01}, shard_work_s=0.5, workers=1)
    assert shards == ((0,), (1, 2))


def test_work_grows_with_tests_and_with_a_compiler() -> None:
    assert expected_work_s(_code_item(1)) < expected_work_s(_code_item(10)) < expected_work_s(_code_item(10, "cpp"))


def test_mathematics_is_more_work_than_a_format() -> None:
    accuracy = Item(id="a", completion="1", rewards=(AccuracyReward(type="accuracy", gold="1"),))
    format_only = Item(id="a", completion="1", rewards=(FormatReward(type="format"),))
    assert expected_work_s(format_only) < expected_work_s(accuracy)


@given(indices=st.lists(st.integers(), unique=True, min_size=1).map(tuple))
def test_halves_hold_the_whole_and_end_at_single_items(indices: tuple[int, ...]) -> None:
    halves = split_in_halves(indices)
    assert indices == tuple(index for half in halves for index in half)
    assert len(halves) == min(2, len(indices))
    assert max(map(len, halves)) - min(map(len, halves)) <= 1
