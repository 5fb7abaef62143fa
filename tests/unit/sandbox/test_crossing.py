"""How two programs are crossed, with partners that say what they are told to."""

import os

import pytest

from assay.errors import SandboxLost
from assay_workers.sandbox.crossing import Crossed, cross
from assay_workers.sandbox.port import CellOutcome, Ended, Idle, Shut, Word
from tests.fixtures.outcomes import make_outcome

_PATIENCE_S = 0.2


class _Partner:
    """Says its words, one after the other; those behind `"end"` only once it was told to end."""

    def __init__(self, *words: Word | str) -> None:
        self._words = list(words)
        self.told: list[bytes | str] = []

    def hear(self) -> Word | None:
        if not self._words:
            return None
        word = self._words[0]
        if isinstance(word, str):
            if word not in self.told:
                return None
            self._words.pop(0)
            return self.hear()
        self._words.pop(0)
        return word

    def say(self, data: bytes) -> None:
        self.told.append(data)

    def shut(self) -> None:
        self.told.append("shut")

    def end(self) -> None:
        self.told.append("end")

    def waits_for(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return (), (_ALWAYS,)


_ALWAYS = os.open(os.devnull, os.O_WRONLY)
OK, WRONG = make_outcome(exit_code=0), make_outcome(exit_code=1)


def _cross(candidate: _Partner, interactor: _Partner) -> Crossed:
    def settles(outcome: CellOutcome) -> bool:
        return outcome.exit_code != 0

    return cross(candidate, interactor, settles, _PATIENCE_S)


def test_what_one_prints_the_other_is_told_in_order() -> None:
    candidate, interactor = _Partner(b"a", b"b", Ended(OK)), _Partner(b"1", Ended(OK))
    crossed = _cross(candidate, interactor)
    assert (crossed.candidate, crossed.interactor) == (OK, OK)
    assert interactor.told == [b"a", b"b", "shut"]
    assert candidate.told[0] == b"1"
    assert not crossed.deadlock
    assert not crossed.cut_off


def test_an_end_that_settles_the_matter_ends_the_candidate() -> None:
    candidate = _Partner("end", Ended(OK))
    crossed = _cross(candidate, _Partner(Ended(WRONG)))
    assert candidate.told == ["shut", "end"]
    assert (crossed.cut_off, crossed.candidate_first) == (True, False)


def test_a_candidate_that_has_shut_its_output_is_left_to_end_by_itself() -> None:
    candidate = _Partner(Shut(), "shut", Ended(WRONG))
    crossed = _cross(candidate, _Partner("shut", Ended(WRONG)))
    assert "end" not in candidate.told
    assert (crossed.cut_off, crossed.candidate_first) == (False, True)


def test_a_candidate_that_ends_because_the_interactor_has_shut_its_output_was_not_the_first() -> None:
    candidate = _Partner("shut", Shut(), Ended(WRONG))
    assert not _cross(candidate, _Partner(Shut(), "shut", Ended(WRONG))).candidate_first


def test_two_that_wait_are_ended_and_one_that_waits_is_not() -> None:
    candidate, interactor = _Partner(Idle(True), "end", Ended(OK)), _Partner(Idle(True), "end", Ended(OK))
    assert _cross(candidate, interactor).deadlock
    candidate, interactor = _Partner(Idle(True), Idle(False), Ended(OK)), _Partner(Idle(True), "shut", Ended(OK))
    assert not _cross(candidate, interactor).deadlock


def test_one_that_was_just_told_something_does_not_wait() -> None:
    candidate = _Partner(Idle(True), b"a", "shut", Ended(OK))
    interactor = _Partner(Idle(True), b"b", b"a", Ended(OK))
    assert not _cross(candidate, interactor).deadlock


def test_a_conversation_without_end_is_lost() -> None:
    with pytest.raises(SandboxLost):
        _cross(_Partner(), _Partner())
