"""Whatever order workers and callers act in, the ledger answers every item once and counts right."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assay.contract import BatchStatus
from assay.queue.async_ledger import AsyncLedger
from assay.queue.connection import connect
from assay.queue.ledger import Ledger
from assay.settings import Settings
from tests.fixtures.batches import new_batch

ITEMS = 6


def _machine(queue_settings: Settings) -> type[RuleBasedStateMachine]:
    class LedgerMachine(RuleBasedStateMachine):
        """A model of one batch: the first result of every item, and whether it was cancelled."""

        def __init__(self) -> None:
            super().__init__()
            own = queue_settings.model_copy(update={"queue_name": f"machine-{uuid4().hex[:8]}"})
            self.runner = asyncio.Runner()
            self.client = connect(own)
            self.worker = Ledger(self.client, own)
            self.service = self.runner.run(AsyncLedger.connect(own))
            self.runner.run(self.service.admit(new_batch("b", ["x"] * ITEMS)))
            self.answers: dict[int, bytes] = {}
            self.order: list[int] = []
            self.was_cancelled = False

        @rule(indices=st.sets(st.integers(0, ITEMS - 1), min_size=1), text=st.binary(min_size=1, max_size=8))
        def record(self, indices: set[int], text: bytes) -> None:
            new = [] if self.was_cancelled else [index for index in indices if index not in self.answers]
            recorded = self.worker.record("b", dict.fromkeys(indices, text))
            self.answers.update(dict.fromkeys(new, text))
            self.order += new
            assert recorded.new == len(new)
            assert recorded.finished == (len(self.answers) == ITEMS or self.was_cancelled)

        @rule(indices=st.lists(st.integers(0, ITEMS - 1), min_size=1, unique=True))
        def claim(self, indices: list[int]) -> None:
            claimed = [index for index, _ in self.worker.claim("b", indices).items]
            left = [] if self.was_cancelled else [index for index in indices if index not in self.answers]
            assert claimed == left

        @precondition(lambda self: len(self.answers) < ITEMS)
        @rule()
        def cancel(self) -> None:
            self.was_cancelled = True
            self.runner.run(self.service.cancel("b"))

        @invariant()
        def the_counts_are_those_of_the_results(self) -> None:
            state = self.runner.run(self.service.state("b"))
            assert state is not None
            results = self.runner.run(self.service.results("b"))
            answered = {index: text for index, text in enumerate(results) if text is not None}
            logged = [index for index, _ in self.runner.run(self.service.log("b", 0, 100))]
            assert answered.items() >= self.answers.items()
            assert state.done == len(answered) == len(logged) == len(set(logged))
            assert logged[: len(self.order)] == self.order
            assert self.runner.run(self.service.depth()).items == ITEMS - state.done
            assert (state.status == BatchStatus.RUNNING) == (state.done < ITEMS)

        def teardown(self) -> None:
            self.runner.run(self.service.close())
            self.runner.close()
            self.client.close()

    return LedgerMachine


@pytest.mark.slow
def test_every_item_is_answered_once_in_any_order_of_events(queue_settings: Settings) -> None:
    run_state_machine_as_test(
        _machine(queue_settings),
        settings=settings(
            max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
