"""The composition root of a worker process: it alone knows which parts make up a grader."""

from assay.settings import Settings
from assay_workers.port import Grader

__all__ = ["build_grader"]


def build_grader(settings: Settings) -> Grader:
    """Makes the grader of this process and starts its sandbox.

    Raises:
        SandboxRefused: this machine cannot isolate programs.
    """
    from assay_workers.grading import ItemGrader
    from assay_workers.rewards.verifier import MathVerifier
    from assay_workers.sandbox.agent import EXAMINER_MODULES
    from assay_workers.sandbox.jail.driver import JailDriver
    from assay_workers.sandbox.slot import Slot

    candidates, examiners = JailDriver(settings), JailDriver(settings, EXAMINER_MODULES)
    grader = ItemGrader(
        candidates=Slot(candidates.start, settings.sandbox_recycle_tests),
        examiners=Slot(examiners.start, settings.sandbox_recycle_tests),
        verifier=MathVerifier(settings.math_timeout_s, settings.math_memory_mb),
    )
    grader.warm_up()
    return grader
