"""Answers made of recorded results: the results' JSON is joined, not parsed; only the summary looks inside."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean

import orjson

from assay.contract import BatchStatus, BatchSummary, GroupQuestion
from assay.queue.port import BatchState
from assay_service.group_statistics import group_statistics

__all__ = ["summarize", "whole_answer"]


def whole_answer(
    state: BatchState, results: Sequence[bytes | None] | None, question: GroupQuestion | None = None
) -> bytes:
    """A `BatchResult` as JSON.

    Args:
        state: the batch.
        results: its results in request order if it has ended.
        question: what the summary is to say of rollout groups, if anything.
    """
    head = orjson.dumps({"id": state.batch_id, "status": state.status, "total": state.total, "done": state.done})
    if results is None or state.status == BatchStatus.RUNNING:
        return head
    recorded = [result for result in results if result is not None]
    summary = summarize(state, recorded, question).model_dump_json().encode()
    return b'%b,"results":[%b],"summary":%b}' % (head[:-1], b",".join(recorded), summary)


def summarize(state: BatchState, results: Iterable[bytes], question: GroupQuestion | None = None) -> BatchSummary:
    """Counts over the results of an ended batch, and statistics of its rollout groups if they are asked for."""
    rewards: list[float] = []
    verdicts: Counter[str] = Counter()
    error_codes: Counter[str] = Counter()
    flags: dict[str, Counter[str]] = {}
    parsed = [orjson.loads(recorded) for recorded in results]
    for result in parsed:
        if result["reward"] is None:
            error_codes[(result.get("error") or {}).get("code", "internal")] += 1
        else:
            rewards.append(result["reward"])
        if seen := {flag for part in result.get("components", ()) for flag in part.get("flags", ())}:
            flags.setdefault(result.get("group") or result["id"], Counter()).update(seen)
        verdicts.update(part["verdict"] for part in result.get("components", ()) if part.get("verdict"))
    reused = sum(bool(part.get("reused")) for result in parsed for part in result.get("components", ()))
    return BatchSummary(
        items=state.total,
        judged=len(rewards),
        errors=error_codes.total(),
        mean_reward=fmean(rewards) if rewards else None,
        verdicts=dict(verdicts),
        error_codes=dict(error_codes),
        flags={problem: dict(counts) for problem, counts in flags.items()},
        groups=None if question is None else group_statistics(parsed, question),
        reused=reused,
        duration_ms=1000 * ((state.ended_s or state.created_s) - state.created_s),
    )
