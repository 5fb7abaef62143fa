"""Whether an examiner can run test code is read from the test code alone, and in doubt it cannot."""

import ast

import pytest

from assay.contract import ScriptSuite
from assay_workers.graders.isolation import find_obstacle
from assay_workers.graders.script import script_obstacle

_PLAIN = """
import math, unittest
from collections import Counter
class TestCases(unittest.TestCase):
    def test_a(self):
        self.assertEqual(f([1, 2], key="a"), {"x": Counter("ab")})
        with self.assertRaises(ValueError):
            f(None)
        self.assertAlmostEqual(f(2), math.pi, delta=0.1)
        self.assertIsInstance(f(1), dict)
"""


def test_calls_with_plain_values_need_no_process_of_the_programs() -> None:
    assert find_obstacle(ast.parse(_PLAIN), {"f"}) is None


@pytest.mark.parametrize(
    ("line", "what", "patches"),
    [
        ("from unittest.mock import patch", "mocks", True),
        ("from unittest import mock", "mocks", True),
        ("import unittest.mock", "mocks", True),
        ("def test_x(monkeypatch): pass", "monkeypatch", True),
        ("f.rate = 1", "attributes", True),
        ("import tempfile", "'tempfile'", False),
        ("import pandas as pd", "'pandas'", False),
        ("from os import path", "'os'", False),
        ("import random", "'random'", False),
        ("def test_x(tmp_path, capsys): pass", "capsys, tmp_path", False),
        ("class Mine(f.Base): pass", "inherits", False),
        ("assert f(lambda x: x) == 1", "code or objects", False),
        ("def g(): pass\nassert f(1, key=g)", "code or objects", False),
        ("class G: pass\nassert f([G()])", "code or objects", False),
        ("with self.assertLogs('x'): f()", "assertLogs", False),
        ("open('x')", "open", False),
    ],
)
def test_what_needs_it_is_named_with_its_line(line: str, what: str, patches: bool) -> None:
    found = find_obstacle(ast.parse(f"{_PLAIN}{line}"), {"f"})
    assert found is not None
    assert (what in found.what, found.patches) == (True, patches)
    assert found.line > len(_PLAIN.splitlines()) - 1


def test_modules_of_the_suite_are_no_obstacle_and_a_patch_goes_first() -> None:
    tests = ast.parse("import solution, helper, os\nfrom unittest import mock")
    found = find_obstacle(tests, {"solution"}, ["solution", "helper"])
    assert found is not None
    assert found.patches
    assert find_obstacle(ast.parse("import solution, helper"), {"solution"}, ["solution", "helper"]) is None


@pytest.mark.parametrize(
    ("source", "prompt", "what"),
    [
        ("assert g(1) == 2", "def f(): pass", None),
        ("assert f(1) == 2", "import pandas as pd\ndef f(): pass", None),
        ("assert f(pd.DataFrame()) == 2", "import pandas as pd\ndef f(): pass", "imports 'pandas'"),
        ("assert f(np.array([1])) == 2", "", "uses 'np', which it does not import"),
        ("assert f().x == 2", "", None),
    ],
)
def test_what_a_script_uses_of_the_prompt_or_of_the_program_counts(
    source: str, prompt: str, what: str | None
) -> None:
    found = script_obstacle(ScriptSuite(kind="script", source=source, entry_point="f", prompt=prompt))
    assert (found and found.what) == what
