"""Both corpora of attacks in containers, in all languages, in the rounds that `tests/e2e/test_attacks.py` names."""

from collections.abc import Iterator
from typing import Final

import pytest

from assay.audit.corpus import AuditProgram
from assay.audit.rounds import Round, order_of
from assay.settings import available_cores
from tests.fixtures.attacks import both_corpora, script_items, served
from tests.fixtures.docker import ALL_IMAGES, docker_crew, require_image
from tests.fixtures.rounds import SEEDS, Expectations, briefly, planted, quick, run_round
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

EXPECTED: Final = Expectations(
    unmet={
        "py-leak-proc-cmdline": "a container's cells share its process namespace, and see the fixed command lines "
        "and the user numbers of its agent and nurseries, which say nothing of any submission",
    },
    unsteady={},
)


@pytest.fixture(scope="module")
def programs() -> list[AuditProgram]:
    """What a service of containers judges: programs in Python and in other languages."""
    found = [briefly(each) for python in (True, False) for each in served(both_corpora(), python=python)]
    assert {program.language for program in found} >= {"python", "bash", "c", "cpp", "java", "javascript"}
    return found


@pytest.fixture(params=[1, 4, 4 * available_cores()], scope="module")
def crew(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssay]:
    """An Assay with so many workers, each of which has one program in hand."""
    for image in ALL_IMAGES:
        require_image(image)
    workers: int = request.param
    with docker_crew(tmp_path_factory.mktemp("crew"), workers) as running:
        yield running


@pytest.mark.parametrize("crew", [1], indirect=True)
def test_alone_no_attack_earns_or_leaves_anything_and_honest_programs_earn_all(
    programs: list[AuditProgram], crew: RunningAssay
) -> None:
    with planted(crew) as around:
        run_round("containers, alone", around, order_of(Round.ALONE, quick(programs), 0), EXPECTED)


@pytest.mark.parametrize("crew", [4], indirect=True)
def test_four_at_a_time_the_same_holds(programs: list[AuditProgram], crew: RunningAssay) -> None:
    with planted(crew) as around:
        run_round("containers, four at a time", around, order_of(Round.TOGETHER, programs, 0), EXPECTED)


@pytest.mark.parametrize("crew", [4 * available_cores()], indirect=True)
def test_on_an_oversubscribed_machine_the_same_holds_in_any_order(
    programs: list[AuditProgram], crew: RunningAssay
) -> None:
    with planted(crew) as around:
        for seed in SEEDS:
            title = f"containers, {4 * available_cores()} workers, seed {seed}"
            run_round(title, around, order_of(Round.OVERSUBSCRIBED, quick(programs), seed), EXPECTED)


_FORGERIES = (
    "cpp-exit-assert-fail-override",
    "cpp-exit-main-macro",
    "cpp-exit-ndebug",
    "java-exit-halt",
    "js-exit-process",
)


def test_whoever_ends_the_process_before_the_tests_can_fail_is_found_by_a_control(
    docker_assay: RunningAssay,
) -> None:
    items = script_items((*_FORGERIES, "ok-cpp-asserts-own"))
    results = docker_assay.grade(list(items.values()))["results"]
    components = {result["id"]: result["components"][0] for result in results}
    honest = components.pop("ok-cpp-asserts-own")
    assert (honest["score"], honest["verdict"], honest["flags"]) == (1.0, "accepted", [])
    assert {name: (each["score"], each["flags"]) for name, each in components.items()} == {
        name: (0.0, ["forged"]) for name in _FORGERIES
    }
