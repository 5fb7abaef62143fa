"""Where the originals are odd, what is done instead; and what hostile texts are kept from doing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Item
from assay_workers.rewards.code_format import score_code_format
from assay_workers.rewards.format import score_format, score_pattern, score_think_format
from assay_workers.rewards.language import score_language, without_spans
from assay_workers.rewards.reasoning_steps import score_reasoning_steps
from assay_workers.rewards.repetition_penalty import count_distinct_ngrams, score_repetition
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.text import score_text
from assay_workers.rewards.words import LONGEST_RUN, split_words

MEGABYTE = 1_000_000
ALL_SPANS = {"```": "```", "`": "`", "$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}


def answer_with(fence: str) -> str:
    return f"<think>\nx\n</think>\n<answer>\n{fence}\nx\n```\n</answer>"


@pytest.mark.parametrize(
    ("fence", "language", "score", "original"),
    [
        ("```python", "python", 1.0, 1.0),
        ("```py", "python", 1.0, 0.0),
        ("```Python title=x", "python", 1.0, 0.0),
        ("```javascript", "java", 0.0, 1.0),
        ("```cpp", "c", 0.0, 1.0),
        ("```c++", "c++", 1.0, 1.0),
        ("```", "python", 0.0, 0.0),
    ],
)
def test_the_whole_tag_of_a_fence_counts(fence: str, language: str, score: float, original: float) -> None:
    assert score_code_format(answer_with(fence), language) == score
    assert score_code_format(answer_with(fence), language, "open_r1") == original


@pytest.mark.parametrize(
    ("text", "score", "original"),
    [
        ("1. a\n2. b\n3. c", 1.0, 1 / 3),
        ("First, First, First,", 1 / 3, 1.0),
        ("a\n---\n---\n---", 0.0, 1.0),
        ("\n- \n- \n- ", 0.0, 1.0),
        ("- a\n- b\n- c", 1.0, 2 / 3),
        ("Step 1: Step 2: Step 3:", 1.0, 1.0),
    ],
)
def test_steps_are_counted_once_and_on_every_line(text: str, score: float, original: float) -> None:
    assert score_reasoning_steps(text, compat=None) == pytest.approx(score)
    assert score_reasoning_steps(text) == pytest.approx(original)


def test_steps_in_chinese_count_where_asked() -> None:
    text = "首先化简。然后代入。最后第三步。"
    assert score_reasoning_steps(text) == 0.0
    assert score_reasoning_steps(text, languages=("en", "zh")) == 1.0
    assert score_reasoning_steps(text, wanted=8, languages=("zh",), compat=None) == 0.5


def test_tags_may_have_other_names() -> None:
    text = "<reason>\nx\n</reason>\n<result>\ny\n</result>"
    assert score_format(text, "reason", "result") == 1.0
    assert score_format(text) == 0.0
    assert score_think_format("<reason>x</reason>y", "reason") == 1.0


@pytest.mark.parametrize(
    ("text", "pattern", "score"),
    [
        ("Answer: 7", r"Answer: \d+", 1.0),
        ("The Answer: 7", r"Answer: \d+", 0.0),
        ("a\nb", r"a.b\z", 1.0),
        ("a\nbc", r"a.b\z", 0.0),
        ("a\nb\nc", r"a\n^b$", 1.0),
        ("数学\ud800", r"数学.\z", 1.0),
    ],
)
def test_a_pattern_matches_from_the_beginning(text: str, pattern: str, score: float) -> None:
    assert score_pattern(text, pattern) == score


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=40), st.data())
def test_n_grams_are_told_apart_exactly(words: list[str], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(words)))
    grams = {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}
    assert count_distinct_ngrams(words, size) == len(grams)


def test_repetition_without_spaces_is_seen_by_tokens() -> None:
    assert score_repetition(split_words("no" * 50, "en")) == 0.0
    assert score_repetition([7, 8] * 50) == pytest.approx(-96 / 98)


def test_chinese_words_are_jiebas() -> None:
    assert split_words("我来到北京清华大学", "zh") == ["我", "来到", "北京", "清华大学"]
    assert "".join(split_words("一" * (3 * LONGEST_RUN) + " x", "zh")) == "一" * (3 * LONGEST_RUN) + " x"


@pytest.mark.parametrize(
    ("text", "script", "score"),
    [
        ("", "latin", 0.0),
        ("1 + 1 = 2", "latin", 0.0),
        ("Да, yes", "latin", 0.6),
        ("日本のカー", "japanese", 1.0),
        ("日本の", "han", 2 / 3),
        ("한국어 text", "hangul", 3 / 7),
        ("\U0001d465 = да", "cyrillic", 1.0),
    ],
)
def test_the_share_of_letters_of_a_script(text: str, script: str, score: float) -> None:
    assert score_language(text, script) == pytest.approx(score)


def test_code_and_latex_may_be_left_out() -> None:
    text = "Ответ:\n```python\nprint(x)\n```\nили `y`, $z$, \\(w\\) и $$a\nb$$"
    assert score_language(text, "cyrillic") < 0.7
    assert score_language(text, "cyrillic", without_code=True, without_latex=True) == 1.0


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` c", "a   c"),
        ("it costs $5\nor $6", "it costs $5\nor $6"),
        ("``` never closed `x`", "``` never closed  "),
        ("\\(a \\(b\\) c", "  c"),
        ("\\$5 and \\$6", "\\$5 and \\$6"),
    ],
)
def test_a_span_needs_its_end(text: str, left: str) -> None:
    assert without_spans(text, ALL_SPANS) == left


@given(st.lists(st.sampled_from([*ALL_SPANS, "\\)", "\\]", "\n", "a"]), max_size=20).map("".join))
def test_leaving_out_spans_never_adds_text(text: str) -> None:
    left = without_spans(text, ALL_SPANS)
    assert left.count("a") <= text.count("a")
    assert without_spans(text, {}) == text


@pytest.mark.parametrize(
    "piece",
    ["a", "\n", "$", "`", "\\(", "```", "1", "Step 1", "\n</think>\n<answer>\n", "<think>", "a ", "\n- ", "第一"],
)
def test_a_megabyte_of_anything_is_scored_in_linear_time(piece: str) -> None:
    """Anything quadratic here would take a trillion steps, and hang."""
    text = "<think>\n" + piece * (MEGABYTE // len(piece))
    score_format(text)
    score_think_format(text)
    score_tag_count(text)
    score_code_format(text + "\n</think>\n<answer>\n```python" + piece * 1_000)
    score_pattern(text, r"(a|aa|a*)*(\n.*)*x\z")
    score_reasoning_steps(text, languages=("en", "zh"))
    score_reasoning_steps(text, languages=("en", "zh"), compat=None)
    score_repetition(split_words(text, "en"), ngram_size=1_000)
    score_language(text, "han", without_code=True, without_latex=True)


def test_hostile_chinese_takes_linear_time() -> None:
    assert len(split_words("国" * 100_000, "zh")) > 10_000


@pytest.mark.parametrize(
    ("reward", "score"),
    [
        ({"type": "soft_overlong_punishment", "max_completion_len": 4, "soft_punish_cache": 2}, -0.5),
        ({"type": "soft_overlong_punishment", "unit": "characters"}, 0.0),
        ({"type": "repetition_penalty", "unit": "tokens", "ngram_size": 1}, -1 / 3),
        ({"type": "repetition_penalty", "language": "zh", "ngram_size": 1}, -0.0),
        ({"type": "format", "style": "pattern", "pattern": "a b"}, 1.0),
        ({"type": "format", "style": "think"}, 0.0),
        ({"type": "language", "script": "latin"}, 1.0),
        ({"type": "reasoning_steps"}, 0.0),
        ({"type": "code_format", "language": "cpp"}, 0.0),
        ({"type": "tag_count"}, 0.0),
    ],
)
def test_the_parameters_of_item_and_reward_reach_the_score(reward: dict[str, object], score: float) -> None:
    item = Item.model_validate({"id": "a", "completion": "a b", "token_ids": [5, 5, 9], "rewards": [reward]})
    spec = item.rewards[0]
    assert spec.type not in ("code", "binary_code", "accuracy", "cosine")
    assert score_text(item, spec) == pytest.approx(score)  # type: ignore[arg-type]
