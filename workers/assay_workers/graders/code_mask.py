"""Where code is code: comments and the insides of literals blanked out, and the brackets of what is left. Pure.

A scanner, not a parser. Of text that it cannot read with certainty it makes nothing; it never raises.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["CodeMask", "Span", "mask_code"]

Span = tuple[int, int]
"""Offsets of a piece of the code: its first character, and the one behind its last."""

_LINE_COMMENT: Final = r"(?P<comment>//(?:\\\n|[^\n])*|/\*[\s\S]*?\*/)"
_QUOTED: Final = r'"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"'
_CHARACTER: Final = r"'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'"
_UNREADABLE: Final = r"(?P<unreadable>[\"'`]|/\*)"
_C: Final = (
    rf'{_LINE_COMMENT}|(?P<number>\b\d[\w.\']*)|(?P<literal>\bu?8?[UL]?R"(?P<ends>[^\s()\\"]{{0,16}})\('
    rf'[\s\S]*?\)(?P=ends)"|{_QUOTED}|{_CHARACTER})|{_UNREADABLE}'
)
_JAVASCRIPT: Final = (
    rf"{_LINE_COMMENT}|(?P<literal>{_QUOTED}|{_CHARACTER}|`[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{{))[^`\\$]*)*`)"
    rf"|[(,=:\[!&|?{{}};]\s*(?P<expression>/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/)|{_UNREADABLE}"
)
_SCANNERS: Final[Mapping[str, re.Pattern[str]]] = {
    "c": re.compile(_C),
    "cpp": re.compile(_C),
    "go": re.compile(rf"{_LINE_COMMENT}|(?P<literal>{_QUOTED}|{_CHARACTER}|`[^`]*`)|{_UNREADABLE}"),
    "java": re.compile(rf'{_LINE_COMMENT}|(?P<literal>"""[\s\S]*?"""|{_QUOTED}|{_CHARACTER})|{_UNREADABLE}'),
    "javascript": re.compile(_JAVASCRIPT),
    "typescript": re.compile(_JAVASCRIPT),
    "rust": re.compile(
        r"(?P<comment>//[^\n]*|/\*(?:(?!/\*)[\s\S])*?\*/)"  # nested ones are unreadable
        r'|(?P<literal>\bb?r(?P<ends>#*)"[\s\S]*?"(?P=ends)|"[^"\\]*(?:\\[\s\S][^"\\]*)*"'
        rf"|'(?:\\[^\n]{{1,10}}?|[^'\\\n])')|(?P<lifetime>'[A-Za-z_]\w*)|{_UNREADABLE}"
    ),
}
_BRACKET: Final = re.compile(r"[()\[\]{}]")
_OPENER: Final = re.compile(r"[(\[{]")
_OPENING: Final = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class CodeMask:
    """Code, and the same with nothing in its literals and comments: every offset is good for both."""

    text: str
    masked: str
    """Comments are spaces, and of a literal only its first and last character are left."""
    closing: Mapping[int, int]
    """Where the bracket that opens at an offset is closed."""
    opened: Mapping[int, int]
    """Where the bracket that closes at an offset is opened."""
    outermost: frozenset[int]
    """The opening brackets that stand in no other."""

    def top_level(self, pattern: re.Pattern[str], span: Span) -> Iterator[re.Match[str]]:
        """The matches in a span that are in no bracket that opens within it."""
        here, end = span
        either = re.compile(rf"(?P<_found>{pattern.pattern})|[(\[{{]", pattern.flags)
        while found := either.search(self.masked, here, end):
            if found["_found"] is None:
                here = self.closing[found.start()] + 1
                continue
            yield found
            inside = next((each for each in range(*found.span()) if each in self.closing), None)
            here = found.end() if inside is None else self.closing[inside] + 1
            here = max(here, found.start() + 1)

    def parts(self, opening: int) -> list[Span]:
        """What stands between the commas in a bracket, without the space around it."""
        start, end = opening + 1, self.closing[opening]
        parts: list[Span] = []
        for comma in self.top_level(re.compile(","), (start, end)):
            parts.append(self.trimmed((start, comma.start())))
            start = comma.end()
        last = self.trimmed((start, end))
        return [*parts, last] if last[0] < last[1] else parts

    def trimmed(self, span: Span) -> Span:
        """A span without space and comments around it."""
        piece = self.masked[slice(*span)]
        start = span[0] + len(piece) - len(piece.lstrip())
        return start, max(start, span[1] - (len(piece) - len(piece.rstrip())))

    def flat(self, span: Span) -> str:
        """The masked piece, with underscores for what is in its brackets: what is left are its own operators."""
        pieces, here = [], span[0]
        while found := _OPENER.search(self.masked, here, span[1]):
            close = self.closing[found.start()]
            pieces.append(self.masked[here : found.end()] + "_" * (close - found.end()))
            here = close
        return "".join(pieces) + self.masked[here : span[1]]


def mask_code(language: str, text: str) -> CodeMask | None:
    """Masks code of a language's family; None where that is unknown, or the text cannot be read for certain."""
    scanner = _SCANNERS.get(language)
    if scanner is None:
        return None
    pieces, here = [], 0
    for found in scanner.finditer(text):
        if found["unreadable"]:
            return None
        kind = found.lastgroup if found.lastgroup != "ends" else "literal"
        if kind in ("comment", "literal", "expression"):
            start, end = found.span(kind)
            pieces += [text[here:start], _blank(text[start:end], kind == "comment")]
            here = end
    masked = "".join(pieces) + text[here:]
    return _paired(text, masked)


def _blank(piece: str, comment: bool) -> str:
    if comment:
        return re.sub(r"[^\n]", " ", piece)
    return piece[0] + "_" * (len(piece) - 2) + piece[-1]


def _paired(text: str, masked: str) -> CodeMask | None:
    closing: dict[int, int] = {}
    outermost: set[int] = set()
    still_open: list[int] = []
    for found in _BRACKET.finditer(masked):
        if found[0] not in _OPENING:
            if not still_open:
                outermost.add(found.start())
            still_open.append(found.start())
        elif still_open and masked[still_open[-1]] == _OPENING[found[0]]:
            closing[still_open.pop()] = found.start()
        else:
            return None
    if still_open:
        return None
    opened = {close: opening for opening, close in closing.items()}
    return CodeMask(text, masked, closing, opened, frozenset(outermost))
