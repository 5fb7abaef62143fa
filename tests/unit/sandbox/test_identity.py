"""The user of a jail that root starts is one that nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from assay_workers.sandbox.jail.identity import choose_id

_WHOLE = "         0          0 4294967295\n"
_CONTAINER = "         0     100000      65536\n"


def test_on_the_machine_itself_the_id_is_a_high_one() -> None:
    assert choose_id(_WHOLE, 7) == 1_900_000_007


def test_in_a_container_the_id_is_at_the_end_of_its_range() -> None:
    assert choose_id(_CONTAINER, 0) == 65_535
    assert choose_id(_CONTAINER, 1) == 65_534


def test_a_range_of_one_is_used_up() -> None:
    assert choose_id("0 1000 1\n", 12345) == 0


@given(st.integers(0, 1 << 22), st.integers(2, 1 << 32))
def test_the_id_is_always_a_mapped_one_and_never_root(number: int, count: int) -> None:
    chosen = choose_id(f"0 0 {count}\n", number)
    assert 0 < chosen < count


@given(st.integers(0, 1 << 22), st.integers(0, 1 << 22))
def test_workers_have_ids_of_their_own(one: int, other: int) -> None:
    assert (choose_id(_WHOLE, one) == choose_id(_WHOLE, other)) == (one % (1 << 22) == other % (1 << 22))
