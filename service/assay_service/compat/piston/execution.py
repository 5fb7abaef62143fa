"""Piston's `/execute` for a plain language: one program, one run, and everything it printed."""

import base64
from typing import Any, Final

from assay.contract import ItemResult, TestResult, Verdict
from assay_service.compat.completions import require_test
from assay_service.compat.limits import limits_of
from assay_service.compat.piston.request import Execute
from assay_service.compat.piston.runtimes import VERSION, known_runtime

__all__ = ["plain_batch", "plain_reply", "stage"]

_STATUS: Final = {Verdict.TIME_LIMIT: "TO", Verdict.OUTPUT_LIMIT: "OL"}
_MESSAGES: Final = {"TO": "Time limit exceeded", "OL": "stdout length exceeded", "SG": "Caught signal"}


def plain_batch(request: Execute) -> dict[str, Any]:
    """The batch of the request, with one item.

    Raises:
        RequestError: the language is unknown, or a file is not in its encoding.
    """
    _, language, _ = known_runtime(request.language)
    main, *others = request.files
    named = enumerate(others, 1)
    files = {file.name or f"file{place}": base64.b64encode(file.data).decode() for place, file in named}
    stdin = request.stdin or ""
    spec = {
        "type": "run",
        "language": language,
        "stdin": stdin if not stdin or stdin.endswith("\n") else stdin + "\n",
        "args": request.args or [],
        "files": files,
        "limits": limits_of(request.run_s, request.memory_mb),
    }
    name = main.name if main.name and "/" not in main.name else None
    return {"items": [{"id": "execute", "code": main.text, "main": name, "rewards": [spec]}]}


def plain_reply(request: Execute, result: ItemResult) -> dict[str, Any]:
    """The answer to the request.

    Raises:
        ServiceError: the result has no run in it.
    """
    _, test = require_test(result)
    name, _, compiled = known_runtime(request.language)
    run = stage(test)
    reply: dict[str, Any] = {"language": name, "version": VERSION, "run": run}
    if compiled:
        failed = test.verdict is Verdict.COMPILE_ERROR
        reply["compile"] = run if failed else stage(TestResult(verdict=Verdict.ACCEPTED, exit_code=0))
    return reply


def stage(test: TestResult) -> dict[str, Any]:
    """One stage of Piston's: how it ended and what it printed."""
    status = _STATUS.get(test.verdict)
    if status is None and test.verdict is not Verdict.ACCEPTED:
        status = "RE" if test.exit_code else "SG"
    killed = status in _STATUS.values() or (status == "SG" and test.signal is None)
    stdout, stderr = test.stdout or "", test.stderr or ""
    return {
        "stdout": stdout,
        "stderr": stderr,
        "output": stdout + stderr,
        "code": None if killed or test.signal else test.exit_code,
        "signal": "SIGKILL" if killed else test.signal,
        "message": _MESSAGES.get(status or ""),
        "status": status,
        "cpu_time": None if test.cpu_ms is None else round(test.cpu_ms),
        "wall_time": None if test.wall_ms is None else round(test.wall_ms),
        "memory": None if test.memory_mb is None else round(test.memory_mb * (1 << 20)),
    }
