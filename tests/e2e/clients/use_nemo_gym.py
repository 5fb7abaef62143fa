"""verifiers' client of NeMo Gym's resources servers. Prints the rewards and the metrics, as JSON."""

import asyncio
import json
import os
from types import SimpleNamespace

from verifiers.v1.tasksets.nemo_gym import NeMoGymData, NeMoGymTask, NeMoGymTaskConfig
from verifiers.v1.tasksets.nemo_gym.toolset import NeMoGymState
from verifiers.v1.types import AssistantMessage, UserMessage

CONFIG = NeMoGymTaskConfig(resources_url=os.environ["ASSAY_URL"] + os.environ.get("PREFIX", ""))
CODE = {"verifier_metadata": {"unit_tests": {"inputs": ["1\n", "2\n"], "outputs": ["2\n", "3\n"], "fn_name": None}}}
ROLLOUTS = [
    (CODE, "```python\nprint(int(input()) + 1)\n```"),
    (CODE, "```python\nprint(2)\n```"),
    ({"expected_answer": "4"}, "It is \\boxed{4}"),
    ({"expected_answer": "4"}, "It is \\boxed{5}"),
]
ENDLESS = (CODE, "```python\nwhile True: pass\n```")


class RolloutTrace(SimpleNamespace):
    """As much of a trace as the task reads: one branch, in which the model answered once."""

    def record_metric(self, name: str, value: float) -> None:
        self.metrics[name] = value


def trace_of(text: str) -> RolloutTrace:
    asked = SimpleNamespace(message=UserMessage(content="?"), sampled=False, timestamp=0.0)
    said = SimpleNamespace(message=AssistantMessage(content=text), sampled=True, timestamp=1.0)
    branch = SimpleNamespace(nodes=[asked, said])
    return RolloutTrace(id="t", branches=[branch], state=NeMoGymState(), info={}, metrics={})


async def rollout(number: int, fields: dict[str, object], text: str) -> tuple[float, dict[str, float]]:
    row = {"responses_create_params": {"input": [{"role": "user", "content": "?"}]}, **fields}
    task = NeMoGymTask(NeMoGymData(idx=number, name=str(number), prompt="?", row=row), CONFIG)
    trace = trace_of(text)
    await task.setup(trace, None)
    return await task.nemo_gym(trace), trace.metrics


async def main() -> None:
    crowd = [ROLLOUTS[n % 4] for n in range(64)]
    found = await asyncio.gather(*(rollout(n, *asked) for n, asked in enumerate([*crowd, ENDLESS])))
    print(json.dumps({"rewards": [reward for reward, _ in found], "metrics": found[1][1]}))


asyncio.run(main())
