"""verl's own scorer with its client of SandboxFusion, 64 samples at a time. Prints the scores, as JSON."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from verl.utils.reward_score import default_compute_score

URL = os.environ["ASSAY_URL"] + "/run_code"
if os.environ.get("PLUGIN"):  # one request per sample, by what verl has found installed
    URL = URL.replace("http://", "assay://")
SEMAPHORE = threading.Semaphore(64)
STDIO = {"inputs": ["1\n", "2\n", "5\n", "7\n"], "outputs": ["2\n", "3\n", "6\n", "8\n"]}
CALLS = {"fn_name": "add", "inputs": ["1\n2", "[1]\n[2]"], "outputs": ["3", "[1, 2]"]}
ASSERTS = {"assert_case": ["assert add(1, 2) == 3", "assert add(2, 2) == 4"]}
RIGHT = "print(int(input()) + 1)"
ADD = "def add(a, b):\n    return a + b"
SAMPLES = {
    "right": (RIGHT, STDIO),
    "half right": ("n = int(input())\nprint(n + 1 if n < 5 else 0)", STDIO),
    "wrong": ("print(0)", STDIO),
    "raises": ("1 / 0", STDIO),
    "no program": ("def", STDIO),
    "right call": (ADD, CALLS),
    "method": ("class Solution:\n    def add(self, a, b):\n        return a + b", CALLS),
    "wrong call": ("def add(a, b):\n    return a", CALLS),
    "right assertions": (ADD, ASSERTS),
    "wrong assertions": ("def add(a, b):\n    return 3", ASSERTS),
}


def score(code: str, tests: object) -> float:
    completion = f"Let me think.\n```python\n{code}\n```"
    truth = json.dumps(tests)
    return default_compute_score(
        "codecontests",
        completion,
        truth,
        sandbox_fusion_url=URL,
        concurrent_semaphore=SEMAPHORE,
        memory_limit_mb=512,
    )


if os.environ.get("ONLY_RIGHT"):
    began = time.monotonic()
    print(json.dumps({"score": score(RIGHT, STDIO), "seconds": time.monotonic() - began}))
else:
    with ThreadPoolExecutor(64) as pool:
        alone = {name: pool.submit(score, *sample) for name, sample in SAMPLES.items()}
        crowd = [pool.submit(score, f"print(int(input()) + {n % 2})", STDIO) for n in range(64)]
        print(
            json.dumps(
                {
                    "scores": {name: future.result() for name, future in alone.items()},
                    "crowd": [future.result() for future in crowd],
                }
            )
        )
