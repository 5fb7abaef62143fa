"""Rewards for verifiers, called as a rubric calls them. Needs a running service (`assay up`), not verifiers."""

import asyncio

from assay.trainers.verifiers import reward

TESTS = {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}, {"stdin": "4", "expected": "8"}]}


async def main() -> None:
    """Prints the rewards of some rollouts, which travel as one batch."""
    prompt = [{"role": "user", "content": "Double a number."}]
    programs = ["print(2 * int(input()))", "print(42)", "print("]
    said = [[{"role": "assistant", "content": f"```python\n{program}\n```"}] for program in programs]
    code = [reward(completion=each, prompt=prompt, info={"tests": TESTS}) for each in said]
    answer = reward(completion="It is \\boxed{0.5}.", answer="$\\frac12$", prompt="Half of one?")
    print(await asyncio.gather(*code, answer))


if __name__ == "__main__":
    asyncio.run(main())
