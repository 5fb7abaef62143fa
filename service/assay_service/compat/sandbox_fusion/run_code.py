"""SandboxFusion's `/run_code`: one program, one run, and everything it printed.

What the client makes of the outputs is its own affair, and so is what a program may claim by them. Only a run that
took place is answered; anything else is an error, for which verl asks again if its status is 504.

Source: SandboxFusion `sandbox/server/sandbox_api.py`; verl `utils/reward_score/sandbox_fusion`.
"""

import signal
from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, TestResult, Verdict
from assay_service.compat.completions import require_test
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of
from assay_service.compat.sandbox_fusion.languages import COMPILED, language_of

__all__ = ["RunCode", "command_result", "reply_of_test"]

DEFAULT_TIMEOUT_S: Final = 10.0
MARGIN_S: Final = 5.0
"""verl waits 10 s longer than the timeouts it sends."""
IMPATIENT_S: Final = 25.0
"""ROLL, which sends what it expects, waits 30 s whatever timeouts it sends."""
_KILLED: Final = 137


class RunCode(LenientModel):
    """A request."""

    compile_timeout: float = Field(DEFAULT_TIMEOUT_S, gt=0)
    run_timeout: float = Field(DEFAULT_TIMEOUT_S, gt=0)
    memory_limit_MB: float | None = -1  # noqa: N815 - the contract's name
    code: str
    stdin: str | None = None
    language: str = "python"
    files: dict[str, str | None] | None = None
    fetch_files: list[str] | None = None
    args: list[str] | None = None
    expected_stdout: str | None = None

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        if self.expected_stdout is not None:
            return IMPATIENT_S
        return self.compile_timeout + self.run_timeout + MARGIN_S

    def to_batch(self) -> dict[str, Any]:
        """The batch of the request, with one item.

        Raises:
            RequestError: ``unknown_language``.
        """
        spec = {
            "type": "run",
            "language": language_of(self.language)[1],
            "stdin": self.stdin or "",
            "args": self.args or [],
            "files": {name: content for name, content in (self.files or {}).items() if content is not None},
            "fetch": self.fetch_files or [],
            "limits": limits_of(self.run_timeout, self.memory_limit_MB),
        }
        return {"items": [{"id": "run", "code": self.code, "rewards": [spec]}]}

    def to_reply(self, result: ItemResult) -> dict[str, Any]:
        """The answer to the request.

        Raises:
            ServiceError: the result has no run in it.
        """
        _, test = require_test(result)
        given = self.files or {}
        files = {name: content for name, content in (test.files or {}).items() if content or name in given}
        return reply_of_test(test, self.language) | {"files": files}


def reply_of_test(test: TestResult, language: str) -> dict[str, Any]:
    """What SandboxFusion would say of a run."""
    compiled = language_of(language)[0] in COMPILED
    run: dict[str, Any] | None = command_result(test)
    compilation: dict[str, Any] | None = None
    if compiled:
        compilation = {"status": "Finished", "execution_time": None, "return_code": 0, "stdout": "", "stderr": ""}
        if test.verdict is Verdict.COMPILE_ERROR:
            compilation, run = run, None
    failed = any(part is not None and part["return_code"] != 0 for part in (compilation, run))
    return {
        "status": "Failed" if failed else "Success",
        "message": "",
        "compile_result": compilation,
        "run_result": run,
        "executor_pod_name": None,
        "files": {},
        "verdict": test.verdict,
        "memory_mb": test.memory_mb,
    }


def command_result(test: TestResult) -> dict[str, Any]:
    """One command of SandboxFusion's: how it ended and what it printed."""
    finished = test.verdict is not Verdict.TIME_LIMIT
    stderr = test.stderr or ""
    return {
        "status": "Finished" if finished else "TimeLimitExceeded",
        "execution_time": None if test.wall_ms is None else round(test.wall_ms / 1000, 6),
        "cpu_time": None if test.cpu_ms is None else round(test.cpu_ms / 1000, 6),
        "return_code": _return_code(test) if finished else None,
        "stdout": test.stdout or "",
        "stderr": f"{stderr}{_note(test)}",
    }


def _return_code(test: TestResult) -> int:
    """An exit status, or the negative number of the signal, as Python's subprocess module has it."""
    if test.verdict in (Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT) and not test.exit_code:
        return _KILLED
    if test.exit_code is not None:
        return test.exit_code
    try:
        return -signal.Signals[test.signal or ""].value
    except KeyError:
        return _KILLED if test.verdict is not Verdict.COMPILE_ERROR else 1


def _note(test: TestResult) -> str:
    """What a program that met a limit other than time could not say itself."""
    if test.verdict in (Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT):
        return f"\n[assay] {test.verdict.value}: the program was over its limit\n"
    return ""
