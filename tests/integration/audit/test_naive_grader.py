"""A grader without defences is broken by the corpora: they are what they claim, and are sent as they are meant."""

from collections.abc import Callable, Iterator

import pytest

from assay.audit.corpus import AuditProgram, ProgramKind, load_corpus
from assay.contract import Limits
from tests.fixtures.attacks import shared_programs
from tests.fixtures.naive import NAIVE_MODES, naive_source
from tests.fixtures.sandboxes import SandboxBench, jail_bench

pytestmark = pytest.mark.slow

_SHORT = Limits(cpu_s=1.5, wall_s=4, memory_mb=512)
_AGAINST_GRADERS = frozenset(
    {
        *("premature_exit", "equality_forgery", "harness_monkeypatch", "result_channel_forgery", "type_confusion"),
        "expected_output_disclosure",
    }
)
"""Classes whose attacks mean the grader, rather than the machine."""


@pytest.fixture(scope="module")
def bench() -> Iterator[SandboxBench]:
    with jail_bench() as bench:
        yield bench


def _passes(bench: SandboxBench, program: AuditProgram) -> bool:
    files = {name: text.encode() for name, text in program.item["files"].items()}
    return bench.run(naive_source(program), limits=_SHORT, files=files).exit_code == 0


def _in_python(programs: tuple[AuditProgram, ...], kind: ProgramKind) -> list[AuditProgram]:
    return [
        program
        for program in programs
        if program.language == "python" and program.mode in NAIVE_MODES and program.kind is kind
    ]


@pytest.mark.parametrize("corpus", [load_corpus, shared_programs], ids=["own", "shared"])
def test_it_pays_for_two_attacks_in_five_what_they_have_not_earned(
    bench: SandboxBench, corpus: Callable[[], tuple[AuditProgram, ...]]
) -> None:
    attacks = [
        program
        for program in _in_python(corpus(), ProgramKind.ATTACK)
        if program.category in _AGAINST_GRADERS and program.max_reward == 0
    ]
    broken = [program.id for program in attacks if _passes(bench, program)]
    print(f"\n{len(broken)} of {len(attacks)} earn what they must not: {broken}")
    assert len(broken) >= 0.4 * len(attacks)


def test_it_tells_plain_right_programs_from_plain_wrong_ones(bench: SandboxBench) -> None:
    programs = {program.id: program for program in load_corpus()}
    right = ("ok-reference", "ok-function-cached", "ok-script")
    wrong = ("lenient-next-integer", "lenient-every-line-twice", "count-none-for-zero")
    assert [name for name in (*right, *wrong) if _passes(bench, programs[name])] == list(right)
