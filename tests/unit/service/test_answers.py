"""Answers made of recorded results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import BatchResult, ComponentResult, ErrorInfo, Flag, ItemResult, Verdict
from assay.queue.port import BatchState
from assay_service.answers import whole_answer

LOST = ErrorInfo(code="sandbox_lost", message="m", retryable=True)


def state(status: str, total: int, done: int) -> BatchState:
    ended_s = None if status == "running" else 12.5
    return BatchState("b", status, total, done, created_s=10.0, ended_s=ended_s, fingerprint="f", tenant="everyone")


@st.composite
def item_results(draw: st.DrawFn) -> ItemResult:
    reward = draw(st.none() | st.floats(-1e6, 1e6))
    verdict = draw(st.none() | st.sampled_from(Verdict))
    component = ComponentResult(type="code", score=reward, weight=1.0, verdict=verdict)
    error = LOST if reward is None else None
    return ItemResult(id=draw(st.text()), index=0, reward=reward, error=error, components=(component,))


@given(st.lists(item_results(), max_size=8))
def test_an_ended_batch_reads_as_the_contract_says(results: list[ItemResult]) -> None:
    recorded = [result.model_dump_json().encode() for result in results]
    answer = BatchResult.model_validate_json(whole_answer(state("finished", len(results), len(results)), recorded))
    assert answer.results == tuple(results)
    summary = answer.summary
    assert summary is not None
    rewards = [result.reward for result in results if result.reward is not None]
    assert (summary.judged, summary.errors) == (len(rewards), len(results) - len(rewards))
    assert summary.mean_reward == (pytest.approx(sum(rewards) / len(rewards)) if rewards else None)
    assert sum(summary.error_codes.values()) == summary.errors
    assert sum(summary.verdicts.values()) == sum(result.components[0].verdict is not None for result in results)
    assert summary.duration_ms == 2500


def test_a_running_batch_has_neither_results_nor_summary() -> None:
    answer = BatchResult.model_validate_json(whole_answer(state("running", 3, 1), None))
    assert (answer.done, answer.results, answer.summary) == (1, None, None)


def test_flags_are_counted_by_rollout_group_and_once_an_item() -> None:
    def result(name: str, group: str | None, *flags: Flag) -> ItemResult:
        part = ComponentResult(type="code", score=1.0, weight=1.0, flags=flags)
        return ItemResult(id=name, index=0, group=group, reward=1.0, components=(part, part))

    forged, unread = Flag.FORGED, Flag.UNREAD_INPUT
    results = [
        result("a", "g", forged),
        result("b", "g", forged, unread),
        result("c", None, unread),
        result("d", "h"),
    ]
    recorded = [each.model_dump_json().encode() for each in results]
    summary = BatchResult.model_validate_json(whole_answer(state("finished", 4, 4), recorded)).summary
    assert summary is not None
    assert summary.flags == {"g": {"forged": 2, "unread_input": 1}, "c": {"unread_input": 1}}
