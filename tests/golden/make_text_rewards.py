"""Writes text_rewards.json: made-up completions, and what the published definitions give them.

The values come from tests/fixtures/text_references.py, which restates the definitions and imports nothing of ours.
Run it from the root of the project: `.venv/bin/python -m tests.golden.make_text_rewards`.
"""

import json
from pathlib import Path
from typing import Any

from tests.fixtures import text_references as references

__all__ = ["golden_cases"]

CASES = 150
SEED = 20250211


def golden_cases() -> list[dict[str, Any]]:
    """A completion each, with its score for every reward."""
    return [_case(text) for text in references.completions(CASES, SEED)]


def _case(text: str) -> dict[str, Any]:
    return {
        "completion": text,
        "format": references.reference_format(text),
        "think": references.reference_think_format(text),
        "tag_count": references.reference_tag_count(text),
        "code_format": references.reference_code_format(text, "python"),
        "reasoning_steps": references.reference_steps(text),
        "cosine_correct": references.reference_cosine(len(text), True, 100),
        "cosine_wrong": references.reference_cosine(len(text), False, 100),
        "repetition_penalty": references.reference_repetition(text.lower().split(), 2, -1.0),
        "soft_overlong_punishment": references.reference_overlong(len(text), 100, 60),
        "latin": references.reference_language(text, "latin"),
    }


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in golden_cases())
    Path(__file__).with_name("text_rewards.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
