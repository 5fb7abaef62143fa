"""SandboxFusion's `/run_jupyter`: cells that share a namespace, each with its outputs.

There is no IPython in the sandbox: cells are plain Python, of which the value of the last expression is shown.
"""

from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, Verdict
from assay_service.compat.completions import require_test
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of
from assay_service.compat.notebook import RESULTS_FILE, cells_of, notebook_source
from assay_service.compat.sandbox_fusion.run_code import MARGIN_S, command_result

__all__ = ["RunJupyter"]

DEFAULT_TOTAL_S: Final = 45.0


class RunJupyter(LenientModel):
    """A request."""

    cells: list[str]
    cell_timeout: float = Field(0.0, ge=0)
    total_timeout: float = Field(DEFAULT_TOTAL_S, gt=0)
    memory_limit_MB: float | None = -1  # noqa: N815 - the contract's name
    files: dict[str, str | None] | None = None
    fetch_files: list[str] | None = None

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        return self.total_timeout + MARGIN_S

    def to_batch(self) -> dict[str, Any]:
        """The batch of the request, with one item."""
        spec = {
            "type": "run",
            "files": {name: content for name, content in (self.files or {}).items() if content is not None},
            "fetch": [RESULTS_FILE, *(self.fetch_files or [])],
            "limits": limits_of(self.total_timeout, self.memory_limit_MB),
        }
        source = notebook_source(self.cells, self.cell_timeout)
        return {"items": [{"id": "notebook", "code": source, "rewards": [spec]}]}

    def to_reply(self, result: ItemResult) -> dict[str, Any]:
        """The answer to the request.

        Raises:
            ServiceError: the result has no run in it.
        """
        _, test = require_test(result)
        ended_well = test.verdict is Verdict.ACCEPTED
        files = {name: text for name, text in (test.files or {}).items() if name != RESULTS_FILE and text}
        return {
            "status": "Success" if ended_well else "Failed",
            "message": "",
            "driver": command_result(test),
            "cells": cells_of(test),
            "executor_pod_name": None,
            "files": files,
        }
