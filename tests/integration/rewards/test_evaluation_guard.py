r"""A completion's text is never compiled, and what honest answers need of sympy still works."""

import subprocess
import sys

import pytest

from assay_workers.rewards.verifier import MathVerifier

GOLD = r"$\{1,2\}$"
PAYLOAD = r"$\boxed{\{1,\sum_{n=0}^{\infty} \frac{\mathtt{ieuc[mark()]}^n}{n!}\}}$"
"""The name of the symbol is code that ends up in a function's body, `math{ieuc[mark()]}` without its braces."""


def _compare(guard: str) -> str:
    """What is printed where the payload is compared in a process with a function `mark`."""
    code = f"""
import builtins, sys
sys.modules["numpy"] = sys.modules["scipy"] = None  # as where a worker is installed
from assay_workers.rewards import accuracy
builtins.mark = lambda: print("ran", flush=True)
{guard}
try:
    accuracy.is_right(accuracy.read_gold({GOLD!r}), accuracy.read_completion({PAYLOAD!r}))
except Exception as error:  # sympy raises anything; what matters is whether the name was run
    print(type(error).__name__, file=sys.stderr)
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    ).stdout


def test_a_name_of_a_symbol_that_is_code_is_not_run() -> None:
    assert "ran" in _compare("")  # or this test would show nothing
    assert "ran" not in _compare(
        "from assay_workers.rewards.evaluation_guard import install_guard\ninstall_guard()"
    )


@pytest.mark.parametrize(
    ("gold", "completion"),
    [
        (r"$e$", r"$\boxed{\sum_{n=0}^{\infty} \frac{1}{n!}}$"),
        (r"$\frac{1}{2}$", r"\boxed{1/2}"),
        ("7", "the final answer is 3+4"),
        (r"$\frac{1}{3}$", r"$\boxed{\int_0^1 x^2 dx}$"),
        (r"$\{1, 2\}$", r"$\boxed{\{2, 1\}}$"),
    ],
)
def test_sums_integrals_sets_and_plain_expressions_are_still_compared(gold: str, completion: str) -> None:
    with MathVerifier(5.0, 1024) as verifier:
        assert verifier.verify(gold, completion).score == 1.0


def test_the_payload_is_a_wrong_answer_of_the_service_and_no_error() -> None:
    with MathVerifier(5.0, 1024) as verifier:
        assert verifier.verify(GOLD, PAYLOAD).score == 0.0
        assert verifier.verify("5", r"\boxed{5}").score == 1.0
