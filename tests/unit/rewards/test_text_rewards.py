"""The references below are open-r1's rules, stated as it states them."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.rewards.format import score_format
from assay_workers.rewards.tag_count import score_tag_count

OPEN_R1_FORMAT = re.compile(r"^<think>\n.*?\n</think>\n<answer>\n.*?\n</answer>$", re.DOTALL | re.MULTILINE)
PIECES = [
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "\n",
    "x",
    "<think>\n",
    "\n</think>\n<answer>\n",
    "\n</answer>",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
WELL_FORMED = "<think>\nI think.\n</think>\n<answer>\n42\n</answer>"


@given(TEXTS)
def test_format_is_the_match_of_open_r1(text: str) -> None:
    assert score_format(text) == (1.0 if OPEN_R1_FORMAT.match(text) else 0.0)


@given(TEXTS, TEXTS, TEXTS)
def test_format_finds_the_tags_around_any_text(thought: str, answer: str, rest: str) -> None:
    text = f"<think>\n{thought}\n</think>\n<answer>\n{answer}\n</answer>"
    assert score_format(text) == 1.0
    assert score_format(f"{text}\n{rest}") == 1.0


@pytest.mark.parametrize(
    ("completion", "score"),
    [
        (WELL_FORMED, 1.0),
        (WELL_FORMED + "\nand more", 1.0),
        (WELL_FORMED + " ", 0.0),
        (" " + WELL_FORMED, 0.0),
        (WELL_FORMED.replace("\n", ""), 0.0),
        ("<think>\n\n</think>\n<answer>\n\n</answer>", 1.0),
        ("<think>\n</think>\n<answer>\n</answer>", 0.0),
        ("", 0.0),
    ],
)
def test_format_scores_one_or_nothing(completion: str, score: float) -> None:
    assert score_format(completion) == score


@pytest.mark.parametrize(
    ("completion", "score"),
    [
        (WELL_FORMED, 1.0),
        (WELL_FORMED + WELL_FORMED, 0.0),
        ("<think>\nI think.\n</think>\n42", 0.5),
        ("\n</answer>", 0.25),
        ("<think>I think.</think><answer>42</answer>", 0.0),
        ("", 0.0),
    ],
)
def test_tag_count_gives_a_quarter_for_each_single_tag(completion: str, score: float) -> None:
    assert score_tag_count(completion) == score


@given(TEXTS)
def test_a_completion_with_the_format_and_no_tag_twice_has_all_tags(text: str) -> None:
    if score_format(text) and all(text.count(tag) == 1 for tag in ("<think>", "</think>", "<answer>", "</answer>")):
        assert score_tag_count(text) == 1.0


@pytest.mark.parametrize("piece", ["\n</think>\n<answer>\n", "\n</answer>", "<think>\n", "\n"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    started_s = time.process_time()
    score_format("<think>\n" + piece * 500_000 + "x")
    score_tag_count(piece * 500_000)
    assert time.process_time() - started_s < 1
