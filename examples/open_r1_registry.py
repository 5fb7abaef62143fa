"""open-r1's reward names, called here as the trainer calls them. Needs a running service (`assay up`), not open-r1.

In open-r1's grpo.py:  reward_funcs = get_reward_funcs(script_args.reward_funcs)
"""

from assay.trainers.open_r1 import get_reward_funcs

TESTS = {
    "language": "python",
    "test_cases": [{"input": "21", "output": "42", "fn_name": None, "type": "stdin_stdout"}],
}
PROGRAM = "<think>\nTwice.\n</think>\n<answer>\n```python\n{}\n```\n</answer>"


def main() -> None:
    """Prints what some rewards give to two completions."""
    said = [
        [{"role": "assistant", "content": PROGRAM.format(line)}] for line in ("print(2 * int(input()))", "print(")
    ]
    for reward in get_reward_funcs(["code", "format", "tag_count", "code_format"]):
        print(reward.__name__, reward(prompts=["Double."] * 2, completions=said, verification_info=[TESTS] * 2))


if __name__ == "__main__":
    main()
