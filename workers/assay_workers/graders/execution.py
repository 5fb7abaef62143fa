"""Runs a program once and judges nothing of what it prints: its outputs and files come back as they are."""

import base64
from pathlib import PurePosixPath

from assay.contract import ComponentResult, Detail, Item, RunReward, TestResult, Verdict
from assay.errors import ItemError
from assay_workers.extraction.program import extract_program
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.code import NO_PROGRAM, encoded, known_language
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedTest, as_text, judged, test_result
from assay_workers.sandbox.port import Run

__all__ = ["execute"]


def execute(rooms: Rooms, item: Item, spec: RunReward) -> ComponentResult:
    """Runs the program of an item; 1 if it ends well.

    Raises:
        ItemError: the language is unknown, or a file stands in the program's way.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        SandboxRefused: none can be started here.
    """
    language = known_language(spec.language)
    slot = rooms.candidates.slot(language)
    source = item.code if item.code is not None else extract_program(item.completion or "", spec.language)
    if source is None:
        return _result(spec, NO_PROGRAM)
    files = {name: encoded(text) for name, text in item.files.items()}
    files |= {name: base64.b64decode(content) for name, content in spec.files.items()}
    submission = Submission(language, encoded(source), item.main, files, spec.limits)
    program = submission.program
    _refuse_folder(program.main or "", {*files, *spec.fetch})
    run = Run(encoded(spec.stdin), spec.args, {}, None, spec.fetch)
    (test,) = judge_cells(
        slot, program, [run], submission.limits, lambda _, outcome: judged(Verdict.ACCEPTED, outcome)
    )
    return _result(spec, test)


def _refuse_folder(main: str, names: set[str]) -> None:
    """Sees to it that the program's own file is no folder of another."""
    for name in sorted(names):
        if main in map(str, PurePosixPath(name).parents):
            raise ItemError(f"{main!r} is the program's file, and cannot be the folder of {name!r}")


def _result(spec: RunReward, test: JudgedTest) -> ComponentResult:
    accepted = test.verdict is Verdict.ACCEPTED
    return ComponentResult(
        type=spec.type,
        score=float(accepted),
        weight=spec.weight,
        verdict=test.verdict,
        passed=int(accepted),
        total=1,
        tests=(_whole(test),),
        flags=tuple(sorted(test.flags)),
        message=test.message,
    )


def _whole(test: JudgedTest) -> TestResult:
    result, outcome = test_result(test, Detail.VERDICTS), test.outcome
    if outcome is None:
        return result
    files = {name: base64.b64encode(content).decode() for name, content in outcome.files.items()}
    update = {"stdout": as_text(outcome.stdout), "stderr": as_text(outcome.stderr), "files": files}
    return result.model_copy(update=update)
