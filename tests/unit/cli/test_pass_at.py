"""pass@k by the unbiased estimate of Chen et al. 2021."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cli.pass_at import is_right, mean_pass_at
from assay.contract import ComponentResult, ItemResult, Verdict, pass_at


def sample(name: str, *, right: bool | None, group: str | None = "g") -> ItemResult:
    component = ComponentResult(type="accuracy", score=None if right is None else float(right), weight=1.0)
    return ItemResult(id=name, index=0, group=group, reward=component.score, components=(component,))


@given(data=st.data(), samples=st.integers(1, 8))
def test_the_estimate_is_the_share_of_draws_with_a_right_sample(data: st.DataObject, samples: int) -> None:
    right, k = data.draw(st.integers(0, samples)), data.draw(st.integers(1, samples))
    draws = list(combinations(range(samples), k))
    share = sum(any(place < right for place in draw) for draw in draws) / len(draws)
    assert pass_at(k, samples, right) == pytest.approx(share)


def test_groups_count_alike_and_small_ones_not_at_all() -> None:
    results = [
        *(sample(f"a{n}", right=n < 1, group="a") for n in range(4)),
        *(sample(f"b{n}", right=True, group="b") for n in range(2)),
        sample("c", right=True, group="c"),
    ]
    assert mean_pass_at(results, 2) == ((0.5 + 1.0) / 2, 2)
    assert mean_pass_at(results, 1) == ((0.25 + 1 + 1) / 3, 3)
    assert mean_pass_at(results, 5) == (None, 0)


def test_what_was_not_judged_counts_neither_way() -> None:
    results = [sample("a", right=True), sample("b", right=None), sample("c", right=False)]
    assert mean_pass_at(results, 1) == (0.5, 1)


def test_items_without_a_group_are_groups_of_one() -> None:
    assert mean_pass_at([sample("a", right=True, group=None), sample("b", right=False, group=None)], 1) == (0.5, 2)


def test_programs_must_pass_all_their_tests() -> None:
    half = ComponentResult(type="code", score=0.5, weight=1.0, verdict=Verdict.WRONG_ANSWER)
    form = ComponentResult(type="format", score=0.0, weight=0.1)
    whole = half.model_copy(update={"verdict": Verdict.ACCEPTED, "score": 1.0})
    for components, right in (((half, form), False), ((form, whole), True), ((), False)):
        assert is_right(ItemResult(id="a", index=0, reward=1.0, components=components)) is right
