"""OpenRLHF's executor of single turns, which asks a remote reward model. Prints the rewards, as JSON."""

import asyncio
import json
import os

from openrlhf.utils.agent import SingleTurnAgentExecutor

EXECUTOR = SingleTurnAgentExecutor([os.environ["ASSAY_URL"] + "/get_reward"])
TESTS = json.dumps({"inputs": ["1\n", "2\n"], "outputs": ["2\n", "3\n"]})
SAMPLES = [
    ("Add one.", "```python\nprint(int(input()) + 1)\n```<|im_end|>", TESTS),
    ("Add one.", "```python\nprint(2)\n```", TESTS),
    ("Add one.", "```python\n1 / 0\n```", TESTS),
    ("2 + 2?", "It is \\boxed{4}", "4"),
    ("2 + 2?", "It is \\boxed{5}", "4"),
]


async def main() -> None:
    asked = [
        EXECUTOR._fetch_rewards_via_http([prompt + response], [prompt], [label])
        for prompt, response, label in SAMPLES * 13
    ]
    answers = [answer for (answer,) in await asyncio.gather(*asked)]
    print(json.dumps(answers))


asyncio.run(main())
