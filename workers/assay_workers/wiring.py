"""The composition root of a worker process: it alone knows which parts make up a grader."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from assay.errors import SandboxRefused
from assay.settings import Settings
from assay_workers.port import Grader

if TYPE_CHECKING:
    from typing import TypeAlias

    from assay_workers.sandbox.docker.driver import DockerSandboxes
    from assay_workers.sandbox.jail.driver import JailSandboxes

    JailOrDocker: TypeAlias = JailSandboxes | DockerSandboxes

__all__ = ["build_grader", "build_janitor"]

_MIB = 1 << 20
_JANITOR_S = 5.0
"""How long the supervisor waits for one answer of the engine: it has others to look after."""


def build_grader(settings: Settings) -> Grader:
    """Makes the grader of this process and starts its sandbox.

    Raises:
        SandboxRefused: this machine cannot isolate programs, or a file that a setting names cannot be read.
        SandboxLost: the engine of the sandboxes is away.
    """
    from assay_workers.graders.plan import Rooms
    from assay_workers.grading import ItemGrader
    from assay_workers.rewards.verifier import MathVerifier
    from assay_workers.sandbox.agent import EXAMINER_MODULES, PYTEST_RUNNER
    from assay_workers.sandbox.compilation import ArtifactCache
    from assay_workers.sandbox.machine import Machine
    from assay_workers.sandbox.slots import Reuse, Sandboxes, Slots

    artifacts = ArtifactCache(settings.sandbox_artifacts_mb * _MIB)
    for_examiners = settings.model_copy(
        update={
            "sandbox_packages": (*settings.sandbox_packages, "pytest"),
            "sandbox_preload": (PYTEST_RUNNER, *settings.sandbox_preload),
        }
    )
    candidates: JailOrDocker
    examiners: Sandboxes
    together: Sandboxes
    if settings.sandbox == "docker":
        from assay_workers.sandbox.docker.driver import DockerSandboxes

        candidates = DockerSandboxes(settings, artifacts)
        examiners = DockerSandboxes(for_examiners, artifacts, EXAMINER_MODULES)
        together = DockerSandboxes(for_examiners, artifacts)
    else:
        from assay_workers.sandbox.jail.driver import JailSandboxes

        candidates = JailSandboxes(settings, artifacts)
        examiners = JailSandboxes(for_examiners, artifacts, EXAMINER_MODULES)
        together = JailSandboxes(for_examiners, artifacts)
    reuse = Reuse(
        recycle_tests=settings.sandbox_recycle_tests,
        fresh=settings.sandbox_reuse == "fresh",
        spares=settings.sandbox_spares,
        warm=settings.docker_warm_images,
    )
    machine = Machine(settings.data_dir)
    rooms = Rooms(
        Slots(candidates, reuse, machine),
        Slots(examiners, reuse),
        Slots(together, reuse, machine),
        _headers(settings),
    )
    grader = ItemGrader(
        rooms,
        MathVerifier(settings.math_timeout_s, settings.math_memory_mb),
        lambda language: candidates.environment_of(candidates.place_of(language)),
    )
    grader.warm_up()
    return grader


def _headers(settings: Settings) -> dict[str, bytes]:
    if settings.testlib is None:
        return {}
    try:
        return {"testlib.h": settings.testlib.read_bytes()}
    except OSError as error:
        hint = "set ASSAY_TESTLIB to the path of testlib.h, or do without it"
        raise SandboxRefused(f"the setting 'testlib' names no readable file: {error}", hint=hint) from error


def build_janitor(settings: Settings) -> Callable[[], object]:
    """What removes the sandboxes that dead workers have left; the supervisor calls it now and then."""
    if settings.sandbox != "docker":
        return lambda: None  # jails die with their workers
    from assay_workers.sandbox.docker.engine import Engine
    from assay_workers.sandbox.docker.strays import remove_strays

    engine = Engine(settings.docker_patience_s, _JANITOR_S)
    return lambda: remove_strays(engine)
