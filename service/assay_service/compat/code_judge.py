"""code-judge's routes, as rStar2-Agent and RLinf ask them: runs and judgements of submissions, one or many.

A submission that could not be judged in time has the reason `queue_timeout`, for which its clients send it again.

Source: code-judge `app/model.py` and `app/main.py`; rStar2-Agent `code_judge_utils`.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from assay.contract import ItemResult, Verdict
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of

__all__ = ["ANSWER_S", "Submission", "SubmissionsOf", "unanswered"]

ANSWER_S: Final = 55.0
"""Its clients wait 60 s."""
RUN_S: Final = 10.0
MEMORY_MB: Final = 256
OUTPUT_CHARACTERS: Final = 1000
QUEUE_TIMEOUT: Final = "queue_timeout"


class Submission(LenientModel):
    """One program, or one answer."""

    sub_id: str | None = None
    type: Literal["python", "cpp", "math"] = "python"
    solution: str
    input: str | None = None
    expected_output: str | None = None

    def to_item(self, place: int, *, judge: bool) -> dict[str, Any]:
        """The submission as an item of a batch."""
        if self.type == "math":
            gold = {"type": "accuracy", "gold": self.expected_output or ""}
            return {"id": str(place), "completion": self.solution, "rewards": [gold]}
        limits = limits_of(RUN_S, MEMORY_MB)
        spec: dict[str, Any] = {"language": self.type, "limits": limits}
        if judge:
            case = {"stdin": self.input or "", "expected": self.expected_output or ""}
            spec |= {"type": "code", "tests": {"kind": "stdio", "cases": [case]}}
        else:
            spec |= {"type": "run", "stdin": self.input or ""}
        return {"id": str(place), "code": self.solution, "rewards": [spec]}

    def to_reply(self, result: ItemResult, *, judge: bool) -> dict[str, Any]:
        """How it went."""
        component = result.components[0] if result.components else None
        test = component.tests[0] if component and component.tests else None
        verdict = test.verdict if test else None
        ran = verdict in (Verdict.ACCEPTED, Verdict.WRONG_ANSWER) or (self.type == "math" and component is not None)
        passed = bool(component and component.score == 1.0)
        reply: dict[str, Any] = {
            "sub_id": self.sub_id,
            "success": passed if judge or self.type == "math" else ran,
            "run_success": ran,
            "cost": (test.wall_ms or 0.0) / 1000 if test else 0.0,
            "reason": "",
        }
        if not judge:
            reply["stdout"] = ((test.stdout if test else None) or "")[:OUTPUT_CHARACTERS]
            reply["stderr"] = ((test.stderr if test else None) or "")[-OUTPUT_CHARACTERS:]
        return reply


class SubmissionsOf(LenientModel):
    """Many of them, in one request."""

    sub_id: str | None = None
    submissions: list[Submission]


def unanswered(submissions: Sequence[Submission]) -> list[dict[str, Any]]:
    """What is said of submissions that nobody came to judge."""
    return [
        {"sub_id": each.sub_id, "success": False, "run_success": False, "cost": 0.0, "reason": QUEUE_TIMEOUT}
        for each in submissions
    ]
