"""The `sandbox-fusion` package, as its users call it. Prints what it made of the answers, as JSON."""

import base64
import json
import os
import sys

from sandbox_fusion import (
    RunCodeRequest,
    RunJupyterRequest,
    SubmitRequest,
    SummaryMapping,
    TestConfig,
    run_code,
    run_concurrent,
    run_jupyter,
    set_endpoint,
    submit,
    summary_run_code_result,
)

set_endpoint(os.environ["ASSAY_URL"] + sys.argv[1])
SUMMARY = SummaryMapping(
    Success="success",
    Failed="failed",
    CompileFailed="compile failed",
    CompileTimeout="compile timeout",
    RunFailed="run failed",
    RunTimeout="run timeout",
)
PROGRAMS = {
    "right": ("python", "print(int(input()) + 1)"),
    "raises": ("python", "1 / 0"),
    "no program": ("python", "def"),
    "endless": ("python", "while True: pass"),
    "compiled": ("cpp", "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << n + 1; }"),
    "does not compile": ("cpp", "int main() { return x; }"),
    "crashes": ("cpp", "int main() { *(volatile int*)0 = 1; }"),
}


def request(language: str, code: str, **more: object) -> RunCodeRequest:
    return RunCodeRequest(code=code, language=language, stdin="41\n", run_timeout=1, **more)


def summaries() -> dict[str, str]:
    return {
        name: summary_run_code_result(run_code(request(language, code)), SUMMARY)
        for name, (language, code) in PROGRAMS.items()
    }


def files() -> dict[str, str]:
    given = {"data/in.txt": base64.b64encode(b"abc").decode()}
    code = "open('out.txt', 'w').write(open('data/in.txt').read().upper())"
    found = run_code(request("python", code, files=given, fetch_files=["out.txt", "absent.txt"])).files
    return {name: base64.b64decode(content).decode() for name, content in found.items()}


def notebook() -> list[object]:
    answer = run_jupyter(RunJupyterRequest(cells=["a = 41", "a + 1", "print(a)", "raise KeyError(a)"]))
    return [[cell.stdout, cell.display, [error["ename"] for error in cell.error]] for cell in answer.cells]


def submissions() -> list[object]:
    problem = {"id": 1, "test": [{"input": {"stdin": str(n)}, "output": {"stdout": str(n + 1)}} for n in range(3)]}
    config = TestConfig(dataset_type="CommonOJDataset", provided_data=problem)
    found = []
    for code in ("print(int(input()) + 1)", "print(1)", "def"):
        completion = f"So:\n```python\n{code}\n```"
        answer = submit(SubmitRequest(dataset="mine", id=1, completion=completion, config=config))
        found.append([answer.accepted, [test.passed for test in answer.tests]])
    return found


def concurrent() -> list[str]:
    requests = [[request("python", f"print(int(input()) + {n})")] for n in range(64)]
    return [answer.run_result.stdout for answer in run_concurrent(run_code, args=requests, concurrency=64)]


print(
    json.dumps(
        {
            "summaries": summaries(),
            "files": files(),
            "notebook": notebook(),
            "submissions": submissions(),
            "concurrent": concurrent(),
        }
    )
)
