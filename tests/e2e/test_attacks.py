"""Programs that try to cheat, and honest ones that look as if they did, through the front door of jails.

Both corpora, the shared one and our own, go alone; then four at a time; then three times, each in another random
order, with four times as many workers as cores. Attacks on time, which take as long as their limits, go once only:
four at a time. `tests/images` does the same in containers.

Run with `-s` to see the counts.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from assay.audit.corpus import AuditProgram
from assay.audit.rounds import Round, order_of
from assay.settings import available_cores
from tests.fixtures.attacks import both_corpora, served
from tests.fixtures.rounds import SEEDS, Expectations, briefly, planted, quick, run_round
from tests.fixtures.service import RunningAssay, running_assay

pytestmark = pytest.mark.slow

EXPECTED: Final = Expectations(
    unmet={},
    unsteady={
        "py-sbx-write-everywhere": "the cell's own fresh tmpfs may be written beside work and tmp; the search ends "
        "after 4 s, and on a busy machine before it has come there",
    },
)
OPEN: Final = Expectations(
    unmet={
        "time-unwaited-children": "where no cgroup counts, the CPU time of children that the kernel reaps unasked "
        "(SIGCHLD ignored) is nobody's: only the wall limit ends it",
    },
    unsteady={},
)
"""Holes of jails that are known and not mended; with few processors to share, an open one may look closed."""


@pytest.fixture(scope="module")
def programs() -> list[AuditProgram]:
    """What a service of jails judges: programs in Python."""
    return [briefly(program) for program in served(both_corpora(), python=True) if program.id not in OPEN.unmet]


@pytest.fixture(params=[1, 4, 4 * available_cores()], scope="module")
def crew(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssay]:
    """An Assay with so many workers, each of which has one program in hand."""
    workers: int = request.param
    with running_assay(tmp_path_factory.mktemp("crew"), workers=workers) as running:
        yield running
        assert running.end() == 0
        assert running.remains() == []
        assert "Traceback" not in running.output


@pytest.mark.parametrize("crew", [1], indirect=True)
def test_alone_no_attack_earns_or_leaves_anything_and_honest_programs_earn_all(
    programs: list[AuditProgram], crew: RunningAssay
) -> None:
    order = order_of(Round.ALONE, quick(programs), 0)
    with planted(crew) as around:
        run_round("alone, honest ones first, readers right after writers", around, order, EXPECTED)


@pytest.mark.parametrize("crew", [1], indirect=True)
def test_what_is_known_to_be_open_is_so_still(crew: RunningAssay) -> None:
    with planted(crew) as around:
        known = [program for program in both_corpora() if program.id in OPEN.unmet]
        run_round("known to be open", around, known, OPEN)


@pytest.mark.parametrize("crew", [4], indirect=True)
def test_four_at_a_time_the_same_holds(programs: list[AuditProgram], crew: RunningAssay) -> None:
    with planted(crew) as around:
        run_round("four at a time, seed 0", around, order_of(Round.TOGETHER, programs, 0), EXPECTED)


@pytest.mark.parametrize("crew", [4 * available_cores()], indirect=True)
def test_on_an_oversubscribed_machine_the_same_holds_in_any_order(
    programs: list[AuditProgram], crew: RunningAssay
) -> None:
    with planted(crew) as around:
        for seed in SEEDS:
            title = f"{4 * available_cores()} workers, seed {seed}"
            run_round(title, around, order_of(Round.OVERSUBSCRIBED, quick(programs), seed), EXPECTED)
