"""open-r1's routers for E2B and Morph: scripts in, the value of each script's last expression out.

A script that could not be run has an exception, which open-r1 takes for no reward.

Source: open-r1 `scripts/e2b_router.py`, `scripts/morph_router.py`, `utils/code_providers.py`.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, Verdict
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of
from assay_service.compat.notebook import RESULTS_FILE, cells_of, notebook_source

__all__ = ["ExecuteBatch"]

DEFAULT_S: Final = 30.0
MARGIN_S: Final = 2.0
_PYTHON: Final = frozenset({"python", "py", "python3"})


class ExecuteBatch(LenientModel):
    """A request."""

    scripts: list[str]
    languages: list[str] | None = None
    timeout: float = Field(DEFAULT_S, gt=0)
    request_timeout: float | None = Field(None, gt=0)

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer: Morph's waits, E2B's waits for ever."""
        return max((self.request_timeout or self.timeout) - MARGIN_S, 1.0)

    def to_batch(self) -> dict[str, Any]:
        """The batch of the scripts in Python, in order."""
        spec = {"type": "run", "fetch": [RESULTS_FILE], "limits": limits_of(self.timeout)}
        return {
            "items": [
                {"id": str(place), "code": notebook_source([self.scripts[place]]), "rewards": [spec]}
                for place in self._runnable
            ]
        }

    def to_reply(self, results: Sequence[ItemResult]) -> list[dict[str, Any]]:
        """The answer of E2B's router, in the scripts' order."""
        reply = [self._refused(place) for place in range(len(self.scripts))]
        for place, result in zip(self._runnable, results, strict=True):
            reply[place] = _execution(result)
        return reply

    def to_morph_reply(self, results: Sequence[ItemResult]) -> list[dict[str, Any]]:
        """The answer of Morph's router, in the scripts' order."""
        return [_text_alone(each) for each in self.to_reply(results)]

    @property
    def _runnable(self) -> list[int]:
        languages = self.languages or []
        named = [languages[place] if place < len(languages) else "python" for place in range(len(self.scripts))]
        return [place for place, language in enumerate(named) if language.lower() in _PYTHON]

    def _refused(self, place: int) -> dict[str, Any]:
        language = (self.languages or [])[place] if place < len(self.languages or []) else "python"
        return _nothing(f"scripts in {language!r} have no last expression; only those in Python are run")


def _nothing(why: str) -> dict[str, Any]:
    return {"execution": None, "exception_str": why}


def _execution(result: ItemResult) -> dict[str, Any]:
    tests = result.components[0].tests if result.components else None
    if not tests:
        return _nothing("the result has no run in it")
    cells = cells_of(tests[0])
    if tests[0].verdict is not Verdict.ACCEPTED or not cells:
        return _nothing(f"the script was ended: {tests[0].verdict.value}")
    cell = cells[0]
    shown = cell.get("display") or []
    results = [{"text": each.get("text/plain"), "is_main_result": each is shown[-1]} for each in shown]
    errors = cell.get("error") or []
    error = errors[0] if errors else None
    return {
        "execution": {
            "results": results if error is None else [],
            "logs": {"stdout": _lines(cell.get("stdout")), "stderr": _lines(cell.get("stderr"))},
            "error": error
            and {"name": error["ename"], "value": error["evalue"], "traceback": "".join(error["traceback"])},
            "execution_count": 1,
        },
        "exception_str": None,
    }


def _lines(text: object) -> list[str]:
    return text.splitlines(keepends=True) if isinstance(text, str) else []


def _text_alone(reply: dict[str, Any]) -> dict[str, Any]:
    execution = reply["execution"]
    if execution is None:
        return {"text": None, "exception_str": reply["exception_str"]}
    if execution["error"] is not None:
        return {"text": None, "exception_str": f"{execution['error']['name']}: {execution['error']['value']}"}
    main = next((each["text"] for each in execution["results"] if each["is_main_result"]), None)
    return {"text": main, "exception_str": None}
