"""Rewards for TRL's GRPO, called here as the trainer calls them. Needs a running service (`assay up`), not TRL.

With TRL:  GRPOTrainer(model, reward_funcs=[code, trl.accuracy_reward], train_dataset=dataset, …)
or:        trl grpo --reward_funcs assay.trainers.trl.code_reward …
"""

from assay.trainers import trl
from assay.trainers.asking import Asked

code = trl.RewardFunction(
    [Asked({"type": "code"}, {"tests": "tests"}), {"type": "code_format", "weight": 0.1}], name="code"
)

TESTS = {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}, {"stdin": "4", "expected": "8"}]}
PROGRAM = "<think>\nTwice.\n</think>\n<answer>\n```python\n{}\n```\n</answer>"


def main() -> None:
    """Prints the rewards of a rollout group."""
    completions = [PROGRAM.format(line) for line in ("print(2 * int(input()))", "print(42)", "print(")]
    rewards = code(prompts=["Double a number."] * 3, completions=completions, tests=[TESTS] * 3)
    print("code:", rewards)
    answers = ["It is \\boxed{0.5}.", "It is \\boxed{2}."]
    rewards = trl.accuracy_reward(prompts=["Half of one?"] * 2, completions=answers, solution=["$\\frac12$"] * 2)
    print("accuracy:", rewards)


if __name__ == "__main__":
    main()
