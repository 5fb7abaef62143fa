"""The checker finds every kind of fault there is to find."""

from dataclasses import replace

import pytest

from tests.faults.checker import Answer, BatchHistory, find_faults

EXPECTED = {"pair": (1.0, 0.0)}
RIGHT, WRONG = Answer(0, 1.0, None, "a"), Answer(1, 0.0, None, "b")
GOOD = BatchHistory("batch", "pair", (WRONG, RIGHT), (RIGHT, WRONG))


def test_a_good_history_has_no_faults() -> None:
    assert find_faults([GOOD, replace(GOOD, batch_id="other")], EXPECTED) == []


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        (replace(GOOD, final=(RIGHT,)), "the final answer has the items [0]"),
        (replace(GOOD, final=()), "the final answer has the items []"),
        (replace(GOOD, streamed=(RIGHT,)), "the stream lacks the items [1]"),
        (replace(GOOD, streamed=(RIGHT, WRONG, RIGHT)), "the stream repeats the items [0]"),
        (replace(GOOD, streamed=(RIGHT, replace(WRONG, text="c"))), "answered in two ways"),
        (replace(GOOD, final=(replace(RIGHT, reward=0.0), WRONG)), "earned 0.0 instead of 1.0"),
        (replace(GOOD, final=(replace(RIGHT, error="worker_lost"), WRONG)), "an error and a reward"),
        (replace(GOOD, final=(replace(RIGHT, error="worker_lost", reward=None), WRONG)), "ended with worker_lost"),
        (replace(GOOD, final=(replace(RIGHT, reward=None), WRONG)), "earned None instead of 1.0"),
    ],
)
def test_a_fault_is_named(history: BatchHistory, fault: str) -> None:
    assert any(fault in line for line in find_faults([history], EXPECTED))


def test_an_error_that_the_client_asked_for_is_none() -> None:
    cancelled = Answer(0, None, "cancelled", "x")
    batch = replace(GOOD, streamed=(cancelled, WRONG), final=(cancelled, WRONG))
    assert find_faults([replace(batch, allowed_errors=frozenset({"cancelled"}))], EXPECTED) == []
    assert find_faults([batch], EXPECTED) != []


def test_two_batches_of_one_id_are_a_fault() -> None:
    assert find_faults([GOOD, GOOD], EXPECTED) == ["batch id batch was given 2 times"]
