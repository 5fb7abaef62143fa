"""What verl loads by itself where Assay is installed: its sandbox address may then be ``assay://host:port``.

With `reward.sandbox_fusion.url=assay://host:8000` (`assays://` for TLS) verl's default scorer asks for a sample in
one request with all its tests, instead of one request per test, and tests of functions run apart from the program.
Other addresses are verl's own affair. All tests count; of them verl's client looks at the first ten.

Source: verl 0.9 `verl/__init__.py` (the entry points `verl.plugins`) and `utils/reward_score/sandbox_fusion`.
"""

import json
import re
from typing import Any, Final

from verl.utils.reward_score import sandbox_fusion

from assay.trainers.asking import spec_of_truth
from assay.trainers.collecting import grade_alone, reward_of

__all__ = ["compute_score"]

_SCHEMES: Final = {"assay://": "http://", "assays://": "https://"}
_verls_own: Final = sandbox_fusion.compute_score


def compute_score(
    sandbox_fusion_url: str,
    concurrent_semaphore: Any,
    memory_limit_mb: int | None,
    completion: str,
    test_cases: Any,
    continuous: bool = False,
    timeout: float = 10,
) -> tuple[float, list[dict[str, Any]]]:
    """The share of tests that a completion's program passes, and what came of each test.

    Arguments and result are those of verl's function, which is called for addresses that are not ours.

    Raises:
        AssayError: the sample cannot be judged; the service was waited for.
    """
    url = _url_of(sandbox_fusion_url)
    if url is None:
        found: tuple[float, list[dict[str, Any]]] = _verls_own(
            sandbox_fusion_url, concurrent_semaphore, memory_limit_mb, completion, test_cases, continuous, timeout
        )
        return found
    (reward,) = spec_of_truth(_with_method(test_cases, completion))
    limits = {"cpu_s": timeout, **({"memory_mb": memory_limit_mb} if memory_limit_mb else {})}
    item = {"id": "sample", "completion": completion, "rewards": [{**reward, "limits": limits}]}
    result = grade_alone(item, url, "verdicts")
    score = reward_of(result)
    tests = result.components[0].tests or ()
    return score, [{"status": test.verdict.value, "duration": (test.wall_ms or 0.0) / 1000} for test in tests]


def _with_method(test_cases: Any, completion: str) -> Any:
    """The tests; of the method where the program has the function in a class `Solution`, as verl finds it."""
    tests = json.loads(test_cases) if isinstance(test_cases, str) else test_cases
    name = tests.get("fn_name") if isinstance(tests, dict) else None
    if (
        not isinstance(name, str)
        or "." in name
        or re.search(rf"^def {re.escape(name)}\b", completion, re.MULTILINE)
    ):
        return tests
    is_method = re.search(r"^class Solution\b", completion, re.MULTILINE)
    return {**tests, "fn_name": f"Solution.{name}"} if is_method else tests


def _url_of(address: str) -> str | None:
    for scheme, ours in _SCHEMES.items():
        if address.startswith(scheme):
            return ours + address.removeprefix(scheme).removesuffix("/run_code").rstrip("/")
    return None


sandbox_fusion.compute_score = compute_score
