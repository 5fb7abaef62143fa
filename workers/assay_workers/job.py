"""The job: grade one shard, and let no failure of ours become a score.

RQ calls `grade_shard` by its dotted name. The grader and the ledger it works with belong to the process, and
are what the worker put in place with `use_runner`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

import structlog

from assay.contract import Detail
from assay.errors import AssayError, QueueError
from assay.queue.answers import ItemName, error_result
from assay.queue.ledger import Ledger
from assay.queue.port import Claim
from assay.queue.sightings import Sighting, sighting_of
from assay.queue.suites import read_item, referred_suites
from assay.queue.verdicts import Verdicts
from assay_workers.memory import FORGETFUL, Memory, TenantMemory
from assay_workers.port import Grader
from assay_workers.recorder import Recorder
from assay_workers.sandbox.abandonment import Abandoned, while_wanted
from assay_workers.suites import SuiteCache

__all__ = ["ShardRunner", "grade_shard", "use_runner"]

_log = structlog.get_logger(__name__)
_runner: ContextVar["ShardRunner"] = ContextVar("shard_runner")


class ShardRunner:
    """Grades shards with one grader and records what comes of it."""

    def __init__(self, ledger: Ledger, grader: Grader, verdicts: Verdicts | None = None) -> None:
        """Without ``verdicts`` everything is run."""
        self._ledger = ledger
        self._grader = grader
        self._suites = SuiteCache(ledger)
        self._verdicts = verdicts

    def run(self, batch_id: str, indices: Sequence[int]) -> list[int]:
        """Grades the items of a shard that have no result yet; stops early when the batch has ended.

        Returns:
            The items that are left for later, because somebody else's are more urgent.

        Raises:
            QueueError: Redis failed; what was not recorded stays unanswered and the shard can be repeated.
        """
        claim = self._ledger.claim(batch_id, indices)
        if not claim.items:
            return []
        self._suites.expect(batch_id, referred_suites(payload for _, payload in claim.items))
        recorder = Recorder(self._ledger, batch_id)
        seen: list[Sighting] = []
        left = [index for index, _ in claim.items]
        for index, payload in claim.items:
            if index not in left:
                continue
            left.remove(index)
            try:
                with while_wanted(partial(self._is_wanted, batch_id, index)):
                    recorder.add(index, self._grade(batch_id, payload, index, claim, seen))
            except Abandoned:
                _log.info("item_abandoned", batch=batch_id, index=index)
                left = list(self._ledger.unanswered(batch_id, left))
            if recorder.has_ended or recorder.is_overtaken:
                break
        recorder.flush()
        if seen:
            self._ledger.count_flags(claim.tenant, batch_id, seen)
        return [] if recorder.has_ended else left

    def _is_wanted(self, batch_id: str, index: int) -> bool:
        """Whether an item still waits for its result; if Redis is away, as far as anybody knows it does."""
        try:
            return bool(self._ledger.unanswered(batch_id, (index,)))
        except QueueError:
            return True

    def _memory(self, claim: Claim) -> Memory:
        if self._verdicts is None or not claim.reuse or not self._verdicts.are_kept:
            return FORGETFUL
        return TenantMemory(self._verdicts, claim.tenant)

    def _grade(self, batch_id: str, payload: bytes, index: int, claim: Claim, seen: list[Sighting]) -> bytes:
        """The result of an item as JSON; what is remarkable about it is added to ``seen``."""
        name: ItemName | None = None
        try:
            item = read_item(payload, self._suites.get)
            name = ItemName(item.id, item.group)
            result = self._grader.grade(item, index, Detail(claim.detail), self._memory(claim))
            if sighting := sighting_of(item, result):
                seen.append(sighting)
            return result.model_copy(update={"attempts": claim.attempt}).model_dump_json().encode()
        except AssayError as error:
            failure = error
            _log.warning("item_not_judged", batch=batch_id, index=index, code=error.code, error=error.message)
        except Abandoned:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of a job: logged, and never a score
            failure = AssayError(f"{type(error).__name__} while grading")
            _log.exception("item_failed", batch=batch_id, index=index, code=failure.code)
        return error_result(name or self._ledger.names(batch_id)[index], index, failure, claim.attempt)


@contextmanager
def use_runner(runner: ShardRunner) -> Iterator[None]:
    """Lets `grade_shard` work with ``runner`` within the context."""
    token = _runner.set(runner)
    try:
        yield
    finally:
        _runner.reset(token)


def grade_shard(batch_id: str, indices: list[int], work_s: float) -> list[int]:
    """Grades a shard; the entry point of RQ. Answers what is left of it (`ShardRunner.run`)."""
    del work_s
    return _runner.get().run(batch_id, indices)
