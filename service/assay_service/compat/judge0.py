"""The part of Judge0's API that its clients use: submissions, alone or many, awaited or polled.

A token is the id of a batch of ours.

Source: Judge0 CE 1.13, `docs/api`; ms-swift's plugin `external_code_reward_by_judge0`.
"""

import base64
import binascii
import signal
from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay_service.compat.lenient import LenientModel

__all__ = ["ANSWER_S", "LANGUAGES", "Judge0Batch", "Judge0Submission", "judged", "unfinished"]

ANSWER_S: Final = 60.0
LANGUAGES: Final = {
    **dict.fromkeys((45, 46), "bash"),
    **dict.fromkeys((48, 49, 50, 75), "c"),
    **dict.fromkeys((51,), "csharp"),
    **dict.fromkeys((52, 53, 54, 76), "cpp"),
    **dict.fromkeys((60, 95), "go"),
    **dict.fromkeys((61,), "haskell"),
    **dict.fromkeys((62, 91), "java"),
    **dict.fromkeys((63, 93, 97), "javascript"),
    **dict.fromkeys((64,), "lua"),
    **dict.fromkeys((65,), "ocaml"),
    **dict.fromkeys((68, 98), "php"),
    **dict.fromkeys((71, 92, 100), "python"),
    **dict.fromkeys((72,), "ruby"),
    **dict.fromkeys((73,), "rust"),
    **dict.fromkeys((74, 94), "typescript"),
    **dict.fromkeys((78,), "kotlin"),
    **dict.fromkeys((80,), "r"),
    **dict.fromkeys((82,), "sql"),
    **dict.fromkeys((83,), "swift"),
    **dict.fromkeys((85,), "perl"),
}
"""By Judge0's numbers; the version that is meant is another."""
_STATUS: Final = {
    1: "In Queue",
    2: "Processing",
    3: "Accepted",
    4: "Wrong Answer",
    5: "Time Limit Exceeded",
    6: "Compilation Error",
    7: "Runtime Error (SIGSEGV)",
    8: "Runtime Error (SIGXFSZ)",
    9: "Runtime Error (SIGFPE)",
    10: "Runtime Error (SIGABRT)",
    11: "Runtime Error (NZEC)",
    12: "Runtime Error (Other)",
    13: "Internal Error",
}
_SIGNALS: Final = {"SIGSEGV": 7, "SIGXFSZ": 8, "SIGFPE": 9, "SIGABRT": 10}
_LEAST_KB: Final = 32_768


class Judge0Submission(LenientModel):
    """A request."""

    source_code: str
    language_id: int
    stdin: str | None = None
    expected_output: str | None = None
    cpu_time_limit: float = Field(5.0, gt=0, le=600)
    wall_time_limit: float | None = Field(None, gt=0, le=3600)
    memory_limit: float = Field(128_000, gt=0)

    def to_batch(self, *, encoded: bool) -> dict[str, Any]:
        """The batch of the submission, with one item.

        Raises:
            RequestError: the language is unknown, or a text is not base64 where it should be.
        """
        language = LANGUAGES.get(self.language_id)
        if language is None:
            known = ", ".join(f"{number} {name}" for number, name in sorted(LANGUAGES.items()))
            message = f"there is no language {self.language_id}"
            raise RequestError(message, code="unknown_language", path="language_id", hint=f"one of: {known}")
        stdin, expected = (_plain(text, encoded=encoded) for text in (self.stdin, self.expected_output))
        limits = {
            "cpu_s": self.cpu_time_limit,
            "wall_s": max(self.wall_time_limit or 0.0, 2 * self.cpu_time_limit + 2),
            "memory_mb": round(min(max(self.memory_limit, _LEAST_KB), 1 << 26) / 1024),
        }
        spec: dict[str, Any] = {"type": "run", "stdin": stdin or ""}
        if expected is not None:
            case = {"stdin": stdin or "", "expected": expected}
            spec = {"type": "code", "tests": {"kind": "stdio", "cases": [case], "checker": {"type": "lines"}}}
        item = {
            "id": "submission",
            "code": _plain(self.source_code, encoded=encoded) or "",
            "rewards": [{**spec, "language": language, "limits": limits}],
        }
        return {"detail": "outputs", "items": [item]}


class Judge0Batch(LenientModel):
    """Many of them."""

    submissions: list[Judge0Submission] = Field(max_length=20)


def _plain(text: str | None, *, encoded: bool) -> str | None:
    if text is None or not encoded:
        return text
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as error:
        raise RequestError("a text is not base64", hint="or ask with base64_encoded=false") from error


def _status(number: int) -> dict[str, Any]:
    return {"id": number, "description": _STATUS[number]}


def unfinished(token: str, *, begun: bool) -> dict[str, Any]:
    """What is said of a submission without a result."""
    return _reply(token, None, 2 if begun else 1)


def judged(token: str | None, result: ItemResult, *, encoded: bool) -> dict[str, Any]:
    """What is said of a submission with a result; one that could not be judged is an `Internal Error`.

    What was waited for has no ``token``.
    """
    component = result.components[0] if result.components else None
    test = component.tests[0] if component is not None and component.tests else None
    if test is None or result.error is not None:
        message = result.error.message if result.error else "the result has no run in it"
        return _reply(token, None, 13) | {"message": _text(message, encoded=encoded)}
    return _reply(token, test, _number(test), encoded=encoded)


def _number(test: TestResult) -> int:
    match test.verdict:
        case Verdict.ACCEPTED:
            return 3
        case Verdict.WRONG_ANSWER:
            return 4
        case Verdict.TIME_LIMIT:
            return 5
        case Verdict.COMPILE_ERROR:
            return 6
        case _ if test.exit_code:
            return 11
        case _:
            return _SIGNALS.get(test.signal or "", 12)


def _reply(token: str | None, test: TestResult | None, number: int, *, encoded: bool = False) -> dict[str, Any]:
    compiled = number == 6
    out, err = (test.stdout or None, test.stderr or None) if test is not None else (None, None)
    return {
        "token": token,
        "stdout": None if compiled else _text(out, encoded=encoded),
        "stderr": None if compiled else _text(err, encoded=encoded),
        "compile_output": _text(err, encoded=encoded) if compiled else None,
        "message": _text(test.message, encoded=encoded) if test is not None else None,
        "time": f"{test.cpu_ms / 1000:.3f}" if test is not None and test.cpu_ms is not None else None,
        "wall_time": f"{test.wall_ms / 1000:.3f}" if test is not None and test.wall_ms is not None else None,
        "memory": round(test.memory_mb * 1024) if test is not None and test.memory_mb is not None else None,
        "exit_code": test.exit_code if test is not None else None,
        "exit_signal": _signal_number(test.signal) if test is not None else None,
        "status": _status(number),
    }


def _signal_number(name: str | None) -> int | None:
    return signal.Signals[name].value if name and name in signal.Signals.__members__ else None


def _text(text: str | None, *, encoded: bool) -> str | None:
    return text if text is None or not encoded else base64.b64encode(text.encode()).decode()
