"""What becomes of a shard whose worker died."""

from hypothesis import given
from hypothesis import strategies as st

from assay_workers.recovery import Retrial, plan_retrial

INDICES = st.lists(st.integers(0, 1000), min_size=1, max_size=100, unique=True).map(tuple)


def test_a_shard_without_open_items_is_done() -> None:
    assert plan_retrial((), attempts=1, most_attempts=3).shards == ()


@given(indices=INDICES)
def test_a_shard_that_nobody_began_is_enqueued_as_it_was(indices: tuple[int, ...]) -> None:
    assert plan_retrial(indices, attempts=0, most_attempts=3) == Retrial(shards=(indices,), attempts=0)


@given(indices=INDICES, poison=st.data(), most_attempts=st.integers(1, 5))
def test_only_the_item_that_kills_is_lost(
    indices: tuple[int, ...], poison: st.DataObject, most_attempts: int
) -> None:
    killer = poison.draw(st.sampled_from(indices))
    graded: set[int] = set()
    lost: set[int] = set()
    alone = deaths = 0
    queue = [(indices, 0)]
    while queue:
        shard, attempts = queue.pop()
        if killer not in shard:
            graded.update(shard)
            continue
        deaths += 1
        alone += shard == (killer,)
        retrial = plan_retrial(shard, attempts=attempts + 1, most_attempts=most_attempts)
        lost.update(retrial.lost)
        queue += [(part, retrial.attempts) for part in retrial.shards]
    assert lost == {killer}
    assert graded == set(indices) - {killer}
    assert 1 <= alone <= most_attempts
    assert deaths <= len(indices).bit_length() + most_attempts
