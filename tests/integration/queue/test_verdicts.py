"""Verdicts by content, on a real server: kept within bounds, and waited for while somebody runs."""

import threading

import pytest
import redis

from assay.contract import ComponentResult
from assay.queue.embedded import EmbeddedValkey
from assay.queue.keys import Keys
from assay.queue.verdicts import Recalled, Verdicts
from assay.settings import Settings
from assay_workers.memory import TenantMemory
from assay_workers.sandbox.abandonment import Abandoned, while_wanted

NOTHING = Recalled(None, runs=False)
RUNS = Recalled(None, runs=True)
RESULT = ComponentResult(type="code", score=1.0, weight=1.0)


@pytest.fixture
def verdicts(redis_client: redis.Redis, queue_settings: Settings) -> Verdicts:
    return Verdicts(redis_client, queue_settings.model_copy(update={"max_verdicts_mb": 1}))


def test_who_asks_first_is_to_run_and_others_are_told(verdicts: Verdicts) -> None:
    assert verdicts.recall("a", "x") == NOTHING
    assert verdicts.recall("a", "x") == RUNS
    assert verdicts.recall("a", "y") == NOTHING
    verdicts.remember("a", "x", b"verdict")
    assert verdicts.recall("a", "x") == Recalled(b"verdict", runs=False)


def test_a_tenant_knows_nothing_of_anothers(verdicts: Verdicts) -> None:
    verdicts.remember("a", "x", b"verdict")
    assert verdicts.recall("b", "x") == NOTHING


def test_what_varies_is_waited_for_by_nobody(verdicts: Verdicts) -> None:
    verdicts.recall("a", "x")
    verdicts.vary("a", "x")
    assert [verdicts.recall("a", "x") for _ in range(3)] == [NOTHING] * 3


def test_the_oldest_make_room(verdicts: Verdicts, redis_client: redis.Redis, queue_settings: Settings) -> None:
    for number in range(30):
        verdicts.remember("a", f"{number:02}", b"x" * 50_000)
    kept = [number for number in range(30) if verdicts.recall("a", f"{number:02}").verdict]
    assert len(kept) == (1 << 20) // 50_000
    _, _, ages, size = Keys(queue_settings.queue_name).verdict("a", "x")
    assert redis_client.get(size) == str(len(kept) * 50_000).encode()
    assert redis_client.zcard(ages) == len(kept)


def test_everything_is_forgotten_in_time(
    verdicts: Verdicts, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    verdicts.remember("a", "x", b"verdict")
    verdicts.recall("a", "y")
    verdicts.vary("a", "z")
    keys = redis_client.keys(f"{queue_settings.queue_name}:*")
    assert isinstance(keys, list)
    assert len(keys) == 5
    assert all(0 < redis_client.ttl(key) <= queue_settings.verdict_ttl_s for key in keys)


def test_a_second_run_waits_for_the_first(verdicts: Verdicts) -> None:
    memory = TenantMemory(verdicts, "a")
    assert memory.recall("x") is None
    found: list[ComponentResult | None] = []
    other = threading.Thread(target=lambda: found.append(TenantMemory(verdicts, "a").recall("x")))
    other.start()
    other.join(0.2)
    assert other.is_alive(), "it waits"
    memory.remember("x", RESULT)
    other.join(5)
    assert found == [RESULT]


def test_nobody_waits_for_ever(verdicts: Verdicts) -> None:
    waited: list[float] = []
    memory = TenantMemory(verdicts, "a", sleep=waited.append)
    memory.recall("x")
    assert memory.recall("x") is None
    assert sum(waited) == pytest.approx(10, abs=0.1)


def test_a_wait_ends_when_nobody_wants_the_outcome(verdicts: Verdicts) -> None:
    memory = TenantMemory(verdicts, "a")
    memory.recall("x")
    with pytest.raises(Abandoned), while_wanted(lambda: False):
        memory.recall("x")


def test_a_redis_that_is_away_costs_a_run_and_no_item(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("away")
    with EmbeddedValkey(folder) as server:
        url = server.url
    client = redis.Redis.from_url(url)
    memory = TenantMemory(Verdicts(client, Settings(redis_url=url)), "a")
    assert memory.recall("x") is None
    memory.remember("x", RESULT)
