"""What every sandbox does with a program that leaves a file in the place of printing."""

import pytest

from assay.contract import Limits
from assay_workers.sandbox.port import CellOutcome, Killed, Program, Run
from tests.fixtures.sandboxes import QUICK, SandboxBench

__all__ = ["FileContract"]

_NOT_LEFT = {
    "nothing written": "pass",
    "a link to a file of the machine": "import os; os.unlink('out.txt'); os.symlink('/etc/passwd', 'out.txt')",
    "a pipe that nobody writes": "import os; os.unlink('out.txt'); os.mkfifo('out.txt')",
    "a folder": "import os; os.unlink('out.txt'); os.mkdir('out.txt')",
    "removed": "import os; os.unlink('out.txt')",
    "truncated at the end": "f = open('out.txt', 'w'); f.write('x'); f.flush(); f.truncate(0)",
}


def _outcome(bench: SandboxBench, source: str, limits: Limits = QUICK) -> CellOutcome:
    (outcome,) = bench.sandbox.run(Program("python", source.encode()), [Run(b"", output_file="out.txt")], limits)
    return outcome


class FileContract:
    """A file counts as the output, and nothing that is put in its place does."""

    def test_the_file_is_the_output_and_what_is_printed_is_not(self, bench: SandboxBench) -> None:
        run = Run(files={"in.txt": b"41"}, output_file="out.txt")
        source = b"n = int(open('in.txt').read()); print('noise'); open('out.txt', 'w').write(str(n + 1))"
        (outcome,) = bench.sandbox.run(Program("python", source), [run], QUICK)
        assert (outcome.exit_code, outcome.stdout) == (0, b"42")

    def test_a_child_may_write_it_and_standard_output_may_be_led_there(self, bench: SandboxBench) -> None:
        source = """
import os, sys
os.dup2(os.open('out.txt', os.O_WRONLY | os.O_APPEND), 1)
print('parent', flush=True)
if os.fork() == 0:
    print('child')
else:
    os.wait()
"""
        assert _outcome(bench, source).stdout == b"parent\nchild\n"

    @pytest.mark.parametrize("source", _NOT_LEFT.values(), ids=_NOT_LEFT)
    def test_what_is_not_in_the_file_is_not_the_output(self, bench: SandboxBench, source: str) -> None:
        outcome = _outcome(bench, source)
        assert (outcome.exit_code, outcome.killed, outcome.stdout) == (0, None, b"")

    @pytest.mark.parametrize(
        "source", ["f.write(bytes(2 << 20))", "f.truncate(16 << 20)"], ids=["written", "a hole"]
    )
    def test_more_than_the_limit_of_outputs_is_too_much(self, bench: SandboxBench, source: str) -> None:
        outcome = _outcome(
            bench, f"f = open('out.txt', 'wb'); {source}", Limits(cpu_s=5, wall_s=60, output_kb=1024)
        )
        assert outcome.killed is Killed.OUTPUT
        assert outcome.stdout == bytes(1 << 20)

    def test_every_cell_has_a_new_one(self, bench: SandboxBench) -> None:
        source = b"f = open('out.txt', 'a'); print(f.tell(), input(), file=f)"
        runs = [Run(b"one", output_file="out.txt"), Run(b"two", output_file="out.txt")]
        outcomes = bench.sandbox.run(Program("python", source), runs, QUICK)
        assert [outcome.stdout for outcome in outcomes] == [b"0 one\n", b"0 two\n"]

    def test_the_program_finds_no_descriptor_but_its_streams(self, bench: SandboxBench) -> None:
        source = "import os; open('out.txt', 'w').write(' '.join(sorted(os.listdir('/proc/self/fd'))))"
        assert _outcome(bench, source).stdout in (b"0 1 2 3", b"0 1 2 3 4")  # the last ones are its own

    def test_a_program_that_is_none_leaves_none(self, bench: SandboxBench) -> None:
        outcome = _outcome(bench, "not a program")
        assert (outcome.compile_failed, outcome.stdout) == (True, b"")

    def test_further_files_come_besides_what_is_printed(self, bench: SandboxBench) -> None:
        source = (
            b"print(open('a/in.txt').read()); open('a/b/out.bin', 'wb').write(b'\\0\\xff'); raise SystemExit(3)"
        )
        run = Run(files={"a/in.txt": b"41"}, fetched=("a/b/out.bin", "a/in.txt", "none"))
        (outcome,) = bench.sandbox.run(Program("python", source), [run], QUICK)
        assert (outcome.exit_code, outcome.stdout) == (3, b"41\n")
        assert outcome.files == {"a/b/out.bin": b"\0\xff", "a/in.txt": b"41", "none": b""}

    def test_they_come_besides_a_file_that_counts_as_the_output(self, bench: SandboxBench) -> None:
        source = b"open('out.txt', 'w').write('1'); open('log.txt', 'w').write('2'); print('noise')"
        run = Run(output_file="out.txt", fetched=("log.txt",))
        (outcome,) = bench.sandbox.run(Program("python", source), [run], QUICK)
        assert (outcome.stdout, outcome.files) == (b"1", {"log.txt": b"2"})

    def test_they_come_from_a_program_that_was_ended_too(self, bench: SandboxBench) -> None:
        source = b"open('log.txt', 'w').write('begun')\nwhile True: pass"
        limits = Limits(cpu_s=0.2, wall_s=60)
        (outcome,) = bench.sandbox.run(Program("python", source), [Run(fetched=("log.txt",))], limits)
        assert (outcome.killed, outcome.files) == (Killed.CPU, {"log.txt": b"begun"})
