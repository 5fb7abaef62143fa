"""A slot replaces sandboxes that are lost, and tells a submission that kills them from a sick machine."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from assay.contract import Flag, Limits
from assay.errors import SandboxLost
from assay_workers.sandbox.port import CellOutcome, CellTest, Killed, Partner, Program, Run, Sandbox, Session
from assay_workers.sandbox.slot import NotStarted, Poison, Slot
from tests.fixtures.outcomes import make_outcome

_PROGRAM = Program("python", b"print(input())")
_HARMLESS_OUTPUT = b"42\n"


class _Scripted:
    """A sandbox that answers with its input, dies of `die`, starves on `starve` and takes long over `near`."""

    def __init__(self, box: "_Box") -> None:
        self._box = box
        self.closed = False

    def run(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Iterator[CellOutcome]:
        for test in tests:
            assert isinstance(test, Run)
            assert not self.closed
            self._box.runs.append(test.stdin)
            yield self._box.answer(program, test)

    def serve(self, program: Program, limits: Limits) -> Session:
        raise NotImplementedError

    def examine(self, script: bytes, limits: Limits) -> Session:
        raise NotImplementedError

    def compile(self, program: Program) -> CellOutcome | None:
        raise NotImplementedError

    def talk(self, program: Program, run: Run, limits: Limits) -> Partner:
        raise NotImplementedError

    def is_alive(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True


class _Box:
    """Starts scripted sandboxes and remembers them."""

    def __init__(self, *, deaths: int = 1 << 30, starvations: int = 0, slow: int = 0, sick: bool = False) -> None:
        self.deaths, self.starvations, self.slow, self.sick = deaths, starvations, slow, sick
        self.started: list[_Scripted] = []
        self.runs: list[bytes] = []

    def start(self) -> Sandbox:
        self.started.append(_Scripted(self))
        return self.started[-1]

    def answer(self, program: Program, test: Run) -> CellOutcome:
        if program is not _PROGRAM:
            return make_outcome(stdout=b"" if self.sick else _HARMLESS_OUTPUT)
        if test.stdin == b"die" and self.deaths > 0:
            self.deaths -= 1
            raise SandboxLost
        if test.stdin == b"starve" and self.starvations > 0:
            self.starvations -= 1
            return make_outcome(exit_code=None, signal=9, killed=Killed.WALL, starved=True)
        if test.stdin == b"near" and self.slow > 0:
            self.slow -= 1
            return make_outcome(stdout=test.stdin, cpu_s=Limits().cpu_s * 1.1)
        return make_outcome(stdout=test.stdin)


def _outputs(slot: Slot, *inputs: bytes) -> list[bytes]:
    return [outcome.stdout for outcome in slot.outcomes(_PROGRAM, [Run(given) for given in inputs], Limits())]


def test_one_sandbox_serves_many_submissions() -> None:
    box = _Box()
    slot = Slot(box.start, 100)
    assert _outputs(slot, b"1", b"2") == [b"1", b"2"]
    assert _outputs(slot, b"3") == [b"3"]
    assert len(box.started) == 1


def test_the_test_during_which_a_sandbox_is_lost_is_repeated_in_a_fresh_one() -> None:
    box = _Box(deaths=2)
    slot = Slot(box.start, 100)
    assert _outputs(slot, b"1", b"die", b"2") == [b"1", b"die", b"2"]
    assert box.runs == [b"1", b"die", b"die", b"die", b"2"]
    assert [sandbox.closed for sandbox in box.started] == [True, True, False]


def test_a_submission_that_no_sandbox_survives_is_poison() -> None:
    box = _Box()
    slot = Slot(box.start, 100)
    outcomes = slot.outcomes(_PROGRAM, [Run(b"1"), Run(b"die"), Run(b"2")], Limits())
    assert next(outcomes).stdout == b"1"
    with pytest.raises(Poison):
        next(outcomes)
    assert _outputs(slot, b"next") == [b"next"]


def test_where_not_even_a_harmless_program_runs_the_service_is_sick() -> None:
    slot = Slot(_Box(sick=True).start, 100)
    with pytest.raises(SandboxLost):
        _outputs(slot, b"die")


def test_a_sandbox_that_has_served_long_enough_is_replaced_between_submissions() -> None:
    box = _Box()
    slot = Slot(box.start, 3)
    _outputs(slot, b"1", b"2")
    _outputs(slot, b"3", b"4")
    assert [sandbox.closed for sandbox in box.started] == [True, False]


def test_a_submission_of_more_tests_than_a_sandbox_serves_runs_all_the_same() -> None:
    box = _Box()
    assert len(_outputs(Slot(box.start, 2), *[b"x"] * 5)) == 5
    assert len(box.started) == 1


def test_a_discarded_sandbox_is_closed_and_the_next_use_starts_another() -> None:
    box = _Box()
    slot = Slot(box.start, 100)
    slot.discard()
    first = slot.sandbox()
    slot.discard()
    assert box.started[0].closed
    assert slot.sandbox() is not first


def test_a_test_that_starved_is_repeated_before_it_is_believed() -> None:
    box = _Box(starvations=1)
    assert _outputs(Slot(box.start, 100), b"1", b"starve", b"2") == [b"1", b"starve", b"2"]


def test_a_test_a_little_over_its_limit_runs_again_alone_and_that_run_counts() -> None:
    box = _Box(slow=1)
    slot = Slot(box.start, 100)
    tests = [Run(b"a"), Run(b"near"), Run(b"b")]
    outcomes = list(slot.outcomes(_PROGRAM, tests, Limits()))
    assert box.runs == [b"a", b"near", b"near", b"b"]
    assert [outcome.cpu_s < Limits().cpu_s for outcome in outcomes] == [True] * 3
    assert [Flag.JUDGED_ALONE in outcome.flags for outcome in outcomes] == [False, True, False]


def test_a_test_that_is_over_its_limit_alone_too_is_believed_and_every_one_gets_its_second_run() -> None:
    box = _Box(slow=1 << 30)
    outcomes = list(Slot(box.start, 100).outcomes(_PROGRAM, [Run(b"near")] * 5, Limits()))
    assert len(box.runs) == 10
    assert all(outcome.cpu_s > Limits().cpu_s for outcome in outcomes)


def test_a_test_that_starves_for_ever_is_believed_in_the_end() -> None:
    box = _Box(starvations=1 << 30)
    (outcome,) = Slot(box.start, 100).outcomes(_PROGRAM, [Run(b"starve")], Limits())
    assert outcome.killed is Killed.WALL


class TestAttempts:
    """Work that is repeated as a whole."""

    def test_work_is_repeated_in_a_fresh_sandbox(self) -> None:
        box = _Box()
        seen: list[Any] = []

        def work(sandbox: Sandbox) -> int:
            seen.append(sandbox)
            if len(seen) < 3:
                raise SandboxLost
            return 7

        assert Slot(box.start, 100).attempt(work) == 7
        assert seen == box.started

    def test_work_that_loses_every_sandbox_is_poison(self) -> None:
        with pytest.raises(Poison):
            Slot(_Box().start, 100).attempt(_lose)

    def test_work_that_loses_every_sandbox_of_a_sick_service_is_not_to_blame(self) -> None:
        with pytest.raises(SandboxLost):
            Slot(_Box(sick=True).start, 100).attempt(_lose)

    def test_other_errors_pass(self) -> None:
        box = _Box()
        with pytest.raises(ZeroDivisionError):
            Slot(box.start, 100).attempt(lambda _: 1 // 0)
        assert len(box.started) == 1


def _lose(sandbox: Sandbox) -> None:
    raise SandboxLost


def test_a_sandbox_that_does_not_start_says_nothing_of_the_submission() -> None:
    starts = []

    def start() -> Sandbox:
        starts.append(1)
        raise SandboxLost("no engine")

    slot = Slot(start, 100)
    with pytest.raises(NotStarted):
        slot.attempt(lambda sandbox: sandbox)
    with pytest.raises(NotStarted):
        list(slot.outcomes(_PROGRAM, [Run(b"1")], Limits()))
    assert len(starts) == 6


def test_a_sandbox_that_starts_at_the_second_try_is_used() -> None:
    box = _Box()
    failures = [SandboxLost("busy")]

    def start() -> Sandbox:
        if failures:
            raise failures.pop()
        return box.start()

    assert Slot(start, 100).attempt(lambda _: 7) == 7


def test_another_sandbox_that_does_not_start_is_not_charged_to_the_submission() -> None:
    def work(_: Sandbox) -> None:
        raise NotStarted("the examiner's")

    box = _Box()
    with pytest.raises(NotStarted):
        Slot(box.start, 100).attempt(work)
    assert [sandbox.closed for sandbox in box.started] == [True]


def test_a_sandbox_left_in_the_middle_of_something_is_not_used_again() -> None:
    box = _Box()
    slot = Slot(box.start, 100)
    with pytest.raises(ZeroDivisionError):
        slot.attempt(lambda _: 1 // 0)
    assert box.started[0].closed
    assert slot.attempt(lambda _: 7) == 7
