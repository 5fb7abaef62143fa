"""A task of verifiers whose reward is ours. Prints rewards, as JSON."""

import asyncio
import json
from types import SimpleNamespace

from verifiers.v1.task import Task, TaskData
from verifiers.v1.trace import Trace
from verifiers.v1.utils.decorators import reward

from assay.trainers import verifiers


class Sum(TaskData):
    answer: str


class SumTask(Task[Sum]):
    @reward(weight=1.0)
    async def right(self, trace: Trace) -> float:
        return await verifiers.reward(trace.said, self.data.answer, prompt=self.data.prompt)


async def main() -> None:
    tasks = [SumTask(Sum(idx=n, name=str(n), prompt="2 + 2?", answer="4")) for n in range(64)]
    asked = [task.right(SimpleNamespace(said=f"It is \\boxed{{{4 + n % 2}}}")) for n, task in enumerate(tasks)]
    legacy = verifiers.reward(
        prompt=[{"role": "user", "content": "Add one."}],
        completion=[{"role": "assistant", "content": "```python\nprint(int(input()) + 1)\n```"}],
        answer="",
        state={},
        info={"tests": {"kind": "stdio", "cases": [{"stdin": "1", "expected": "2"}]}},
        parser=None,
    )
    print(json.dumps(await asyncio.gather(legacy, *asked)))


asyncio.run(main())
