"""skyrl-gym makes our environment and steps through rollouts. Prints rewards, as JSON."""

import json
from concurrent.futures import ThreadPoolExecutor

import skyrl_gym

TESTS = json.dumps({"inputs": ["1\n", "2\n"], "outputs": ["2\n", "3\n"]})
ROLLOUTS = [
    (TESTS, "```python\nprint(int(input()) + 1)\n```"),
    (TESTS, "```python\nprint(2)\n```"),
    (TESTS, "no program"),
    ("4", "It is \\boxed{4}"),
]

skyrl_gym.register(id="assay", entry_point="assay.trainers.skyrl:AssayEnv")


def rollout(truth: str, text: str) -> list[object]:
    environment = skyrl_gym.make("assay", env_config={}, extras={"reward_spec": {"ground_truth": truth}})
    environment.init([{"role": "user", "content": "?"}])
    ended = environment.step(text)
    environment.close()
    return [ended["reward"], ended["done"], ended["metadata"]["verdict"]]


with ThreadPoolExecutor(64) as pool:
    print(json.dumps(list(pool.map(lambda each: rollout(*each), ROLLOUTS * 16))))
