import json
import threading
import time
from collections import Counter
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.audit.corpus import AuditProgram, ProgramKind
from assay.audit.rounds import Round, in_flight, order_of, send
from assay.client import Client


def program(name: str, kind: ProgramKind = ProgramKind.ATTACK, pair: str | None = None) -> AuditProgram:
    item = {"code": name, "rewards": []}
    return AuditProgram(name, kind, "c", "python", "stdio", item, 0.0, 0.0, frozenset({"wrong_answer"}), "", pair)


PROGRAMS = [
    program("reader", ProgramKind.PROBE),
    program("writer", pair="reader"),
    program("other"),
    program("ok", ProgramKind.BENIGN),
    program("lonely", ProgramKind.PROBE),
]


def names(programs: list[AuditProgram]) -> list[str]:
    return [each.id for each in programs]


def test_alone_honest_programs_go_first_and_readers_right_after_their_writers() -> None:
    assert names(order_of(Round.ALONE, PROGRAMS, 0)) == ["ok", "writer", "reader", "other", "lonely"]


@given(st.integers(), st.sampled_from([Round.TOGETHER, Round.OVERSUBSCRIBED]))
def test_otherwise_the_order_follows_from_the_seed_and_honest_programs_go_twice(seed: int, kind: Round) -> None:
    order = names(order_of(kind, PROGRAMS, seed))
    assert Counter(order) == Counter(names(PROGRAMS)) + Counter(["ok"])
    assert order == names(order_of(kind, PROGRAMS, seed))


def test_another_seed_is_another_order() -> None:
    assert len({tuple(names(order_of(Round.TOGETHER, PROGRAMS, seed))) for seed in range(9)}) > 1


def test_oversubscribed_are_four_programs_for_each_core() -> None:
    assert [in_flight(kind, 3) for kind in Round] == [1, 4, 12]


class Service:
    """Answers every batch of one item with reward 0, or an error, and counts how many it has in hand."""

    def __init__(self, error: str = "") -> None:
        self.error = error
        self.most = 0
        self._now = 0
        self._names: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return self._admit(json.loads(request.content)["items"])
        time.sleep(0.02)
        with self._lock:
            self._now -= 1
        return httpx.Response(200, json=self._answer(request.url.path.rpartition("/")[2]))

    def _admit(self, items: list[dict[str, Any]]) -> httpx.Response:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self._names.append(items[0]["id"])
            batch = {"id": str(len(self._names) - 1), "status": "running", "total": len(items), "done": 0}
        return httpx.Response(202, json=batch)

    def _answer(self, batch: str) -> dict[str, Any]:
        error = {"code": self.error, "message": "", "retryable": False} if self.error else None
        reward = None if error else 0.0
        result = {"id": self._names[int(batch)], "index": 0, "reward": reward, "error": error, "components": []}
        return {"id": batch, "status": "finished", "total": 1, "done": 1, "results": [result]}


@pytest.mark.parametrize("flight", [1, 3])
def test_so_many_are_in_flight_and_findings_come_in_order(flight: int) -> None:
    service = Service()
    with Client(transport=httpx.MockTransport(service)) as client:
        found = list(send(client, PROGRAMS, flight))
    assert service.most == flight
    assert [each.result.id for each in found] == [f"{name}#{place}" for place, name in enumerate(names(PROGRAMS))]
    assert all(each.served and not each.complaints for each in found)


def test_what_the_service_does_not_offer_is_not_complained_of() -> None:
    with Client(transport=httpx.MockTransport(Service("unknown_language"))) as client:
        (finding,) = send(client, PROGRAMS[:1], 1)
    assert (finding.served, finding.complaints) == (False, ())


def test_a_service_that_gives_no_reward_is_complained_of() -> None:
    with Client(transport=httpx.MockTransport(Service("internal"))) as client:
        (finding,) = send(client, PROGRAMS[:1], 1)
    assert (finding.served, finding.complaints) == (True, ("null instead of a reward (internal)",))
