"""What clients do while things break: they submit batches, follow them through whichever service is there, and note
what they were told."""

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx

from assay.client import Client, RetryPolicy
from assay.contract import ItemResult
from assay.errors import AssayError
from tests.faults.checker import Answer, BatchHistory

__all__ = ["TEMPLATES", "ClientLog", "answer_of", "run_client"]

PATIENT: Final = RetryPolicy(attempts=60, first_s=0.1, most_s=1.0)
PATIENCE_S: Final = 240.0
"""A batch that has not ended so long after the last fault is lost."""
DEADLINE_S: Final = 0.5


def _code(source: str, cases: Sequence[tuple[str, str]], **limits: float) -> dict[str, Any]:
    tests = {"kind": "stdio", "cases": [{"stdin": given, "expected": wanted} for given, wanted in cases]}
    return {"code": source, "rewards": [{"type": "code", "tests": tests, "limits": {"cpu_s": 5, **limits}}]}


def _accuracy(answer: str) -> dict[str, Any]:
    return {"completion": f"So it is \\boxed{{{answer}}}", "rewards": [{"type": "accuracy", "gold": "3/4"}]}


_DOUBLE: Final = [(f"{number}\n", f"{2 * number}\n") for number in range(4)]
_PROGRAMS: Final = (
    _code("print(2 * int(input()))", _DOUBLE),
    _code("n = int(input())\nprint(2 * n if n < 2 else n)", _DOUBLE),
    _code("raise SystemExit(3)", _DOUBLE),
    _code("while True: pass", _DOUBLE[:1], cpu_s=0.2),
    _code("import time\ntime.sleep(0.15)\nprint(2 * int(input()))", _DOUBLE[:2]),
    _code("x = bytearray(100 << 20)\nprint(2 * int(input()))", _DOUBLE, memory_mb=64),
    _code("print('9' * int(input()))", [("50000\n", "9" * 50000 + "\n")]),
)
_TEXTS: Final = (
    _accuracy("0.75"),
    _accuracy("0.5"),
    {"completion": "<think>a</think><answer>b</answer>", "rewards": [{"type": "format"}]},
    {"completion": "no tags", "rewards": [{"type": "format"}]},
)
TEMPLATES: Final[dict[str, list[dict[str, Any]]]] = {
    "mixed": [{**item, "id": f"m{place}"} for place, item in enumerate([*_PROGRAMS, *_TEXTS] * 2)],
    "texts": [{**item, "id": f"t{place}"} for place, item in enumerate([*_TEXTS] * 10)],
    "small": [{**_PROGRAMS[0], "id": "s0"}],
    "long": [{**_PROGRAMS[place % len(_PROGRAMS)], "id": f"l{place}"} for place in range(60)],
}
"""The kinds of batches. What each item earns is known from a run without faults."""


class ClientLog:
    """What the clients noted, from all their threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.batches: list[BatchHistory] = []
        self.refused: list[str] = []
        """Codes of submissions that were refused, which is no loss: the client was told."""
        self.lost: list[str] = []
        """What a client gave up on although it was admitted."""

    def add(self, batch: BatchHistory) -> None:
        """Notes a batch that has ended."""
        with self._lock:
            self.batches.append(batch)


def answer_of(result: ItemResult) -> Answer:
    """A result as the checker reads it."""
    error = None if result.error is None else result.error.code
    return Answer(result.index, result.reward, error, result.model_dump_json(), result.attempts)


def run_client(urls: Sequence[str], log: ClientLog, is_over: Callable[[], bool], seed: int) -> None:
    """Submits batch after batch until it is over, and sees each to its end.

    Arguments:
        urls: the services; every step of a conversation goes to any of them.
        log: where to note what came of it.
        is_over: asked before each batch.
        seed: of the client's choices.
    """
    choices = random.Random(seed)
    while not is_over():
        template = choices.choice(list(TEMPLATES))
        way = choices.choice(["stream", "stream", "stream", "cancel", "deadline", "hang up"])
        if way == "hang up":
            _hang_up(choices.choice(urls), template)
            continue
        try:
            with Client(choices.choice(urls), retry=PATIENT) as client:
                deadline_s = DEADLINE_S if way == "deadline" else None
                batch_id = client.submit(TEMPLATES[template], detail="verdicts", deadline_s=deadline_s)
        except AssayError as error:
            log.refused.append(error.code)
            continue
        try:
            log.add(_follow(batch_id, template, way, urls, choices))
        except (AssayError, TimeoutError) as error:
            log.lost.append(f"{batch_id} ({template}, {way}): {error!r}")


def _follow(batch_id: str, template: str, way: str, urls: Sequence[str], choices: random.Random) -> BatchHistory:
    streamed: list[Answer] = []
    end_s = time.monotonic() + PATIENCE_S
    cancel_at = choices.randrange(len(TEMPLATES[template])) if way == "cancel" else None
    was_cancelled = False
    while True:
        try:
            with Client(choices.choice(urls), retry=PATIENT) as client:
                if cancel_at is not None and not was_cancelled and len(streamed) >= cancel_at:
                    client.cancel(batch_id)
                    was_cancelled = True
                for result in client.stream(batch_id, start=len(streamed)):
                    streamed.append(answer_of(result))
                    if cancel_at is not None and not was_cancelled and len(streamed) >= cancel_at:
                        break
                else:
                    break
        except AssayError:  # this service is gone for now: resume at another
            if time.monotonic() > end_s:
                raise
    with Client(choices.choice(urls), retry=PATIENT) as client:
        final = client.wait(batch_id, timeout_s=PATIENCE_S)
    allowed = {"cancel": {"cancelled"}, "deadline": {"deadline_exceeded"}}.get(way, set())
    return BatchHistory(
        batch_id,
        template,
        tuple(streamed),
        tuple(answer_of(result) for result in final.results or ()),
        frozenset(allowed),
    )


def _hang_up(url: str, template: str) -> None:
    """A caller without an idempotency key who does not wait for the answer."""
    body = json.dumps({"items": TEMPLATES[template]})
    try:
        httpx.post(f"{url}/v1/rewards", content=body, headers={"Content-Type": "application/json"}, timeout=0.3)
    except httpx.TransportError:
        return
