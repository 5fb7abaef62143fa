"""Other values for the literals that a test expects. Pure.

Only where the whole expression is literals and what makes values of them one to one, so that another literal is
certain to be another value.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

__all__ = ["changed_literals"]

_LARGE: Final = 16_000_000  # up to here even a float of 32 bits has every whole number
_NUMBER: Final = r"(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?)(?P<suffix>[uUlLfFdD]{0,3}|_?[iuf](?:8|16|32|64|128|size))"
_LITERAL: Final = (
    rf'(?P<text>"[^"\\\n]*(?:\\.[^"\\\n]*)*")|(?<![\w.]){_NUMBER}(?![\w.]*\w)|(?<![\w.])(?P<truth>true|false)\b'
)
_NAMES: Final[Mapping[str, str]] = {
    "go": r"\[\]|\b(?:u?int(?:8|16|32|64)?|float(?:32|64)|string|bool)\b",
    "java": r"\b(?:Arrays\.asList|List\.of|Optional\.of|new\s+ArrayList<>)(?=\s*\()",
    "javascript": r"\bJSON\.stringify(?=\s*\()",
    "rust": r"\bvec!|\bString::from(?=\()|\.to_(?:string|owned|vec)\(\)|\bSome(?=\()|&",
}
_BUILT: Final = r"[\s,()\[\]{}]"
_SINGLE: Final = r"(?P<text>'[^'\\\n]*'|"
_TOKENS: Final[Mapping[str, re.Pattern[str]]] = {
    **{language: re.compile(rf"{_LITERAL}|(?:{names})|{_BUILT}") for language, names in _NAMES.items()},
    "c": re.compile(_LITERAL),
    "cpp": re.compile(_LITERAL),
    "javascript": re.compile(rf"{_LITERAL.replace('(?P<text>', _SINGLE)}|(?:{_NAMES['javascript']})|{_BUILT}"),
}


def changed_literals(language: str, expression: str) -> list[tuple[tuple[int, int], str]]:
    """Where the literals of an expression are, each with another value; none if there is anything else in it."""
    family = "javascript" if language == "typescript" else language
    tokens = _TOKENS.get(family)
    changes: list[tuple[tuple[int, int], str]] = []
    here = 0
    while tokens is not None and here < len(expression):
        token = tokens.match(expression, here)
        if token is None:
            return []
        if token["text"]:
            changes.append((token.span("text"), f"{token['text'][:-1]}~7{token['text'][-1]}"))
        elif token["number"]:
            changes.append((token.span("number"), _other_number(token["number"])))
        elif token["truth"]:
            changes.append((token.span("truth"), "false" if token["truth"] == "true" else "true"))
        here = token.end()
    return changes


def _other_number(text: str) -> str:
    if "." in text:
        value = Decimal(text)
        return format(value + 7 if abs(value) <= _LARGE // 16 else Decimal("7.5"), "f")
    value_of_digits = int(text) if len(text) < 20 else 0  # longer ones are not worth reading
    return str(value_of_digits + 7 if abs(value_of_digits) <= _LARGE else value_of_digits // 2 + 7)
