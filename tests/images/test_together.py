"""Python tests in the program's own process, in containers, with what the image has and a jail may not."""

from typing import Any

import pytest

from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

_FRAMES = """
import unittest
import pandas as pd
class TestCases(unittest.TestCase):
    def test_totals(self):
        frame = pd.DataFrame({"name": ["a", "b", "a"], "value": [1, 2, 3]})
        result = task_func(frame)
        self.assertIsInstance(result, pd.DataFrame)
        self.assertListEqual(list(result.columns), ["name", "total"])
        pd.testing.assert_frame_equal(result, pd.DataFrame({"name": ["a", "b"], "total": [4, 2]}))
    def test_empty(self):
        with self.assertRaises(ValueError):
            task_func(pd.DataFrame())
"""
_TOTALS = """
import pandas as pd
def task_func(frame):
    if frame.empty: raise ValueError("empty")
    return frame.groupby("name", as_index=False)["value"].sum().rename(columns={"value": "total"})
"""
_SUITE = """
from unittest import mock
import solution
def test_patched():
    with mock.patch("solution.task_func", return_value=3): assert solution.twice(1) == 6
"""
_TWICE = "def task_func(x): return x\ndef twice(x): return 2 * task_func(x)"


def _item(name: str, code: str, suite: dict[str, Any]) -> dict[str, Any]:
    spec = {"type": "code", "tests": {"allow_in_process": True, **suite}, "limits": {"cpu_s": 20, "wall_s": 60}}
    return {"id": name, "code": code, "rewards": [spec]}


def test_data_frames_and_patches_are_judged_in_containers(docker_assay: RunningAssay) -> None:
    frames = {"kind": "script", "source": _FRAMES, "entry_point": "task_func"}
    suite = {"kind": "pytest", "files": {"test_solution.py": _SUITE}}
    items = [
        _item("frames", _TOTALS, frames),
        _item("wrong frames", _TOTALS.replace("sum()", "max()"), frames),
        _item("no frames", "import os; os._exit(0)", frames),
        _item("patches", _TWICE, suite),
        _item("wrong patches", _TWICE.replace("2 *", "3 *"), suite),
        _item("no patches", "import os; os._exit(0)", suite),
    ]
    results = docker_assay.grade(items)["results"]
    assert {result["id"]: result["reward"] for result in results} == {
        item["id"]: float(item["id"] in ("frames", "patches")) for item in items
    }
    components = [component for result in results for component in result["components"]]
    assert {(component["integrity"], *component["flags"]) for component in components} == {("in_process",)}
