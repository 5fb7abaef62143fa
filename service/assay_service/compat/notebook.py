"""Cells of a notebook as one program, which runs them in order in one namespace and writes what came of each.

The program is the text of `notebook_program.py` with the cells behind it; what it writes is a file that is fetched.
"""

import base64
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from assay.contract import TestResult

__all__ = ["RESULTS_FILE", "cells_of", "notebook_source"]

RESULTS_FILE: Final = ".assay-cells.json"


def notebook_source(cells: list[str], cell_timeout_s: float = 0.0) -> str:
    """The program that runs the cells.

    Arguments:
        cells: their sources.
        cell_timeout_s: how long each may take, in seconds; 0 for as long as the program may.
    """
    asked = json.dumps({"cells": cells, "cell_timeout_s": cell_timeout_s, "file": RESULTS_FILE})
    return f"{_program()}\n\n_run({asked!r})\n"


@cache
def _program() -> str:
    return files("assay_service.compat").joinpath("notebook_program.py").read_text(encoding="utf-8")


def cells_of(test: TestResult) -> list[dict[str, Any]]:
    """What came of each cell, as far as the program came: `stdout`, `stderr`, `display` and `error`."""
    content = base64.b64decode((test.files or {}).get(RESULTS_FILE, ""))
    try:
        cells = json.loads(content)
    except ValueError:  # it was ended while it wrote, or wrote the file itself
        return []
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
