import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import ItemError, ServiceError
from assay_workers.rewards.verifier import MathOutcome, MathVerifier
from tests.fixtures.corpora import load_corpus

TIMEOUT_S = 1.0
HANGING_ANSWERS = [
    r"\boxed{9^{9^{9^9}}}",
    r"\boxed{(10^{9})!}",
    r"\boxed{5!!!!!!}",
    r"\boxed{" + "{" * 500_000 + "}" * 500_000 + "}",
    r"\boxed{" + r"\frac{1}{" * 3_000 + "1" + "}" * 3_000 + "}",
    r"\boxed{" + "9" * 1_000_000 + "}",
]
HOSTILE_ANSWERS = [
    r"\boxed{__import__('os').system('exit')}",
    r"\boxed{\frac{1}{0}}",
    "$" * 100_000,
    " [ " * 50_000,
    "\ud800\x00" * 100,
    "",
]


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(TIMEOUT_S, 512) as verifier:
        yield verifier


def _child_pid(verifier: MathVerifier) -> int:
    assert verifier._child is not None
    return verifier._child.pid


@pytest.mark.parametrize(
    ("gold", "completion"),
    [
        ("420", r"The product is \(\boxed{420}\)."),
        ("1000", r"\boxed{1{,}000}"),
        ("3,250", r"\boxed{3250}"),
        ("#### 42", r"So it is $\boxed{42}$."),
        ("She has 3 * 14 = <<3*14=42>>42 apples.\n#### 42", "The answer is 42."),
        (r"$\frac{1}{2}$", r"\boxed{0.5}"),
        (r"\frac{63}{400}", r"\boxed{\frac{63}{400}}"),
        (r"12\frac{3}{5}", r"\boxed{\frac{63}{5}}"),
        ("2x + 3", r"\boxed{3 + 2x}"),
        (r"$\frac{1}{2}$", r"\boxed{\frac12}"),
        (r"\boxed{x \in [-2, 7]}", r"$\boxed{[-2,7]}$"),
        ("C", r"\boxed{C}"),
        ("7", r"So $\boxed{8}$. No, wait: $\boxed{7}$."),
    ],
)
def test_an_equal_answer_scores_one(verifier: MathVerifier, gold: str, completion: str) -> None:
    assert verifier.verify(gold, completion).score == 1.0


@pytest.mark.parametrize(
    ("gold", "completion"),
    [
        ("420", r"\boxed{421}"),
        ("420", "I do not know."),
        (r"12\frac{3}{5}", r"\boxed{\frac{3}{5}}"),
        ("2x + 3", r"\boxed{3}"),
        ("7", r"So $\boxed{7}$. No, wait: $\boxed{8}$."),
        ("7", r"\boxed{7} or \boxed{8}"),
        ("7", r"It could be 7. $\boxed{\text{unknown}}$"),
    ],
)
def test_another_answer_scores_zero(verifier: MathVerifier, gold: str, completion: str) -> None:
    assert verifier.verify(gold, completion).score == 0.0


def test_the_outcome_names_the_answer_that_was_found(verifier: MathVerifier) -> None:
    assert verifier.verify("1", r"\boxed{\frac{2}{2}}") == MathOutcome(1.0, r"\frac{2}{2}", None)


@pytest.mark.parametrize("completion", HANGING_ANSWERS, ids=range(len(HANGING_ANSWERS)))
def test_an_answer_that_hangs_scores_zero_in_bounded_time_and_harms_nobody(
    verifier: MathVerifier, completion: str
) -> None:
    verifier.verify("5", r"\boxed{5}")
    started_s = time.monotonic()
    outcome = verifier.verify("5", completion)
    assert time.monotonic() - started_s < TIMEOUT_S + 5  # one second suffices on an idle machine
    assert outcome == MathOutcome(0.0, None, "the answer took more CPU time than allowed")
    assert verifier.verify("5", r"\boxed{5}") == MathOutcome(1.0, "5", None)


@pytest.mark.parametrize("completion", HOSTILE_ANSWERS, ids=range(len(HOSTILE_ANSWERS)))
def test_a_hostile_answer_scores_zero_and_harms_nobody(verifier: MathVerifier, completion: str) -> None:
    assert verifier.verify("5", completion).score == 0.0
    assert verifier.verify("5", r"\boxed{5}").score == 1.0


@pytest.mark.parametrize("gold", ["hello world", "$$", " ", r"\boxed{}", "#### "])
def test_a_gold_answer_without_mathematics_is_an_error_and_no_score(verifier: MathVerifier, gold: str) -> None:
    with pytest.raises(ItemError) as caught:
        verifier.verify(gold, r"\boxed{5}")
    assert caught.value.code == "gold_unparseable"


@pytest.mark.parametrize(
    "gold", [r"9^{9^{9^9}}", "$" + "{" * 100_000 + "}" * 100_000 + "$"], ids=["tower", "braces"]
)
def test_a_gold_answer_that_hangs_is_an_error_and_no_score(verifier: MathVerifier, gold: str) -> None:
    with pytest.raises(ItemError) as caught:
        verifier.verify(gold, r"\boxed{5}")
    assert caught.value.code == "gold_unparseable"
    assert verifier.verify("5", r"\boxed{5}").score == 1.0


def test_a_child_killed_from_outside_costs_no_score(verifier: MathVerifier) -> None:
    assert verifier.verify("5", r"\boxed{5}").score == 1.0
    os.kill(_child_pid(verifier), signal.SIGKILL)
    assert verifier.verify("5", r"\boxed{5}").score == 1.0


def test_a_stopped_child_is_replaced_and_costs_no_score() -> None:
    with MathVerifier(0.1, 512) as verifier:
        assert verifier.verify("5", r"\boxed{5}").score == 1.0
        os.kill(_child_pid(verifier), signal.SIGSTOP)
        assert verifier.verify("5", r"\boxed{5}").score == 1.0


def test_the_child_is_warm_lazy_and_bare() -> None:
    with MathVerifier(TIMEOUT_S, 512) as verifier:
        assert verifier._child is None
        verifier.verify("5", r"\boxed{5}")
        child = Path(f"/proc/{_child_pid(verifier)}")
        assert (child / "environ").read_bytes().count(b"=") <= 1  # LC_CTYPE, which Python sets itself
        assert (child / "cwd").readlink() == Path("/")
        memory = "3"  # says how much it has
        assert sorted(path.name for path in (child / "fd").iterdir()) == ["0", "1", "2", memory]
        assert "Max file size             0 " in (child / "limits").read_text()
        verifier.verify("6", r"\boxed{5}")
        assert Path(f"/proc/{_child_pid(verifier)}") == child
    assert not child.exists()


def test_the_child_ends_when_its_parent_is_gone() -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.close(reader)
        verifier = MathVerifier(TIMEOUT_S, 512)
        verifier.verify("5", r"\boxed{5}")
        os.write(writer, str(_child_pid(verifier)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        child = Path(f"/proc/{int(pipe.read())}")
    os.waitpid(parent, 0)
    until_s = time.monotonic() + 10
    while child.exists() and "zombie" not in (child / "status").read_text() and time.monotonic() < until_s:
        time.sleep(0.05)
    assert not child.exists() or "zombie" in (child / "status").read_text()


def test_a_forked_process_gets_a_child_of_its_own(verifier: MathVerifier) -> None:
    verifier.verify("5", r"\boxed{5}")
    forked = os.fork()
    if forked == 0:
        score = verifier.verify("5", r"\boxed{5}").score
        verifier.close()
        os._exit(0 if score == 1.0 else 1)
    assert os.waitpid(forked, 0)[1] == 0
    assert verifier.verify("6", r"\boxed{6}").score == 1.0


def test_threads_share_a_verifier(verifier: MathVerifier) -> None:
    scores: dict[int, float] = {}

    def verify(number: int) -> None:
        scores[number] = verifier.verify(str(number), rf"\boxed{{{number % 4}}}").score

    threads = [threading.Thread(target=verify, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scores == {number: float(number < 4) for number in range(8)}


@pytest.mark.parametrize("interpreter", ["/bin/false", "/nowhere/python"])
def test_a_child_that_cannot_start_is_our_failure_and_no_score(
    interpreter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", interpreter)
    with MathVerifier(TIMEOUT_S, 512) as verifier, pytest.raises(ServiceError) as caught:
        verifier.verify("5", r"\boxed{5}")
    assert caught.value.code == "verifier_lost"


def test_open_r1_gives_the_same_scores_to_its_own_cases(verifier: MathVerifier) -> None:
    cases = [case for case in load_corpus("open_r1_format_cases") if case["function"] == "accuracy_reward"]
    assert cases
    for case in cases:
        completions = [messages[0]["content"] for messages in case["args"][0]]
        golds = case["args"][1]
        scores = [verifier.verify(gold, text).score for gold, text in zip(golds, completions, strict=True)]
        assert scores == case["expected"], case["id"]
