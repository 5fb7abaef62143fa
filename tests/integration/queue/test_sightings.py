"""Flags are counted by problem, on a real server."""

import pytest
import redis

from assay.contract import ComponentResult, Flag, Item, ItemResult
from assay.queue.async_ledger import AsyncLedger
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.sightings import Sighting, sighting_of
from assay.settings import Settings

pytestmark = pytest.mark.anyio

_FORGED = frozenset({Flag.FORGED})
_BOTH = frozenset({Flag.FORGED, Flag.UNREAD_INPUT})


@pytest.fixture
def worker(redis_client: redis.Redis, queue_settings: Settings) -> Ledger:
    return Ledger(redis_client, queue_settings)


def _item(group: str | None = None, gold: str = "1") -> Item:
    return Item.model_validate(
        {"id": "i", "group": group, "completion": "1", "rewards": [{"type": "accuracy", "gold": gold}]}
    )


def _result(*flags: Flag) -> ItemResult:
    part = ComponentResult(type="code", score=1.0, weight=1.0, flags=flags)
    return ItemResult(id="i", index=0, reward=1.0, components=(part,))


async def test_problems_with_the_most_flagged_results_come_first(service: AsyncLedger, worker: Ledger) -> None:
    worker.count_flags("a", "b1", [Sighting("p", "x", _FORGED), Sighting("q", "y", _BOTH)])
    worker.count_flags("a", "b2", [Sighting("q", "z", _FORGED)])
    first, second = (await service.flagged("a", 10)).problems
    assert (first.problem, first.items, first.flags) == ("q", 2, {Flag.FORGED: 2, Flag.UNREAD_INPUT: 1})
    assert (first.last_batch, first.last_item) == ("b2", "z")
    assert (second.problem, second.items) == ("p", 1)
    assert len((await service.flagged("a", 1)).problems) == 1


async def test_nothing_flagged_is_an_empty_report(service: AsyncLedger) -> None:
    assert (await service.flagged("a", 10)).problems == ()


async def test_counts_expire_and_leave_no_name_behind(
    service: AsyncLedger, worker: Ledger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    worker.count_flags("a", "b", [Sighting("p", "x", _FORGED)])
    keys = Keys(queue_settings.queue_name).flags_of("a")
    assert 0 < int(str(redis_client.ttl(keys.problem("p")))) <= queue_settings.result_ttl_s
    assert 0 < int(str(redis_client.ttl(keys.ranking))) <= queue_settings.result_ttl_s
    redis_client.delete(keys.problem("p"))
    assert (await service.flagged("a", 10)).problems == ()
    assert redis_client.zcard(keys.ranking) == 0


def test_a_problem_is_the_group_or_what_the_item_is_graded_by() -> None:
    assert sighting_of(_item("g"), _result(Flag.FORGED)) == Sighting("g", "i", _FORGED)
    one, same, other = (sighting_of(_item(gold=gold), _result(Flag.FORGED)) for gold in ("1", "1", "2"))
    assert one is not None
    assert one == same
    assert one != other
    assert one.problem.startswith("tests:")


def test_what_the_machine_did_is_no_sighting() -> None:
    assert sighting_of(_item(), _result(Flag.JUDGED_ALONE)) is None
    assert sighting_of(_item(), _result()) is None
