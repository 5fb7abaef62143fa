"""What every sandbox does with programs that talk."""

import select
import time
from collections.abc import Callable
from typing import Final

from assay.contract import Limits
from assay_workers.sandbox.port import CellOutcome, Ended, Idle, Killed, Partner, Program, Run, Shut, Word
from tests.fixtures.sandboxes import QUICK, SandboxBench

__all__ = ["TalkContract"]

_ECHO: Final = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
_PATIENCE_S: Final = 60.0


class _Listener:
    """Hears a partner, word after word."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.said = b""
        self.words: list[Word] = []

    def until(self, enough: Callable[[], bool]) -> None:
        """Listens until ``enough`` has come."""
        until = time.monotonic() + _PATIENCE_S
        while not enough():
            assert time.monotonic() < until, self.words[-5:]
            readable, writable = self.partner.waits_for()
            select.select(readable, writable, (), 1.0)
            while (word := self.partner.hear()) is not None:
                self.words.append(word)
                if isinstance(word, bytes):
                    self.said += word

    def end(self) -> CellOutcome:
        """Listens to the end."""
        self.until(lambda: any(isinstance(word, Ended) for word in self.words))
        ended = self.words[-1]
        assert isinstance(ended, Ended)
        return ended.outcome


def _talk(bench: SandboxBench, source: str, run: Run | None = None, limits: Limits = QUICK) -> _Listener:
    if bench.fresh:
        bench.close()
    return _Listener(bench.sandbox.talk(Program("python", source.encode()), run or Run(), limits))


class TalkContract:
    """Standard streams are another's: what is printed comes at once, and what is said is read."""

    def test_a_program_answers_what_it_is_told_and_ends_with_its_input(self, bench: SandboxBench) -> None:
        talk = _talk(bench, _ECHO)
        for number in range(200):
            talk.partner.say(b"line %d\n" % number)
            talk.until(lambda number=number: talk.said.endswith(b"LINE %d\n" % number))  # type: ignore[misc]
        talk.partner.shut()
        outcome = talk.end()
        assert (outcome.exit_code, outcome.stdout) == (0, talk.said)
        assert any(isinstance(word, Shut) for word in talk.words)

    def test_what_is_said_before_the_program_listens_is_not_lost(self, bench: SandboxBench) -> None:
        talk = _talk(bench, "import time\ntime.sleep(0.2)\nprint(input(), input())")
        talk.partner.say(b"a\n")
        talk.partner.say(b"b\n")
        assert (talk.end().exit_code, talk.said) == (0, b"a b\n")

    def test_a_flood_in_both_directions_blocks_nobody(self, bench: SandboxBench) -> None:
        size = 8 << 20
        source = f"import sys\nsys.stdout.write('x' * {size})\nsys.stdout.flush()\nprint(len(sys.stdin.read()))"
        talk = _talk(bench, source)
        talk.partner.say(b"y" * size)
        talk.partner.shut()
        assert talk.end().exit_code == 0
        assert talk.said == b"x" * size + b"%d\n" % size

    def test_a_program_that_shuts_its_output_is_heard_to_and_goes_on(self, bench: SandboxBench) -> None:
        source = "import os\nprint('bye', flush=True)\nos.close(1)\nopen('seen', 'w').write(input())"
        talk = _talk(bench, source)
        talk.until(lambda: Shut() in talk.words)
        assert talk.said == b"bye\n"
        talk.partner.say(b"now\n")
        assert talk.end().exit_code == 0

    def test_limits_hold(self, bench: SandboxBench) -> None:
        loop = _talk(bench, "while True: pass", limits=Limits(cpu_s=0.3)).end()
        assert loop.killed is Killed.CPU
        flood = _talk(bench, "while True: print('x' * 999)", limits=Limits(output_kb=64))
        assert (flood.end().killed, len(flood.said)) == (Killed.OUTPUT, 64 << 10)
        deaf = _talk(bench, "import time\ntime.sleep(60)", limits=Limits(cpu_s=1, wall_s=1))
        deaf.partner.say(b"x" * (1 << 20))
        assert deaf.end().killed is Killed.WALL

    def test_a_program_that_only_waits_is_told_from_one_that_works(self, bench: SandboxBench) -> None:
        talk = _talk(bench, "input()\ni = 0\nwhile i < 3_000_000: i += 1\nprint(input())")
        talk.until(lambda: Idle(True) in talk.words)
        talk.partner.say(b"on\n")
        talk.until(lambda: Idle(False) in talk.words)
        talk.partner.say(b"off\n")
        assert (talk.end().exit_code, talk.said) == (0, b"off\n")

    def test_it_is_ended_at_once_and_the_sandbox_serves_on(self, bench: SandboxBench) -> None:
        sandbox = bench.sandbox
        for _ in range(5):
            talk = _talk(bench, "import time\ntime.sleep(60)")
            talk.partner.end()  # it may not have been forked yet
            outcome = talk.end()
            assert (outcome.exit_code, outcome.killed) == (None, None)
            talk.partner.say(b"nobody hears this\n")
        assert bench.still_has(sandbox)
        assert bench.run("print(6 * 7)").stdout == b"42\n"

    def test_it_may_have_arguments_and_files_and_leave_one(self, bench: SandboxBench) -> None:
        source = "import sys\nopen(sys.argv[1], 'w').write(open('given.txt').read() + input())\nprint('ok')"
        run = Run(args=("left.txt",), files={"given.txt": b"given, "}, output_file="left.txt")
        talk = _talk(bench, source, run)
        talk.partner.say(b"told\n")
        assert (talk.end().stdout, talk.said) == (b"given, told", b"ok\n")

    def test_a_program_that_does_not_compile_is_told(self, bench: SandboxBench) -> None:
        talk = _talk(bench, "print('x'")
        assert talk.end().compile_failed
        assert bench.sandbox.compile(Program("python", b"pass")) is None
