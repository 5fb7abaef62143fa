"""What checker programs say, by the exit status of `testlib` or by the score they print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.checkers.rulings import read_score, read_share, read_testlib


@pytest.mark.parametrize(
    ("exit_code", "share"), [(0, 1.0), (1, 0.0), (2, 0.0), (4, 0.0), (8, 0.0), (50, 0.0), (150, 0.5), (250, 1.0)]
)
def test_an_exit_status_of_testlib_is_a_share(exit_code: int, share: float) -> None:
    ruling = read_testlib(exit_code, b"whatever it says", 1.0)
    assert ruling is not None
    assert ruling.share == share
    assert (ruling.message is None) == (share == 1.0)


@pytest.mark.parametrize("exit_code", [3, 5, 6, 7, 9, 49, 251, 255, -1])
def test_its_own_failure_and_what_nobody_knows_is_no_ruling(exit_code: int) -> None:
    assert read_testlib(exit_code, b"FAIL", 1.0) is None


@pytest.mark.parametrize(
    ("stderr", "points", "share"),
    [
        (b"points 0.25 nearly", 1.0, 0.25),
        (b"points 30", 100.0, 0.3),
        (b"\n points 1e2 all", 100.0, 1.0),
        (b"points 250", 100.0, 1.0),
        (b"points -3", 1.0, 0.0),
    ],
)
def test_points_are_a_share_of_all_points(stderr: bytes, points: float, share: float) -> None:
    ruling = read_testlib(7, stderr, points)
    assert ruling is not None
    assert ruling.share == share


def test_an_exception_of_python_is_no_wrong_answer() -> None:
    assert read_testlib(1, b'Traceback (most recent call last):\n  File "main.py"\nIndexError\n', 1.0) is None


@pytest.mark.parametrize("stderr", [b"", b"points", b"points nan", b"points inf", b"ok points 1", b"points x1"])
def test_points_that_are_no_number_are_no_ruling(stderr: bytes) -> None:
    assert read_testlib(7, stderr, 1.0) is None


@pytest.mark.parametrize(
    ("exit_code", "stdout", "share"),
    [(0, b"1\n", 1.0), (0, b" 100 ", 1.0), (0, b"0", 0.0), (0, b"0.5", 0.0), (0, b"1 1", 0.0), (0, b"yes", 0.0)],
)
def test_of_a_printed_score_only_one_and_a_hundred_are_right(exit_code: int, stdout: bytes, share: float) -> None:
    ruling = read_score(exit_code, stdout)
    assert ruling is not None
    assert ruling.share == share


@pytest.mark.parametrize(("exit_code", "stdout"), [(1, b"1"), (0, b""), (0, b" \n"), (1, b"")])
def test_a_checker_that_failed_or_said_nothing_has_not_ruled(exit_code: int, stdout: bytes) -> None:
    assert read_score(exit_code, stdout) is None


@pytest.mark.parametrize(
    ("stdout", "share"),
    [(b"1.0\nOutput is correct", 1.0), (b"0", 0.0), (b" .5\n", 0.5), (b"1", 1.0), (b"2.5e-1", 0.25)],
)
def test_a_printed_share_is_the_share(stdout: bytes, share: float) -> None:
    ruling = read_share(0, stdout)
    assert ruling is not None
    assert ruling.share == share


@pytest.mark.parametrize(
    ("exit_code", "stdout"), [(1, b"1.0"), (0, b""), (0, b"OK"), (0, b"1.5"), (0, b"-1"), (0, b"nan"), (0, b"1x")]
)
def test_what_is_no_share_is_no_ruling(exit_code: int, stdout: bytes) -> None:
    assert read_share(exit_code, stdout) is None


@given(st.integers(-300, 300), st.binary(max_size=60), st.floats(1e-3, 1e6))
def test_whatever_it_says_the_share_is_from_nothing_to_all(exit_code: int, said: bytes, points: float) -> None:
    rulings = (read_testlib(exit_code, said, points), read_score(exit_code, said), read_share(exit_code, said))
    for ruling in rulings:
        assert ruling is None or 0.0 <= ruling.share <= 1.0
