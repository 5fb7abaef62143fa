"""A score for verl, called here as its reward manager calls it. Needs a running service (`assay up`), not verl.

With verl:  reward.custom_reward_function.path=pkg://assay.trainers.verl
"""

import asyncio
import json

from assay.trainers.verl import compute_score

TRUTH = json.dumps({"inputs": ["21\n", "4\n"], "outputs": ["42\n", "8\n"]})


async def main() -> None:
    """Prints the scores of some samples, which travel as one batch."""
    programs = ("print(2 * int(input()))", "print(42)", "print(")
    samples = [f"```python\n{program}\n```" for program in programs]
    scores = await asyncio.gather(*(compute_score("taco", sample, TRUTH) for sample in samples))
    print([score["score"] for score in scores])
    print((await compute_score("math", "It is \\boxed{0.5}.", "\\frac12"))["score"])


if __name__ == "__main__":
    asyncio.run(main())
