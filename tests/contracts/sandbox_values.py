"""What every sandbox does with calls and sessions: values cross, and nothing else.

A driver's test module makes a subclass with the fixtures `bench` and `kill_from_outside`.
"""

import datetime as dt
import json
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from assay.contract import Limits
from assay.errors import SandboxLost
from assay_agent.calls import LOADED
from assay_agent.values import NotAValue, decode, encode
from assay_workers.sandbox.port import CellOutcome, Ended, Killed, Program, Run, Session
from tests.fixtures.sandboxes import QUICK, SandboxBench

__all__ = ["CallContract", "LossContract", "SessionContract"]

_IDENTITY = "def f(x): return x"
_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1 << 200, -(1 << 200), 0.5, -0.0, math.inf, 1 + 2j, "", "aü\ud800\0", b"\0\xff",
    [], [1, [2, (3,)]], (), (1,), {}, {"a": {1: [2]}}, set(), {1, "a"}, frozenset({1}), Decimal("1.10"),
    Fraction(1, 3), dt.date(2020, 1, 2), dt.time(1, 2), dt.datetime(2020, 1, 2, 3, tzinfo=dt.UTC), int, list,
)  # fmt: skip
_ENDINGS = {
    "an exit": ("def f(): exit(0)", 0),
    "an exit below Python": ("import os\ndef f(): os._exit(0)", 0),
    "an exit while it is loaded": ("import sys\nsys.exit(0)", 0),
    "an exception": ("def f(): raise ValueError('no')", 1),
    "a missing name": ("def g(): pass", 1),
    "an exception while it is loaded": ("1 / 0", 1),
    "a thread's exit": (
        (
            "import os, threading\ndef f():\n    t = threading.Thread(target=os._exit, args=(0,))\n"
            "    t.start()\n    t.join()"
        ),
        0,
    ),
}
_FORGERIES = {
    "garbage": "import os\ndef f():\n    os.write(3, b'garbage')\n    return 1",
    "a frame before the answer": "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\2VT')\n    return 1",
    "a frame, many times": (
        "import os\ndef f():\n    for _ in range(100): os.write(3, b'\\0\\0\\0\\2VT')\n    return 1"
    ),
    "a length that promises too much": (
        "import os\ndef f():\n    os.write(3, b'\\xff\\xff\\xff\\xffV')\n    os._exit(0)"
    ),
    "a frame after the answer": """
import atexit, os, threading, time
def f():
    def late():
        time.sleep(0.05)
        os.write(3, b'x')
    os.fork() or (late(), os._exit(0))
    time.sleep(0.2)
    return 1
""",
    "half a frame": "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\5V')\n    os._exit(0)",
    "an empty frame": "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\0')\n    os._exit(0)",
}


def _value(outcome: CellOutcome) -> Any:
    assert outcome.value is not None, outcome.stderr
    assert outcome.value[:1] == b"V"
    return decode(outcome.value[1:])


def _ask(session: Session, name: str, *args: object) -> tuple[bytes, Any]:
    session.send(encode((name, args, {})))
    answer = session.receive()
    assert isinstance(answer, bytes)
    return answer[:1], decode(answer[1:])


def _script(source: str, names: tuple[str, ...] = (), entry_point: str = "") -> bytes:
    script: dict[str, Any] = {"source": source, "prompt": "", "entry_point": entry_point}
    script |= {"candidate_names": names, "exception_names": (), "handles": False}
    return json.dumps(script).encode()


class CallContract:
    """A call answers with one value, or with none."""

    @pytest.mark.parametrize("value", _VALUES, ids=repr)
    def test_every_kind_of_value_crosses_both_ways(self, bench: SandboxBench, value: object) -> None:
        returned = _value(bench.call(_IDENTITY, "f", value))
        assert returned == value
        assert type(returned) is type(value)

    def test_methods_are_called_on_an_object_made_without_arguments(self, bench: SandboxBench) -> None:
        source = "class Solution:\n    def __init__(self): self.n = 1\n    def f(self, x): return self.n + x"
        assert _value(bench.call(source, "Solution.f", 2)) == 3
        assert _value(bench.call(source, "Solution().f", 2)) == 3

    def test_a_call_may_print_and_read(self, bench: SandboxBench) -> None:
        outcome = bench.call("import sys\ndef f():\n    print('x' * 100)\n    return sys.stdin.read()", "f")
        assert _value(outcome) == ""
        assert outcome.stdout == b"x" * 100 + b"\n"

    def test_an_argument_is_the_answer_as_the_call_leaves_it(self, bench: SandboxBench) -> None:
        source = "def f(n, a):\n    a.append(n)\n    a = 'rebound'\n    return 'returned'"
        assert _value(bench.call(source, "f", 2, [1], in_place=1)) == [1, 2]

    def test_an_argument_that_became_no_value_is_none(self, bench: SandboxBench) -> None:
        outcome = bench.call("def f(a): a.append(open)", "f", [1], in_place=0)
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    def test_an_iterator_is_a_list_only_where_asked(self, bench: SandboxBench) -> None:
        source = "def f(): yield from (1, 2)"
        assert _value(bench.call(source, "f", materialize=True)) == [1, 2]
        outcome = bench.call(source, "f")
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    def test_an_endless_iterator_is_no_value(self, bench: SandboxBench) -> None:
        outcome = bench.call("import itertools\ndef f(): return itertools.count()", "f", materialize=True)
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    @pytest.mark.parametrize(("source", "status"), _ENDINGS.values(), ids=_ENDINGS.keys())
    def test_a_call_that_ends_the_program_has_no_value(self, bench: SandboxBench, source: str, status: int) -> None:
        outcome = bench.call(source, "f")
        assert (outcome.value, outcome.exit_code) == (None, status)

    @pytest.mark.parametrize("source", _FORGERIES.values(), ids=_FORGERIES.keys())
    def test_more_or_less_than_one_answer_is_none(self, bench: SandboxBench, source: str) -> None:
        assert bench.call(source, "f").value is None

    def test_a_forged_frame_is_only_another_value(self, bench: SandboxBench) -> None:
        source = "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\2VT')\n    os._exit(0)"
        assert _value(bench.call(source, "f")) is True

    def test_a_flood_of_answers_is_cut(self, bench: SandboxBench) -> None:
        outcome = bench.call("import os\ndef f():\n    while True: os.write(3, bytes(1 << 16))", "f")
        assert outcome.killed is Killed.OUTPUT
        assert outcome.value is None

    @pytest.mark.parametrize(
        "value", ["[0] * 2_000_000", "'x' * (20 << 20)", "1 << 10_000_000", "object()", "lambda: 1", "[open]"]
    )
    def test_what_is_no_plain_value_or_too_large_is_said_to_be(self, bench: SandboxBench, value: str) -> None:
        outcome = bench.call(f"def f(): return {value}", "f")
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    def test_a_value_nested_beyond_the_bound_is_none(self, bench: SandboxBench) -> None:
        outcome = bench.call("def f():\n    x = []\n    for _ in range(100_000): x = [x]\n    return x", "f")
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    def test_a_list_that_holds_itself_is_none(self, bench: SandboxBench) -> None:
        outcome = bench.call("def f():\n    x = []\n    x.append(x)\n    return x", "f")
        assert outcome.value is not None
        assert outcome.value[:1] == b"U"

    def test_hostile_bytes_are_handed_on_undecoded(self, bench: SandboxBench) -> None:
        source = "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\6Vl\\xff\\xff\\xff\\xff')\n    os._exit(0)"
        outcome = bench.call(source, "f")
        assert outcome.value == b"Vl\xff\xff\xff\xff"
        with pytest.raises(NotAValue):
            decode(outcome.value[1:])

    def test_subclasses_come_back_as_their_bases(self, bench: SandboxBench) -> None:
        source = """
class Liar(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
    def __add__(self, other): return 42
class Many(list):
    def __iter__(self): return iter([1, 2, 3])
    def __len__(self): return 3
class Text(str):
    def encode(self, *a): return b'lie'
def f(): return [Liar(7), Many([9]), Text('honest')]
"""
        assert _value(bench.call(source, "f")) == [7, [9], "honest"]


class SessionContract:
    """A session's cell talks with the judge until one of them ends it."""

    def test_a_served_program_answers_calls(self, bench: SandboxBench) -> None:
        program = Program("python", b"n = 0\ndef f(x):\n    global n\n    n += x\n    return n")
        session = bench.sandbox.serve(program, QUICK)
        assert session.receive() == LOADED
        assert _ask(session, "f", 2) == (b"V", (2, None))
        assert _ask(session, "f", 3) == (b"V", (5, None))
        assert session.close().killed is None

    def test_exceptions_and_missing_names_are_answers(self, bench: SandboxBench) -> None:
        session = bench.sandbox.serve(Program("python", b"def f(): raise KeyError('k')"), QUICK)
        assert session.receive() == LOADED
        session.send(encode(("f", (), {})))
        answer = session.receive()
        assert isinstance(answer, bytes)
        assert decode(answer[1:], lambda reference, plain: plain or reference.kind) == (
            *("KeyError", "'k'", ["LookupError", "Exception", "BaseException", "object"]),
            *(("k",), "KeyError"),
        )
        session.send(encode(("g", (), {})))
        missing = session.receive()
        assert isinstance(missing, bytes)
        assert missing[:1] == b"E"
        session.close()

    def test_a_call_that_returns_none_gives_back_its_arguments(self, bench: SandboxBench) -> None:
        session = bench.sandbox.serve(Program("python", b"def f(x): x.reverse()"), QUICK)
        assert session.receive() == LOADED
        assert _ask(session, "f", [1, 2]) == (b"V", (None, ([2, 1],)))
        session.close()

    def test_a_program_that_exits_ends_its_session(self, bench: SandboxBench) -> None:
        session = bench.sandbox.serve(Program("python", b"def f(): exit(0)"), QUICK)
        assert session.receive() == LOADED
        session.send(encode(("f", (), {})))
        ended = session.receive()
        assert isinstance(ended, Ended)
        assert session.receive() == ended
        assert session.close() == ended.outcome

    def test_a_program_that_hangs_is_ended_by_its_limit(self, bench: SandboxBench) -> None:
        session = bench.sandbox.serve(
            Program("python", b"def f():\n    while True: pass"), Limits(cpu_s=0.3, wall_s=60)
        )
        assert session.receive() == LOADED
        session.send(encode(("f", (), {})))
        ended = session.receive()
        assert isinstance(ended, Ended)
        assert ended.outcome.killed is Killed.CPU

    def test_a_program_that_does_not_compile_ends_its_session(self, bench: SandboxBench) -> None:
        ended = bench.sandbox.serve(Program("python", b"def f(:"), QUICK).receive()
        assert isinstance(ended, Ended)
        assert ended.outcome.compile_failed

    def test_an_oversize_message_ends_the_session(self, bench: SandboxBench) -> None:
        source = b"import os\ndef f():\n    os.write(3, b'\\xff\\xff\\xff\\xff')\n    while True: pass"
        session = bench.sandbox.serve(Program("python", source), QUICK)
        assert session.receive() == LOADED
        session.send(encode(("f", (), {})))
        ended = session.receive()
        assert isinstance(ended, Ended)
        assert ended.outcome.killed is Killed.OUTPUT

    def test_a_session_closed_in_the_middle_leaves_a_usable_sandbox(self, bench: SandboxBench) -> None:
        sandbox = bench.sandbox
        session = sandbox.serve(Program("python", b"import os\nos.fork()\ndef f():\n    while True: pass"), QUICK)
        session.receive()
        session.send(encode(("f", (), {})))
        session.close()
        assert bench.run("print('next')").stdout == b"next\n"
        assert bench.still_has(sandbox)

    def test_a_program_that_does_not_listen_cannot_block_the_judge(self, bench: SandboxBench) -> None:
        session = bench.sandbox.serve(Program("python", b"import time\ntime.sleep(60)"), Limits(cpu_s=1, wall_s=2))
        for _ in range(3):
            session.send(bytes(4 << 20))
        ended = session.receive()
        assert isinstance(ended, Ended)
        assert ended.outcome.killed is Killed.WALL
        assert bench.run("print('next')").stdout == b"next\n"

    def test_test_code_calls_the_candidate_through_the_judge(self, bench: SandboxBench) -> None:
        session = bench.sandbox.examine(_script("assert f(1, k=[2]) == 3", ("f",)), QUICK)
        asked = session.receive()
        assert isinstance(asked, bytes)
        assert (asked[:1], decode(asked[1:])) == (b"C", ("f", (1,), {"k": [2]}))
        session.send(b"V" + encode((3, None)))
        assert session.receive() == b"P" + encode("")
        ended = session.receive()
        assert isinstance(ended, Ended)
        assert ended.outcome.exit_code == 0

    def test_test_code_that_fails_says_where_but_not_what_it_expects(self, bench: SandboxBench) -> None:
        session = bench.sandbox.examine(_script("assert 1 == 2, 'never'"), QUICK)
        assert session.receive() == b"F" + encode("an assertion failed in line 1 of the test")
        session.close()


class LossContract:
    """A sandbox that dies is lost, and says so."""

    def test_a_sandbox_that_is_killed_from_outside_is_lost(
        self, bench: SandboxBench, kill_from_outside: Callable[[], None]
    ) -> None:
        bench.close()
        outcomes = iter(bench.sandbox.run(Program("python", b"print(input())"), [Run(b"1"), Run(b"2")], QUICK))
        assert next(outcomes).stdout == b"1\n"
        kill_from_outside()
        with pytest.raises(SandboxLost):
            next(outcomes)
        bench.close()
        assert bench.run("print('next')").stdout == b"next\n"

    def test_a_session_whose_sandbox_is_killed_is_lost(
        self, bench: SandboxBench, kill_from_outside: Callable[[], None]
    ) -> None:
        bench.close()
        session = bench.sandbox.serve(Program("python", b"import time; time.sleep(60)"), QUICK)
        kill_from_outside()
        with pytest.raises(SandboxLost):
            session.receive()
        bench.close()
