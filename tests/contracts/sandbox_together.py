"""What every sandbox does with test code that runs in the program's own process."""

import json
from typing import Any

import pytest

from assay.errors import ItemError
from assay_agent.together import FAILED, PASSED, RAISED
from assay_agent.values import decode
from assay_workers.sandbox.port import CellOutcome, Program, Together
from tests.fixtures.sandboxes import QUICK, SandboxBench

__all__ = ["TogetherContract"]

_PROGRAM = "import sys, os\ndef f(n): return n + 1"


def _script(source: str, **more: Any) -> bytes:
    script = {"source": source, "prompt": "", "entry_point": "f", "candidate_names": ["f"]}
    return json.dumps(script | more).encode()


def _run(bench: SandboxBench, source: str, program: str = _PROGRAM, **more: Any) -> CellOutcome:
    script = Together(_script(source, **more))
    (outcome,) = bench.sandbox.run(Program("python", program.encode()), [script], QUICK)
    if bench.fresh:
        bench.close()
    return outcome


def _report(outcome: CellOutcome) -> tuple[bytes, Any]:
    assert outcome.value is not None, outcome.stderr
    return outcome.value[:1], decode(outcome.value[1:])


class TogetherContract:
    """Test code runs behind the program, and what passed is told on the channel."""

    def test_what_was_executed_is_reported(self, bench: SandboxBench) -> None:
        outcome = _run(bench, "def check(candidate):\n    assert candidate(1) == 2\n    assert f(2) == 3")
        assert (outcome.exit_code, outcome.flags) == (0, frozenset())
        assert _report(outcome) == (PASSED, ("", ["assert 0", "assert 1"]))

    def test_cases_of_unittest_are_run_by_name(self, bench: SandboxBench) -> None:
        source = "import unittest\nclass A(unittest.TestCase):\n  def test_a(self): self.assertEqual(f(1), {})"
        cases: dict[str, Any] = {"case_tests": ["A::test_a"], "cases_runner": "assay_agent.test_cases"}
        assert _report(_run(bench, source.format(2), **cases)) == (PASSED, ("", ["A::test_a"]))
        assert _report(_run(bench, source.format(3), **cases)) == (
            FAILED,
            ("an assertion failed in line 3 of the test", []),
        )

    def test_an_exception_is_told_without_its_text(self, bench: SandboxBench) -> None:
        kind, content = _report(_run(bench, "{}[f(1)]"))
        assert (kind, content) == (RAISED, ("KeyError in line 1 of the test", []))

    def test_nothing_of_ours_is_left_for_the_program(self, bench: SandboxBench) -> None:
        look = "import sys, os\nseen = [n for n in sys.modules if n.startswith('assay')]\n"
        look += "seen += [fd for fd in range(4, 64) if os.path.exists(f'/proc/self/fd/{fd}')]\n"
        look += "def f(n): return seen"
        kind, content = _report(_run(bench, "assert f(0) == [] and f(0) is seen, seen", look))
        assert kind == PASSED, content

    def test_a_program_that_ends_first_reports_nothing(self, bench: SandboxBench) -> None:
        for program in ("raise SystemExit", "import os; os._exit(0)", "exit(0)"):
            outcome = _run(bench, "assert True", program)
            assert (outcome.exit_code, outcome.value) == (0, None)
        failed = _run(bench, "assert True", "1 / 0")
        assert failed.exit_code == 1
        assert b"ZeroDivisionError" in failed.stderr

    def test_test_code_that_is_none_is_refused_and_the_sandbox_serves_on(self, bench: SandboxBench) -> None:
        sandbox = bench.sandbox
        with pytest.raises(ItemError) as caught:
            _run(bench, "return 1")
        assert caught.value.code == "invalid_tests"
        assert bench.still_has(sandbox)
        assert _report(_run(bench, "assert f(1) == 2"))[0] == PASSED
