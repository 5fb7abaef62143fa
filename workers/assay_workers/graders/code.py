"""Judges the code component of an item: plans its tests, finds its program, runs one with the other."""

from typing import Final

from assay.contract import ComponentResult, Detail, IoiCodeReward, Item, ProgramReward, Verdict
from assay_workers.extraction.program import extract_program
from assay_workers.graders.content import NO_RECOLLECTION, Recollection
from assay_workers.graders.linking import linked_with
from assay_workers.graders.plan import Rooms, Submission, SuitePlan
from assay_workers.graders.planning import plan_tests
from assay_workers.graders.prelude import with_prelude
from assay_workers.graders.results import JudgedSuite, JudgedTest, component_result
from assay_workers.graders.weak.suite import find_weak_tests, warned
from assay_workers.sandbox.languages import Language, find_language, languages
from assay_workers.sandbox.slots import unknown_language

__all__ = ["NO_PROGRAM", "encoded", "judge_code", "known_language"]

NO_PROGRAM: Final = JudgedTest(Verdict.NO_CODE, None, "there is no program in the completion")


def judge_code(
    rooms: Rooms, item: Item, spec: ProgramReward, detail: Detail, recollection: Recollection = NO_RECOLLECTION
) -> ComponentResult:
    """The score of an item's program, by a run of it or, for what was run before, by memory.

    Raises:
        ItemError: the language is unknown, or the tests are broken or cannot be judged well enough.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        SandboxRefused: none can be started here.
    """
    language = known_language(spec.language)
    if isinstance(spec, IoiCodeReward):
        language = linked_with(language, spec)
    plan = plan_tests(language, spec)  # before anything is said of the program: all items have the same tests
    rooms.candidates.slot(language)  # likewise: whether any sandbox here runs the language
    source = item.code if item.code is not None else extract_program(item.completion or "", spec.language)
    if source is None:
        suite = JudgedSuite([NO_PROGRAM] * len(plan.weights), plan.integrity)
    else:
        files = {name: encoded(text) for name, text in item.files.items()}
        program = encoded(with_prelude(spec.prelude, source))
        main = item.main
        if isinstance(spec, IoiCodeReward):
            files |= {name: encoded(text) for name, text in spec.grader_files.items()}
            main = spec.main or main
        submission = Submission(language, program, main, files, spec.limits)
        return recollection.of(submission, spec, detail, lambda: _run(rooms, plan, submission, spec, detail))
    return _result(spec, suite, plan, detail, language)


def _run(
    rooms: Rooms, plan: SuitePlan, submission: Submission, spec: ProgramReward, detail: Detail
) -> tuple[ComponentResult, frozenset[Verdict]]:
    suite = plan.judge(rooms, submission)
    result = _result(spec, suite, plan, detail, submission.language)
    return result, frozenset(test.verdict for test in suite.tests)


def _result(
    spec: ProgramReward, suite: JudgedSuite, plan: SuitePlan, detail: Detail, language: Language
) -> ComponentResult:
    weak = find_weak_tests(spec.tests, python=language.builtin)
    return component_result(spec, warned(suite, weak), plan.weights, detail)


def known_language(name: str) -> Language:
    """The language of a name or tag.

    Raises:
        ItemError: there is none.
    """
    language = find_language(name)
    if language is None:
        raise unknown_language(name, f"use one of: {', '.join(languages())}")
    return language


def encoded(text: str) -> bytes:
    """Source as bytes; what is no character becomes a question mark, and then most likely a syntax error."""
    return text.encode("utf-8", "replace")
