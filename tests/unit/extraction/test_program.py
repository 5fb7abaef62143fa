import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.extraction.fences import find_fences, strip_end_tokens
from assay_workers.extraction.program import extract_program
from assay_workers.sandbox.languages import Language, languages

LINES = st.lists(st.text(st.characters(exclude_characters="`~\r\n", codec="utf-8")), max_size=8)
TAGS = ["<think>", "</think>", "<answer>", "</answer>", "<|im_end|>"]
PIECES = ["```", "````", "~~~", "python", "\n", "\r\n", "x=1", "-", "`", *TAGS]
MARKDOWN = st.lists(st.sampled_from([*PIECES, " "])).map("".join)


@pytest.mark.parametrize(
    ("completion", "program"),
    [
        ("```python\na\n```", "a\n"),
        ("Text\n```python\na\n```\nmore\n```python\nb\n```\nend", "b\n"),
        ("```py\na\n```", "a\n"),
        ("```Python3\na\n```", "a\n"),
        ('```python title="main.py"\na\n```', "a\n"),
        ("```{.python}\na\n```", "a\n"),
        ("```\na\n```", "a\n"),
        ("```python\na\n```\n```\noutput\n```", "a\n"),
        ("```\na\n```\n```text\n3\n```", "a\n"),
        ("````python\n```\na\n```\n````", "```\na\n```\n"),
        ("~~~python\na\n~~~", "a\n"),
        ("~~~python\n```\n~~~", "```\n"),
        ("1. First:\n\n   ```python\n   if x:\n       a\n   ```", "if x:\n    a\n"),
        ("- ```python\n  a\n  ```", "a\n"),
        ("```python\r\na\r\nb\r\n```\r\n", "a\nb\n"),
        ("```python\na\n```<|im_end|>", "a\n"),
        ("```python\na\n```</s>\n", "a\n"),
        ("```python\na\n<|endoftext|>", "a\n"),
        ("```python\na", "a\n"),
        ("```python\na\n```\nThen\n```python\nb", "a\n"),
        ("```python\na\n```\n```\n", "a\n"),
        ("Here is it: ```python\na\n```", "a\n"),
        ("```python\nreturn x```", "return x\n"),
        ("```python\na\n```python\nb\n```", "b\n"),
        (
            '```python\ndef f():\n    """\n    ```\n    f()\n    ```\n    """\n```',
            'def f():\n    """\n    ```\n    f()\n    ```\n    """\n',
        ),
        ("```markdown\n```python\na\n```\n```", "a\n"),
    ],
)
def test_the_program_is_the_last_fenced_block_of_the_language(completion: str, program: str) -> None:
    assert extract_program(completion, "python") == program


@pytest.mark.parametrize(
    ("completion", "program"),
    [
        ("<think>```python\ndraft\n```</think>\n```python\na\n```", "a\n"),
        ("draft ```python\nd\n```\n</think>```python\na\n```", "a\n"),
        ("</think></think>```python\na\n```", "a\n"),
        ("<think>\n```python\ndraft\n```\n</think>\nI have no idea.", None),
        ("<think>\n```python\ndraft\n```\nand so on", None),
        ("<answer>```python\na\n```</answer>\nNote:\n```python\nb\n```", "a\n"),
        ("<answer>\n```python\na", "a\n"),
        ("```python\na\n```\n<answer>42</answer>", "a\n"),
        ("<answer>print(1)</answer>", None),
    ],
)
def test_reasoning_holds_no_program_and_an_answer_block_goes_first(completion: str, program: str | None) -> None:
    assert extract_program(completion, "python") == program


@pytest.mark.parametrize(
    "completion",
    [
        "",
        "print(1)",
        "```\n",
        "```python\n\n```",
        "```text\na\n```",
        "```cpp\na\n```",
        "use `x` or ```y``` here",
        "```\nunclosed prose",
    ],
)
def test_prose_empty_blocks_and_foreign_tags_are_no_program(completion: str) -> None:
    assert extract_program(completion, "python") is None


@pytest.mark.parametrize("language", languages().values(), ids=lambda language: language.name)
def test_every_alias_of_a_language_names_it_in_request_and_completion(language: Language) -> None:
    for tag in language.tags:
        assert extract_program(f"```{tag}\na\n```", language.name.upper()) == "a\n"
        assert extract_program(f"```{language.name}\na\n```", tag) == "a\n"


def test_a_fence_of_the_family_holds_programs_of_every_dialect() -> None:
    assert extract_program("```cpp\na\n```", "cpp20") == "a\n"
    assert extract_program("```go\na\n```", "go_test") == "a\n"


def test_an_unknown_language_is_known_by_its_own_name() -> None:
    assert extract_program("```brainfuck\n+\n```", "Brainfuck") == "+\n"


@given(LINES, st.text(), st.sampled_from(["```", "`````", "~~~"]), st.sampled_from(["\n", "\r\n"]))
def test_what_was_fenced_last_comes_back_whole(lines: list[str], before: str, mark: str, line_end: str) -> None:
    lines = ["x", *lines]
    fenced = line_end.join([f"{mark}python", *lines, mark])
    assert extract_program(f"{before}\n</think>\n{fenced}{line_end}", "python") == "\n".join(lines) + "\n"


@given(MARKDOWN)
def test_any_text_has_fences_whose_lines_are_its_own(text: str) -> None:
    for fence in find_fences(text):
        assert len(fence.body) <= len(text)
        assert all(line.strip() in text for line in fence.body.split("\n"))


@given(st.text())
def test_end_tokens_are_taken_off_and_nothing_else(text: str) -> None:
    assert strip_end_tokens(f"{text}x<|im_end|> </s>\n<|endoftext|>") == f"{text}x"


@pytest.mark.parametrize(
    "completion",
    [
        "`" * 2_000_000,
        "```python\n" * 200_000,
        "```" + " " * 2_000_000 + "`",
        "```python\n" + "```</s>" + "</s>" * 500_000 + "x",
        "```python\n" + "</s>" * 500_000,
        "<answer>" * 200_000 + "```",
        "a```" * 500_000 + "\n",
        " " * 2_000_000 + "```python",
        "9" * 2_000_000 + ". ```python",
    ],
)
def test_hostile_text_takes_linear_time(completion: str) -> None:
    started_s = time.process_time()
    extract_program(completion, "python")
    assert time.process_time() - started_s < 20  # one or two; quadratic it would be hours
