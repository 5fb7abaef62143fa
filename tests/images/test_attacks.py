"""Both corpora of attacks in containers: in other languages than Python with two workers, in Python with four."""

from pathlib import Path
from typing import Final

import pytest

from assay.audit.rounds import Round, honest, order_of, shuffled
from assay_workers.sandbox.docker.driver import PYTHON_IMAGE
from tests.fixtures.attacks import both_corpora, script_items, served
from tests.fixtures.docker import docker_crew, require_image
from tests.fixtures.rounds import Expectations, briefly, planted, run_round
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

EXPECTED: Final = Expectations(
    unmet={
        "py-leak-proc-cmdline": "a container's cells share its process namespace, and see the fixed command lines "
        "and the user numbers of its agent and nurseries, which say nothing of any submission",
    },
    unsteady={},
)


def test_no_attack_in_another_language_earns_or_leaves_anything_and_honest_programs_earn_all(
    docker_assay: RunningAssay,
) -> None:
    programs = [briefly(program) for program in served(both_corpora(), python=False)]
    assert {program.language for program in programs} >= {"bash", "c", "cpp", "java", "javascript"}
    mixed = shuffled(programs + honest(programs), 0)
    with planted(docker_assay) as around:
        run_round("other languages", around, mixed, EXPECTED)


def test_four_at_a_time_the_same_holds_of_programs_in_python(tmp_path: Path) -> None:
    require_image(PYTHON_IMAGE)
    programs = [briefly(program) for program in served(both_corpora(), python=True)]
    with docker_crew(tmp_path, 4) as crew, planted(crew) as around:
        run_round("Python in containers, four at a time", around, order_of(Round.TOGETHER, programs, 0), EXPECTED)


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
