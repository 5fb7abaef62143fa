"""An examination survives the loss of either of its two sandboxes, and leaves both usable."""

import time
from collections.abc import Iterator, Sequence

import pytest

from assay.contract import Limits, Verdict
from assay.errors import ItemError, SandboxLost
from assay_agent.calls import LOADED
from assay_agent.examiner import BROKEN, CALL, PASSED
from assay_agent.values import encode
from assay_workers.graders import conversation
from assay_workers.graders.conversation import Conversation
from assay_workers.graders.examination import Examination, Script
from assay_workers.sandbox.port import CellOutcome, CellTest, Ended, Killed, Partner, Program, Run, Sandbox, Session
from assay_workers.sandbox.slot import Slot
from tests.fixtures.outcomes import make_outcome

_SCRIPT = Script("assert f(1)", "", ("f",), "")


class _Talk:
    """A session that says what it is told to, and is lost where that is nothing."""

    def __init__(self, word: bytes | None) -> None:
        self._word = word
        self.closed = False

    def receive(self) -> bytes | Ended:
        if self._word is None:
            raise SandboxLost
        return self._word

    def send(self, message: bytes) -> None:
        raise NotImplementedError

    def close(self) -> CellOutcome:
        if self._word is None:
            raise SandboxLost
        self.closed = True
        return make_outcome()


class _Sandboxes:
    """Starts sandboxes whose sessions say the words given, one sandbox after the other."""

    def __init__(self, *words: bytes | None) -> None:
        self._words = list(words)
        self.talks: list[_Talk] = []
        self.slot = Slot(self.start, 100)

    def start(self) -> Sandbox:
        return _Fake(self.talks, self._words.pop(0) if self._words else None)


class _Fake:
    """A sandbox that opens sessions."""

    def __init__(self, talks: list[_Talk], word: bytes | None) -> None:
        self._talks, self._word = talks, word

    def run(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Iterator[CellOutcome]:
        yield make_outcome(stdout=b"42\n")

    def serve(self, program: Program, limits: Limits) -> Session:
        self._talks.append(_Talk(self._word))
        return self._talks[-1]

    def examine(self, script: bytes, limits: Limits) -> Session:
        return self.serve(Program("python", script), limits)

    def compile(self, program: Program) -> CellOutcome | None:
        raise NotImplementedError

    def talk(self, program: Program, run: Run, limits: Limits) -> Partner:
        raise NotImplementedError

    def is_alive(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        """There is nothing to close."""


def _judge(candidates: _Sandboxes, examiners: _Sandboxes) -> Verdict:
    examination = Examination(candidates.slot, examiners.slot, Program("python", b""), Limits())
    return examination.judge(_SCRIPT).verdict


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_candidates_sandbox_that_is_lost_is_replaced(lost: int) -> None:
    candidates = _Sandboxes(*[None] * lost, LOADED)
    assert _judge(candidates, _Sandboxes(*[PASSED + encode("")] * (lost + 1))) is Verdict.ACCEPTED
    assert len(candidates.talks) == lost + 1


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_an_examiners_sandbox_that_is_lost_is_replaced(lost: int) -> None:
    examiners = _Sandboxes(*[None] * lost, PASSED + encode(""))
    assert _judge(_Sandboxes(*[LOADED] * (lost + 1)), examiners) is Verdict.ACCEPTED
    assert len(examiners.talks) == lost + 1


def test_a_program_that_no_sandbox_survives_has_failed() -> None:
    assert _judge(_Sandboxes(), _Sandboxes()) is Verdict.RUNTIME_ERROR


def test_broken_tests_leave_no_session_open() -> None:
    candidates, examiners = _Sandboxes(LOADED), _Sandboxes(BROKEN + encode("no"))
    with pytest.raises(ItemError):
        _judge(candidates, examiners)
    assert [talk.closed for talk in (*candidates.talks, *examiners.talks)] == [True, True]


class _Caller(_Talk):
    """An examiner's session that calls once, and then has nothing to say."""

    def receive(self) -> bytes | Ended:
        return CALL + encode(("f", (), {}))


class _Hanging(_Talk):
    """A candidate's session that the wall limit ends in its first call."""

    def __init__(self) -> None:
        super().__init__(LOADED)
        self._called = False

    def receive(self) -> bytes | Ended:
        return Ended(self.close()) if self._called else LOADED

    def send(self, message: bytes) -> None:
        self._called = True

    def close(self) -> CellOutcome:
        return make_outcome(killed=Killed.WALL, exit_code=None)


@pytest.mark.parametrize(("opening_s", "starved"), [(0.0, False), (0.03, True)])
def test_a_time_out_of_a_candidate_that_was_kept_waiting_is_in_doubt(opening_s: float, starved: bool) -> None:
    def open_examiner() -> Session:
        time.sleep(opening_s)
        return _Caller(b"")

    judged = Conversation(_Hanging(), open_examiner, Limits(wall_s=0.1)).judge()
    assert judged.outcome is not None
    assert (judged.verdict, judged.outcome.starved) == (Verdict.TIME_LIMIT, starved)


class _Answering(_Hanging):
    """A candidate's session that answers whatever it is asked."""

    def receive(self) -> bytes | Ended:
        return b"V" + encode((1, None)) if self._called else LOADED


def test_steps_without_end_are_a_failure_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_MAX_CALLS", 5)
    examiner = _Listening()
    judged = Conversation(_Answering(), lambda: examiner, Limits(wall_s=9)).judge()
    assert judged.verdict is Verdict.WRONG_ANSWER
    assert examiner.answers == 5


class _Listening(_Caller):
    """An examiner's session that calls again and again."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.answers = 0

    def send(self, message: bytes) -> None:
        self.answers += 1
