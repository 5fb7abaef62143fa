"""What the rewards of text accept, and what they say to what they do not."""

from typing import Any

import pytest
from pydantic import ValidationError

from assay.contract import Item
from assay.contract.linear_pattern import MOST_INSTRUCTIONS, check_pattern, compile_pattern
from assay.errors import RequestError
from assay_service.wording import explain_item


def item(reward: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "a", "completion": "x", "rewards": [reward], **fields}


@pytest.mark.parametrize(
    "reward",
    [
        {"type": "format"},
        {"type": "format", "style": "think", "think_tag": "reason"},
        {"type": "format", "style": "pattern", "pattern": r"<a>[^<]*</a>\z"},
        {"type": "code_format", "language": "c++", "compat": "open_r1"},
        {"type": "reasoning_steps", "languages": ["en", "zh"], "wanted": 5, "compat": None},
        {"type": "cosine", "gold": "4"},
        {"type": "repetition_penalty", "ngram_size": 40, "max_penalty": 0},
        {"type": "soft_overlong_punishment", "unit": "characters", "soft_punish_cache": 0},
        {"type": "language", "script": "han", "without_code": True},
    ],
)
def test_a_reward_of_text_needs_a_completion(reward: dict[str, Any]) -> None:
    assert Item.model_validate(item(reward)).rewards[0].type == reward["type"]
    with pytest.raises(ValidationError, match="judges text: give 'completion'"):
        Item.model_validate({"id": "a", "code": "x", "rewards": [reward]})


@pytest.mark.parametrize(
    ("reward", "path", "message"),
    [
        ({"type": "format", "style": "pattern"}, "", "give 'pattern' with style 'pattern'"),
        ({"type": "format", "pattern": "a"}, "", "give 'pattern' with style 'pattern'"),
        ({"type": "format", "style": "think", "answer_tag": "a"}, "", "leave out 'answer_tag'"),
        ({"type": "format", "style": "pattern", "pattern": "a", "think_tag": "b"}, "", "leave out 'think_tag'"),
        ({"type": "format", "think_tag": "a>b"}, ".think_tag", "match pattern"),
        ({"type": "code_format", "language": "a b"}, ".language", "match pattern"),
        ({"type": "reasoning_steps", "wanted": 0}, ".wanted", "greater than or equal to 1"),
        ({"type": "reasoning_steps", "languages": ["en", "en"]}, ".languages", "twice"),
        ({"type": "cosine"}, ".gold", "missing"),
        ({"type": "cosine", "gold": "4", "max_len": 0}, ".max_len", "greater than or equal to 1"),
        ({"type": "repetition_penalty", "max_penalty": 0.5}, ".max_penalty", "less than or equal to 0"),
        ({"type": "repetition_penalty", "unit": "tokens", "language": "zh"}, "", "leave out 'language'"),
        ({"type": "soft_overlong_punishment", "max_completion_len": 9}, "", "at most 'max_completion_len'"),
        ({"type": "language", "script": "klingon"}, ".script", "'latin'"),
    ],
)
def test_what_is_wrong_with_a_reward_is_said_where_it_is(reward: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Item.model_validate(item(reward))
    complaint = explain_item(raised.value, "items[0]")
    assert complaint.path == f"items[0].rewards[0]{path}"
    assert message in complaint.message + complaint.hint


@pytest.mark.parametrize(
    ("pattern", "where", "advice"),
    [
        ("ab(?=c)", "'(?=' at character 3", "no lookahead"),
        ("(?!c)a", "'(?!' at character 1", "no negative lookahead"),
        ("(?<!c)a", "at character 1", "no lookbehind"),
        (r"\\1(a)\1", r"'\1' at character 7", "write the text of the group again"),
        ("(?P<n>a)(?P=n)", "'(?P=' at character 9", "write the text of the group again"),
        ("a++", "'++' at character 2", "leave out the second sign"),
        (r"a\Z", r"'\Z' at character 2", r"\z"),
        ("a{2000}", "'{2000}' at character 2", "syntax of RE2"),
        ("(a", "'(a' at character 1", "syntax of RE2"),
        (r"\w{900}", "too large", "repeat less often"),
    ],
)
def test_an_unsupported_pattern_is_refused_with_place_and_mending(pattern: str, where: str, advice: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Item.model_validate(item({"type": "format", "style": "pattern", "pattern": pattern}))
    complaint = explain_item(raised.value, "items[3]")
    assert isinstance(complaint, RequestError)
    assert complaint.code == "invalid_item"
    assert complaint.path == "items[3].rewards[0].pattern"
    assert where in complaint.message
    assert advice in complaint.message


def test_a_pattern_of_any_use_is_small_enough() -> None:
    open_r1 = r"^<think>\n.*?\n</think>\n<answer>\n.*?```python.*?```.*?\n</answer>$"
    assert compile_pattern(open_r1).programsize < MOST_INSTRUCTIONS / 5
    assert check_pattern(open_r1) == open_r1


def test_where_re2_is_missing_the_service_will_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.contract.linear_pattern.find_spec", lambda _: None)
    assert check_pattern("(?=a)") == "(?=a)"


@pytest.mark.parametrize(
    ("reward", "fields", "message"),
    [
        ({"type": "soft_overlong_punishment"}, {}, "'token_count' or 'token_ids', or unit 'characters'"),
        ({"type": "cosine", "gold": "4", "unit": "tokens"}, {}, "'token_count' or 'token_ids'"),
        ({"type": "repetition_penalty", "unit": "tokens"}, {"token_count": 3}, "needs the item's 'token_ids'"),
        ({"type": "tag_count"}, {"token_count": 3, "token_ids": [1]}, "'token_count' is 3, but there are 1"),
        ({"type": "tag_count"}, {"token_count": -1}, "greater than or equal to 0"),
        ({"type": "tag_count"}, {"token_ids": [-1]}, "greater than or equal to 0"),
    ],
)
def test_tokens_are_given_by_the_item(reward: dict[str, Any], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Item.model_validate(item(reward, **fields))


@pytest.mark.parametrize(
    "fields", [{"token_count": 7}, {"token_ids": [1, 2]}, {"token_count": 1, "token_ids": [9]}]
)
def test_either_way_of_telling_the_length_will_do(fields: dict[str, Any]) -> None:
    assert Item.model_validate(item({"type": "soft_overlong_punishment"}, **fields))
