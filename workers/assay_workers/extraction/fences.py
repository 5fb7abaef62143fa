"""Fenced blocks of a Markdown text, as language models write them.

A single pass over the lines, each looked at a bounded number of times, so hostile text costs linear time.
The rules are CommonMark's (a closing fence has the character of the opening one, is at least as long and is
indented by less than four columns more; the indentation of the opening fence is taken off the body) with
these concessions to what models write: any indentation may open a block, and so may a list marker, or prose
before a tagged fence, on the same line; a fence at the end of a line of code closes; end-of-turn tokens after
a closing fence are ignored; and a tagged fence no deeper than that of an open block starts a new one, because
the first was never closed.
"""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Fence", "find_fences", "strip_end_tokens"]

TAB_COLUMNS: Final = 4
CLOSING_INDENT_COLUMNS: Final = 4
"""A fence indented by this much more than the opening one is text, such as an example in a docstring."""

_OPENING: Final = re.compile(r"([ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^`]*)\Z")
_INLINE_OPENING: Final = re.compile(r"[^`]*(`{3,})([A-Za-z][\w+#.-]{0,31})[ \t]*\Z")
_TAG: Final = re.compile(r"[{.]*([^\s,:{}]*)")
_END_TOKEN: Final = re.compile(r"<(?:\|[^<>|]{1,40}\||/s|/answer|eos|end_of_turn|｜[^<>｜]{1,40}｜)>\Z")  # noqa: RUF001
_END_TOKEN_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block."""

    tag: str
    """The first word after the opening fence, in lower case; empty if there is none."""
    body: str
    """The lines between the fences, without the indentation of the opening fence."""
    closed: bool
    """Whether a closing fence was found; otherwise the body goes to the end of the text."""


@dataclass(frozen=True, slots=True)
class _Opening:
    columns: int
    mark: str
    tag: str


def find_fences(text: str) -> list[Fence]:
    """Finds the fenced blocks of ``text``, in order. Line ends may be LF or CRLF."""
    blocks: list[Fence] = []
    opening: _Opening | None = None
    body: list[str] = []
    for raw_line in text.split("\n"):
        line = raw_line.removesuffix("\r")
        if "```" not in line and "~~~" not in line:
            body.append(line)
            continue
        if opening is None:
            opening, body = _parse_opening(line) or _parse_inline_opening(line), []
        elif (last_line := _text_before_closing(line, opening)) is not None:
            blocks.append(_block(opening, [*body, last_line] if last_line else body, closed=True))
            opening, body = None, []
        elif (started := _parse_opening(line)) is not None and _supersedes(started, opening):
            blocks.append(_block(opening, body, closed=False))
            opening, body = started, []
        else:
            body.append(line)
    if opening is not None:
        blocks.append(_block(opening, body, closed=False))
    return blocks


def strip_end_tokens(text: str) -> str:
    """Takes end-of-turn tokens (`<|im_end|>`, `</s>`, `</answer>` and the like) and white space off the end."""
    end = _end_of_text(text, len(text))
    while text.endswith(">", 0, end):
        token = _END_TOKEN.search(text, max(0, end - _END_TOKEN_CHARACTERS), end)
        if token is None:
            break
        end = _end_of_text(text, token.start())
    return text[:end]


def _end_of_text(text: str, end: int) -> int:
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _parse_opening(line: str) -> _Opening | None:
    match = _OPENING.match(line)
    if match is None:
        return None
    margin, mark, info = match.groups()
    return _Opening(_columns(margin), mark, _parse_tag(info))


def _parse_inline_opening(line: str) -> _Opening | None:
    match = _INLINE_OPENING.match(line)
    return None if match is None else _Opening(0, match[1], match[2].lower())


def _parse_tag(info: str) -> str:
    match = _TAG.match(info.strip())
    return "" if match is None else match[1].lower()


def _supersedes(started: _Opening, opening: _Opening) -> bool:
    return started.tag != "" and started.mark.startswith(opening.mark) and started.columns <= opening.columns


def _text_before_closing(line: str, opening: _Opening) -> str | None:
    """Gives the code before a closing fence on its line, or None if the line closes nothing."""
    text = strip_end_tokens(line)
    code = text.rstrip(opening.mark[0])
    if len(text) - len(code) < len(opening.mark):
        return None
    if code.strip():
        return code
    return "" if _columns(code) < opening.columns + CLOSING_INDENT_COLUMNS else None


def _columns(margin: str) -> int:
    return len(margin.expandtabs(TAB_COLUMNS))


def _block(opening: _Opening, lines: list[str], *, closed: bool) -> Fence:
    body = "\n".join(_without_margin(line, opening.columns) for line in lines)
    return Fence(opening.tag, body if closed else strip_end_tokens(body), closed)


def _without_margin(line: str, columns: int) -> str:
    if columns == 0:
        return line
    text = line.lstrip(" \t")
    margin = line[: len(line) - len(text)].expandtabs(TAB_COLUMNS)
    return margin[columns:] + text
