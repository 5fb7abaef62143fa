import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Limits
from assay.errors import FormatError
from assay.formats.amounts import make_limits, megabytes_of, seconds_of
from assay.formats.fields import Field


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (2.0, 2.0),
        ("2.0 seconds", 2.0),
        ("1 second", 1.0),
        ("500 ms", 0.5),
        ({"seconds": 1, "nanos": 500_000_000}, 1.5),
        ({"seconds": 3, "nanos": 0}, 3.0),
        (0, 0.0),
    ],
)
def test_a_time_is_read_in_every_way_it_is_written(value: object, seconds: float) -> None:
    assert seconds_of(Field(value, "time_limit"), []) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("value", "unit", "megabytes"),
    [
        (256.0, "", 256),
        ("256 megabytes", "bytes", 256),
        ("256.0 megabytes", "", 256),
        ("1 gigabyte", "", 1024),
        (268_435_456, "bytes", 256),
    ],
)
def test_a_size_is_read_in_every_way_it_is_written(value: object, unit: str, megabytes: float) -> None:
    assert megabytes_of(Field(value, "memory_limit"), [], unit=unit) == pytest.approx(megabytes)


def test_a_text_that_is_not_understood_is_noted_and_limits_nothing() -> None:
    notes: list[str] = []
    assert seconds_of(Field("two seconds per test", "time_limit"), notes) is None
    assert notes == ["time_limit: 'two seconds per test' is not understood; the default limit applies"]


def test_a_text_too_long_for_an_amount_is_not_understood_at_once() -> None:
    notes: list[str] = []
    assert seconds_of(Field("2" + " " * 10_000_000 + "!", "time_limit"), notes) is None
    assert len(notes[0]) < 200


@pytest.mark.parametrize("value", [True, [1], float("nan"), -1, 10**400])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        seconds_of(Field(value, "time_limit"), [])


@pytest.mark.parametrize("amount", [None, 0, 0.0])
def test_nothing_and_zero_leave_the_defaults(amount: float | None) -> None:
    assert make_limits(amount, amount, []) == Limits()


@given(seconds=st.floats(0, 1e17), megabytes=st.floats(0, 1e17))
def test_any_amounts_are_limits_and_what_is_moved_is_noted(seconds: float, megabytes: float) -> None:
    notes: list[str] = []
    limits = make_limits(seconds, megabytes, notes)
    assert bool(notes) == bool(
        (seconds and not 0.1 <= seconds <= 600) or (megabytes and not 64 <= megabytes <= 65_536)
    )
    assert 0.1 <= limits.cpu_s <= 600
    assert 64 <= limits.memory_mb <= 65_536
