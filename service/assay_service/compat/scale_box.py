"""ScaleBox's `/common_evaluate_batch`: one completion and all its tests, as its fork of verl sends them.

Source: ScaleBox (arXiv 2604.27467), which keeps SandboxFusion's `EvalResult`.
"""

from typing import Any, Final, Literal

from pydantic import Field

from assay.contract import ItemResult
from assay.errors import RequestError
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of
from assay_service.compat.sandbox_fusion.languages import language_of
from assay_service.compat.sandbox_fusion.submit import eval_result

__all__ = ["CommonEvaluate"]

DEFAULT_RUN_S: Final = 20.0
DEFAULT_TOTAL_S: Final = 300.0
MARGIN_S: Final = 5.0
_AT: Final = "config.provided_data.test_cases"


class TestCases(LenientModel):
    """The tests, column by column."""

    __test__ = False  # for pytest: a value, not a test

    type: Literal["stdin_stdout", "function_call", "assert"] = "stdin_stdout"
    input: list[Any] = []
    output: list[Any] = []
    fn_name: str | None = None


class ProvidedData(LenientModel):
    """The problem."""

    test_cases: TestCases


class Extra(LenientModel):
    """How to go about it."""

    run_all_cases: bool = False
    total_timeout: float = Field(DEFAULT_TOTAL_S, gt=0)


class Config(LenientModel):
    """What the request says of the problem."""

    language: str = "python"
    run_timeout: float | None = Field(None, gt=0)
    provided_data: ProvidedData
    extra: Extra = Extra()


class CommonEvaluate(LenientModel):
    """A request."""

    id: int | str = 0
    completion: str
    config: Config

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        return max(self.config.extra.total_timeout - MARGIN_S, MARGIN_S)

    def to_batch(self) -> dict[str, Any]:
        """The batch of the request, with one item.

        Raises:
            RequestError: the tests are none, or the language is unknown.
        """
        every = self.config.extra.run_all_cases
        reward = {
            "type": "code",
            "scoring": "pass_rate" if every else "all_or_nothing",
            "stop_on_first_failure": not every,
            "language": language_of(self.config.language)[1],
            "limits": limits_of(self.config.run_timeout or DEFAULT_RUN_S),
            "tests": {"kind": "dataset", "format": "verl", "row": self._row()},
        }
        return {
            "detail": "outputs",
            "items": [{"id": "sample", "completion": self.completion, "rewards": [reward]}],
        }

    def _row(self) -> dict[str, Any]:
        cases = self.config.provided_data.test_cases
        if not cases.input:
            raise RequestError("there are no tests", path=_AT, hint='such as {"input": ["1"], "output": ["2"]}')
        if cases.type == "assert":
            tests: dict[str, Any] = {"assert_case": cases.input}
        elif cases.type == "function_call" and not cases.fn_name:
            raise RequestError("calls need the name of the function", path=f"{_AT}.fn_name")
        else:
            called = {"fn_name": cases.fn_name} if cases.type == "function_call" else {}
            tests = {"inputs": cases.input, "outputs": cases.output, **called}
        return {"ability": "code", "reward_model": {"ground_truth": tests}}

    def to_reply(self, result: ItemResult) -> dict[str, Any]:
        """The answer to the request."""
        every = self.config.extra.run_all_cases
        return eval_result(result, self.config.language, runs_all=every) | {"id": self.id}
