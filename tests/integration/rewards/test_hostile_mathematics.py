"""No answer takes more than its limits, earns what it must not, or touches those before and after it."""

import time
from collections.abc import Iterator
from typing import Final

import pytest

from assay.errors import ItemError
from assay_workers.rewards.verifier import WALL_FACTOR, WALL_GRACE_S, MathVerifier
from tests.fixtures.hostile_mathematics import hostile_answers

TIMEOUT_S: Final = 0.3
MEMORY_MB: Final = 512
ANSWERS: Final = hostile_answers()
GOLD: Final = "5"
RIGHT: Final = r"It is $\boxed{5}$."
EVERY: Final = 8
"""One of so many also stands as the gold answer."""
START_S: Final = 20.0
"""What two starts of a child may take on a crowded machine."""
MOST_S: Final = 2 * (WALL_FACTOR * TIMEOUT_S + WALL_GRACE_S) + START_S
"""Wall seconds for one answer: two tries, each up to the wall limit."""


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(TIMEOUT_S, MEMORY_MB) as verifier:
        yield verifier


def test_there_are_as_many_as_promised() -> None:
    assert sum(map(len, ANSWERS.values())) >= 200
    assert len({answer for answers in ANSWERS.values() for answer in answers}) >= 200


@pytest.mark.parametrize("family", ANSWERS)
def test_hostile_answers_earn_nothing_within_their_limits_and_their_neighbours_what_they_earned(
    verifier: MathVerifier, family: str
) -> None:
    for place, answer in enumerate(ANSWERS[family]):
        began_s = time.monotonic()
        outcome = verifier.verify(GOLD, answer)
        assert (outcome.score, time.monotonic() - began_s < MOST_S) == (0.0, True), (place, answer[:80])
        assert verifier.verify(GOLD, RIGHT).score == 1.0, (place, answer[:80])
        assert verifier.verify("6", RIGHT).score == 0.0, (place, answer[:80])


@pytest.mark.parametrize("family", ANSWERS)
def test_hostile_gold_answers_are_errors_or_not_equal_and_harm_nobody(verifier: MathVerifier, family: str) -> None:
    for gold in ANSWERS[family][::EVERY]:
        assert _as_gold(verifier, gold) in ("gold_unparseable", 0.0), gold[:80]
        assert verifier.verify(GOLD, RIGHT).score == 1.0, gold[:80]


def _as_gold(verifier: MathVerifier, gold: str) -> float | str:
    """The score of a right answer by it, or the code of the error."""
    try:
        return verifier.verify(gold, RIGHT).score
    except ItemError as error:
        return error.code
