"""What is too much for one batch is cut between rollout groups, and comes back as one result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.client.parts import Encoded, cut, encode_items, merged
from assay.contract import BatchResult, BatchStatus, BatchSummary, GroupStatistics, ItemResult

GROUPS = st.sampled_from([None, "a", "b", "c"])
ITEMS = st.lists(st.tuples(GROUPS, st.text("x", max_size=20)), max_size=30)


def test_what_fits_is_one_part_as_it_is() -> None:
    assert cut([("a", "x"), (None, "y"), ("a", "z")]) == [[0, 1, 2]]
    assert cut([]) == [[]]


def test_groups_stay_together_however_they_are_mixed() -> None:
    items: list[Encoded] = [("a", "1"), ("b", "2"), (None, "3"), ("a", "4"), ("b", "5")]
    assert cut(items, most_items=3) == [[0, 3], [1, 4, 2]]
    assert cut(items, most_items=1) == [[0, 3], [1, 4], [2]], "a larger group is a part by itself"


def test_bytes_count_too() -> None:
    assert cut([(None, "x" * 6), (None, "x" * 6), (None, "x" * 3)], most_bytes=10) == [[0], [1, 2]]


@given(items=ITEMS, most_items=st.integers(1, 10), most_bytes=st.integers(1, 60))
def test_every_item_is_in_one_part_and_every_group_too(
    items: list[Encoded], most_items: int, most_bytes: int
) -> None:
    parts = cut(items, most_items, most_bytes)
    assert sorted(place for part in parts for place in part) == list(range(len(items)))
    for name in "abc":
        assert len([part for part in parts if any(items[place][0] == name for place in part)]) <= 1
    for part in parts:
        alone = len({items[place][0] or place for place in part}) <= 1
        assert alone or len(part) <= most_items
        assert alone or sum(len(items[place][1]) for place in part) <= most_bytes


def test_a_group_may_be_said_by_the_defaults() -> None:
    assert [group for group, _ in encode_items([{"id": "1"}, {"id": "2", "group": "g"}], {"group": "d"})] == [
        "d",
        "g",
    ]


def batch(name: str, rewards: list[float | None], group: str, status: str = "finished") -> BatchResult:
    results = [ItemResult(id=f"{name}{n}", index=n, reward=reward) for n, reward in enumerate(rewards)]
    judged = [reward for reward in rewards if reward is not None]
    mean = sum(judged) / len(judged) if judged else None
    statistics = GroupStatistics(
        items=1, judged=1, mean=0, std=None, population_std=0, min=0, max=0, uniform=True, correct=0, pass_at={}
    )
    summary = BatchSummary(
        items=len(rewards),
        judged=len(judged),
        errors=len(rewards) - len(judged),
        mean_reward=mean,
        verdicts={"accepted": 1},
        error_codes={"cancelled": 1},
        flags={group: {"forged": 1}},
        groups={group: statistics},
        reused=1,
        duration_ms=10.0 * len(rewards),
    )
    total = len(rewards)
    return BatchResult(
        id=name, status=BatchStatus(status), total=total, done=total, results=tuple(results), summary=summary
    )


def test_one_batch_is_its_own_result() -> None:
    only = batch("a", [1.0], "g")
    assert merged([only], [[0]]) is only


def test_results_are_in_the_order_of_the_items_and_counts_are_added() -> None:
    whole = merged([batch("a", [1.0, None], "g"), batch("b", [0.0, 0.5], "h")], [[0, 3], [1, 2]])
    assert whole.results is not None
    assert [(result.id, result.index) for result in whole.results] == [("a0", 0), ("b0", 1), ("b1", 2), ("a1", 3)]
    assert (whole.id, whole.total, whole.done, whole.status) == ("a", 4, 4, BatchStatus.FINISHED)
    summary = whole.summary
    assert summary is not None
    assert (summary.items, summary.judged, summary.errors) == (4, 3, 1)
    assert summary.mean_reward == pytest.approx(0.5)
    assert (summary.verdicts, summary.reused, summary.duration_ms) == ({"accepted": 2}, 2, 20.0)
    assert set(summary.flags) == set(summary.groups or {}) == {"g", "h"}


def test_a_part_that_was_cancelled_is_seen() -> None:
    whole = merged([batch("a", [1.0], "g"), batch("b", [None], "h", "cancelled")], [[0], [1]])
    assert whole.status is BatchStatus.CANCELLED
