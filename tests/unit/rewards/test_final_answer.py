"""Where the final answers of a completion are found."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.rewards.final_answer import boxed, find_answers, text_after_reasoning, without_dress


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (r"so \boxed{4}", ("4",)),
        (r"\boxed{\frac{1}{2}} or \fbox{3}", (r"\frac{1}{2}", "3")),
        (r"\boxed 7.", ("7",)),
        (r"\boxed{a \boxed{b}}", (r"a \boxed{b}",)),
        (r"\boxed{unclosed \boxed{b}", ("b",)),
        (r"\boxed{\{1, 2\}}", (r"\{1, 2\}",)),
        ("<answer>Paris</answer>", ("Paris",)),
        (r"\boxed{1} <answer>\boxed{2}</answer>", ("2",)),
        ("<answer>1</answer><answer>2</answer>", ("1", "2")),
        ("<answer>never closed", ("<answer>never closed",)),
        ("48 + 24 = 72\n#### 72", ("72",)),
        ("The final answer is 12. I am sure.", ("12",)),
        ("**Answer:** 3.5", ("3.5",)),
        ("Answer:\n\n9", ("9",)),
        ("答案是\uff1a北京。", ("北京",)),
        ("42", ("42",)),
        ("two\nlines", ()),
        ("", ()),
        ("long " * 100, ()),
    ],
)
def test_answers_are_found_by_their_marks(text: str, answers: tuple[str, ...]) -> None:
    assert find_answers(text).texts == answers


@pytest.mark.parametrize(("text", "marked"), [("42", False), ("#### 42", True), ("<answer>1</answer>", True)])
def test_a_text_that_is_itself_the_answer_is_not_marked(text: str, marked: bool) -> None:
    assert find_answers(text).marked is marked


def test_an_answer_that_is_repeated_in_another_dress_is_one() -> None:
    assert len(find_answers(r"\boxed{x + 1} and \boxed{$x+1$} and \boxed{\text{x+1}.}").different) == 1
    assert len(find_answers(r"\boxed{1} \boxed{2}").different) == 2


def test_only_what_follows_the_last_end_of_reasoning_is_after_it() -> None:
    assert text_after_reasoning("<think>1</think>2</think>3") == "3"
    assert text_after_reasoning("<think>never closed 42") is None


@pytest.mark.parametrize(
    ("answer", "bare"),
    [
        ("$x$", "x"),
        (r"\(x\)", "x"),
        (r"\text{Paris}.", "Paris"),
        ("**Paris**", "Paris"),
        ("`'Paris'`", "Paris"),
        (r"$\mathrm{\text{a}}$", "a"),
        (r"\text{a} b", r"\text{a} b"),
        ("3.5", "3.5"),
    ],
)
def test_dress_is_taken_off(answer: str, bare: str) -> None:
    assert without_dress(answer) == bare


@given(st.text(st.sampled_from(r"\boxed{}fbox$# answer:<>/1\n" + "\n"), max_size=300))
def test_every_answer_is_a_piece_of_the_text(text: str) -> None:
    assert all(answer in text for answer in find_answers(text).texts)
    assert all(content in text for content in boxed(text))


@pytest.mark.parametrize(
    "piece",
    [
        r"\boxed{",
        "<answer>",
        "</answer>",
        "####",
        "answer is ",
        "answer:\n",
        "{",
        "}",
        r"\boxed ",
        "$",
        "*",
        "(A) ",
    ],
)
def test_no_piece_repeated_a_hundred_thousand_times_takes_more_than_linear_time(piece: str) -> None:
    begin = time.process_time()
    answers = find_answers(piece * 100_000)
    assert len(answers.different) <= 100_000
    assert time.process_time() - begin < 5
