"""The `run` reward: what a program printed and left comes back whole, and nothing is judged."""

import base64
from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Item, TestResult, Verdict
from assay_workers.port import Grader


def _component(grader: Grader, code: str, **spec: Any) -> ComponentResult:
    item = {"id": "1", "code": code, "rewards": [{"type": "run", **spec}]}
    (component,) = grader.grade(Item.model_validate(item), 0, Detail.NONE).components
    return component


def _run(grader: Grader, code: str, **spec: Any) -> TestResult:
    component = _component(grader, code, **spec)
    assert component.error is None
    assert component.tests is not None
    (test,) = component.tests
    assert component.score == float(test.verdict is Verdict.ACCEPTED)
    return test


def _decoded(test: TestResult) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in (test.files or {}).items()}


def test_outputs_come_back_whole(grader: Grader) -> None:
    code = "import sys; print(input().upper(), *sys.argv[1:]); print('x' * 300_000); print('e', file=sys.stderr)"
    test = _run(grader, code, stdin="abc\n", args=["1", "2"])
    assert (test.verdict, test.exit_code, test.stderr) == (Verdict.ACCEPTED, 0, "e\n")
    assert test.stdout == "ABC 1 2\n" + "x" * 300_000 + "\n"
    assert test.cpu_ms is not None
    assert test.files == {}


@pytest.mark.parametrize(
    ("code", "verdict", "exit_code", "signal"),
    [
        ("raise SystemExit(3)", Verdict.RUNTIME_ERROR, 3, None),
        ("1 / 0", Verdict.RUNTIME_ERROR, 1, None),
        ("import os; os.abort()", Verdict.RUNTIME_ERROR, None, "SIGABRT"),
        ("while True: pass", Verdict.TIME_LIMIT, None, "SIGKILL"),
        ("x = bytearray(1 << 30)", Verdict.MEMORY_LIMIT, 1, None),
        ("def", Verdict.COMPILE_ERROR, 1, None),
    ],
)
def test_however_it_ends_it_says_how(
    grader: Grader, code: str, verdict: Verdict, exit_code: int | None, signal: str | None
) -> None:
    test = _run(grader, code, limits={"cpu_s": 1, "memory_mb": 256})
    assert (test.verdict, test.exit_code, test.signal) == (verdict, exit_code, signal)


def test_files_go_in_and_come_out(grader: Grader) -> None:
    code = """
import os, shutil
data = open('in/data.bin', 'rb').read()
open('out/copy.bin', 'wb').write(data[::-1])
open('notes.txt', 'a').write('more')
print(sorted(os.listdir('.')))
"""
    files = {"in/data.bin": base64.b64encode(bytes(range(256))).decode(), "notes.txt": "c29tZSA="}
    test = _run(grader, code, files=files, fetch=["out/copy.bin", "notes.txt", "absent.txt"])
    assert test.stdout == "['absent.txt', 'in', 'main.py', 'notes.txt', 'out']\n"
    expected = {"out/copy.bin": bytes(range(256))[::-1], "notes.txt": b"some more", "absent.txt": b""}
    assert _decoded(test) == expected


def test_a_compiled_program_finds_and_leaves_files(grader: Grader) -> None:
    code = """#include "lib/answer.h"
#include <fstream>
int main() { std::ofstream("out.txt") << ANSWER; return 7; }"""
    header = base64.b64encode(b"#define ANSWER 42\n").decode()
    test = _run(grader, code, language="cpp", files={"lib/answer.h": header}, fetch=["out.txt"])
    assert (test.exit_code, _decoded(test)) == (7, {"out.txt": b"42"})


def test_what_leads_elsewhere_is_not_followed(grader: Grader) -> None:
    code = "import os; os.unlink('out.txt'); os.symlink('/etc/passwd', 'out.txt')"
    assert _decoded(_run(grader, code, fetch=["out.txt"])) == {"out.txt": b""}


def test_files_share_the_limit_of_outputs(grader: Grader) -> None:
    code = "for name in 'ab': open(name, 'wb').write(bytes(700 << 10))"
    test = _run(grader, code, fetch=["a", "b"], limits={"output_kb": 1024})
    assert test.verdict is Verdict.OUTPUT_LIMIT
    assert sum(map(len, _decoded(test).values())) == 1 << 20


def test_a_program_is_taken_from_a_completion(grader: Grader) -> None:
    item = {"id": "1", "completion": "So:\n```python\nprint(6 * 7)\n```", "rewards": [{"type": "run"}]}
    (component,) = grader.grade(Item.model_validate(item), 0, Detail.NONE).components
    assert component.tests is not None
    assert component.tests[0].stdout == "42\n"
    none = {"id": "1", "completion": "No.", "rewards": [{"type": "run"}]}
    (component,) = grader.grade(Item.model_validate(none), 0, Detail.NONE).components
    assert (component.score, component.verdict) == (0.0, Verdict.NO_CODE)


def test_the_programs_own_file_is_no_folder(grader: Grader) -> None:
    component = _component(grader, "", fetch=["main.py/out"])
    assert component.error is not None
    assert "cannot be the folder of 'main.py/out'" in component.error.message


def test_the_program_of_no_known_language_is_refused(grader: Grader) -> None:
    component = _component(grader, "", language="klingon")
    assert component.error is not None
    assert component.error.code == "unknown_language"
