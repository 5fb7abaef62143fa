"""Programs that try to cheat, and honest ones that look as if they did, through the front door of jails.

Both corpora go alone, four at a time, and three times with four times as many workers as cores; `tests/images` does
the same in containers. Run with `-s` to see the counts.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from assay.audit.corpus import AuditProgram
from assay.audit.rounds import honest, shuffled, with_readers_after
from assay.settings import available_cores
from tests.fixtures.attacks import both_corpora, served
from tests.fixtures.rounds import Expectations, briefly, planted, run_round
from tests.fixtures.service import RunningAssay, running_assay

pytestmark = pytest.mark.slow

EXPECTED: Final = Expectations(
    unmet={},
    unsteady={
        "py-sbx-write-everywhere": "the cell's own fresh tmpfs may be written beside work and tmp; the search ends "
        "after 4 s, and on a busy machine before it has come there",
    },
)
SEEDS: Final = (1, 2, 3)


@pytest.fixture(scope="module")
def programs() -> list[AuditProgram]:
    """What a service of jails judges: programs in Python."""
    return [briefly(program) for program in served(both_corpora(), python=True)]


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
    with planted(crew) as around:
        run_round("alone, readers right after writers", around, with_readers_after(programs), EXPECTED)


@pytest.mark.parametrize("crew", [4], indirect=True)
def test_four_at_a_time_the_same_holds(programs: list[AuditProgram], crew: RunningAssay) -> None:
    with planted(crew) as around:
        run_round("four at a time, seed 0", around, shuffled(programs, 0), EXPECTED)


@pytest.mark.parametrize("crew", [4 * available_cores()], indirect=True)
def test_on_an_oversubscribed_machine_the_same_holds_in_any_order(
    programs: list[AuditProgram], crew: RunningAssay
) -> None:
    copies = [program for seed in SEEDS for program in shuffled(programs + honest(programs), seed)]
    with planted(crew) as around:
        run_round(f"{4 * available_cores()} workers, seeds {SEEDS}", around, copies, EXPECTED)
