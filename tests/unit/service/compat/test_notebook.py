"""Cells as one program, run here by a plain Python: what each printed, showed and raised."""

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.contract import TestResult, Verdict
from assay_service.compat.notebook import RESULTS_FILE, cells_of, notebook_source


def run(folder: Path, *cells: str, timeout_s: float = 0.0) -> list[dict[str, Any]]:
    source = notebook_source(list(cells), timeout_s)
    ended = subprocess.run([sys.executable, "-c", source], cwd=folder, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    content = base64.b64encode((folder / RESULTS_FILE).read_bytes()).decode()
    return cells_of(TestResult(verdict=Verdict.ACCEPTED, files={RESULTS_FILE: content}))


def test_cells_share_a_namespace_and_show_their_last_value(tmp_path: Path) -> None:
    cells = run(tmp_path, "a = 41", "a + 1", "print(a)", "a;", "None", "_ * 2")
    assert [cell["display"] for cell in cells] == [[], [{"text/plain": "42"}], [], [], [], [{"text/plain": "84"}]]
    assert [cell["stdout"] for cell in cells] == ["", "", "41\n", "", "", ""]
    assert all(cell["error"] == [] and cell["stderr"] == "" for cell in cells)


def test_a_cell_that_raises_says_so_and_the_next_one_runs(tmp_path: Path) -> None:
    cells = run(
        tmp_path, "print('so far')\nraise RuntimeError('why')", "import sys; print('x', file=sys.stderr)", "def"
    )
    (error,) = cells[0]["error"]
    assert (error["ename"], error["evalue"], cells[0]["stdout"]) == ("RuntimeError", "why", "so far\n")
    assert "raise RuntimeError('why')" in "".join(error["traceback"])
    assert "_run_cell" not in "".join(error["traceback"])
    assert cells[1]["stderr"] == "x\n"
    assert cells[2]["error"][0]["ename"] == "SyntaxError"


def test_a_cell_has_a_time_of_its_own(tmp_path: Path) -> None:
    cells = run(tmp_path, "while True: pass", "6 * 7", timeout_s=0.2)
    assert cells[0]["error"][0]["ename"] == "CellTimeoutError"
    assert cells[1]["display"] == [{"text/plain": "42"}]


def test_indented_cells_exits_and_classes_work_as_in_a_notebook(tmp_path: Path) -> None:
    cells = run(
        tmp_path,
        "    x = 1\n    x",
        "raise SystemExit(3)",
        "class A: pass",
        "A().__class__.__module__",
        "display(1, 2)",
    )
    assert cells[0]["display"] == [{"text/plain": "1"}]
    assert cells[1]["error"][0]["ename"] == "SystemExit"
    assert cells[3]["display"] == [{"text/plain": "'__main__'"}]
    assert cells[4]["display"] == [{"text/plain": "1"}, {"text/plain": "2"}]


def test_what_is_pickled_in_one_cell_is_known_in_another(tmp_path: Path) -> None:
    cells = run(tmp_path, "import pickle\nclass P:\n    x = 42", "pickle.loads(pickle.dumps(P())).x")
    assert cells[1]["display"] == [{"text/plain": "42"}]


def test_a_rich_value_is_shown_richly(tmp_path: Path) -> None:
    cells = run(
        tmp_path, "class T:\n  def __repr__(self): return 'T'\n  def _repr_html_(self): return '<b>T</b>'", "T()"
    )
    assert cells[1]["display"] == [{"text/plain": "T", "text/html": "<b>T</b>"}]


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"\xff", b'[1, "x"]'])
def test_what_is_no_list_of_cells_is_none(content: bytes) -> None:
    files = {RESULTS_FILE: base64.b64encode(content).decode()}
    assert cells_of(TestResult(verdict=Verdict.ACCEPTED, files=files)) == []
    assert cells_of(TestResult(verdict=Verdict.ACCEPTED)) == []
