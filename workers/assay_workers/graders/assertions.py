"""Grades programs by assertions about their functions, as MBPP has them. One assertion is one test.

Assertions that split into a call and an expected value are judged by value; the others are examined, each
by itself.
"""

import ast
from collections.abc import Iterator, Sequence

from assay.contract import AssertSuite, Compare, Integrity, Verdict
from assay.errors import ItemError
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.examination import Examination, Script
from assay_workers.graders.function import NO_VALUE, encode_call, judge_value, read_value
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, judged
from assay_workers.graders.splitting import Relation, SplitAssertion, split_assertion
from assay_workers.graders.test_code import candidate_names, caught_names, helpers_of, parse_tests
from assay_workers.sandbox.port import CellOutcome
from assay_workers.sandbox.slot import Slot

__all__ = ["AssertPlan"]


def _defined(tree: ast.Module) -> frozenset[str]:
    """Functions and classes that the tests define at their top."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(statement.name for statement in tree.body if isinstance(statement, kinds))


def _read(suite: AssertSuite, *, handles: bool) -> Iterator[SplitAssertion | Script]:
    """How each assertion is judged: by value, or by examination."""
    helpers = helpers_of(suite.prompt)
    helper_tree = parse_tests(helpers, "the prompt")
    setup_tree = parse_tests(suite.setup, "the setup")
    known = _defined(setup_tree)
    for number, text in enumerate(suite.asserts):
        tree = parse_tests(text, f"assertion {number}")
        if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
            raise ItemError(f"assertion {number} asserts nothing", code="invalid_tests", path=f"asserts[{number}]")
        split = split_assertion(text, known)
        if split is not None:
            yield split
            continue
        source = f"{suite.setup}\n{text}"
        names = candidate_names(parse_tests(source, f"assertion {number}"), helper_tree)
        caught = tuple(name for name in caught_names(parse_tests(source, f"assertion {number}")) if name in names)
        yield Script(source, helpers, tuple(names), "", caught, handles)


def _judge_relation(split: SplitAssertion, outcome: CellOutcome) -> JudgedTest:
    match split.relation:
        case Relation.EQUAL:
            return judge_value(outcome, Compare(), split.expected, expected_is_json=False)
        case Relation.IDENTICAL | Relation.TRUE | Relation.FALSE:
            return _judge_truth(split, outcome)


def _judge_truth(split: SplitAssertion, outcome: CellOutcome) -> JudgedTest:
    returned = read_value(outcome.value)
    if returned.reason is not None:
        verdict = Verdict.RUNTIME_ERROR if returned.reason == NO_VALUE else Verdict.WRONG_ANSWER
        return judged(verdict, outcome, returned.reason)
    holds = {
        Relation.IDENTICAL: returned.value is split.expected,
        Relation.TRUE: bool(returned.value),
        Relation.FALSE: not returned.value,
    }[split.relation]
    return judged(Verdict.ACCEPTED if holds else Verdict.WRONG_ANSWER, outcome)


class AssertPlan:
    """Every assertion is judged by value where it splits, and by examination where not."""

    def __init__(self, suite: AssertSuite, *, handles: bool = True) -> None:
        """Reads the suite; with ``handles`` objects of the candidate's may cross.

        Raises:
            ItemError: the setup or an assertion is not Python, or an assertion asserts nothing.
        """
        self._tests = tuple(_read(suite, handles=handles))
        by_value = all(isinstance(test, SplitAssertion) for test in self._tests)
        self.integrity = Integrity.EXTERNAL if by_value else Integrity.EXAMINER
        self.weights = [1.0] * len(self._tests)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Judges every assertion; always as many results as assertions.

        Raises:
            ItemError: an assertion is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        slot = rooms.candidates.slot(submission.language)
        splits = [test for test in self._tests if isinstance(test, SplitAssertion)]
        by_value = iter(_judge_splits(slot, submission, splits))
        examination = Examination.of(rooms, submission)
        tests = [
            next(by_value) if isinstance(test, SplitAssertion) else examination.judge(test) for test in self._tests
        ]
        return JudgedSuite(tests, self.integrity)


def _judge_splits(slot: Slot, submission: Submission, splits: Sequence[SplitAssertion]) -> list[JudgedTest]:
    calls = [encode_call(split.entry_point, split.args, split.kwargs) for split in splits]
    return judge_cells(
        slot,
        submission.program,
        calls,
        submission.limits,
        lambda number, outcome: _judge_relation(splits[number], outcome),
    )
