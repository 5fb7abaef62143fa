"""Comparison of a program's standard output with the expected output.

Bytes are compared with bytes: white space is the ASCII one (space, tab, LF, CR, VT, FF), so no Unicode
separator and no look-alike digit is worth anything. Nothing is parsed but numbers that match a strict
pattern, nothing backtracks, and every comparison is linear in the two sizes. `docs/checkers.md` states each
rule with examples. Source: `INTEGRITY.md` 2.13.
"""

import math
import re
from collections import Counter
from typing import Final, assert_never

from assay.contract import Checker

__all__ = ["as_bytes", "check_output"]

CHUNK_TOKENS: Final = 10_000
"""Numbers are compared in chunks of this size: large enough to be fast, small enough to need no memory."""

# Possessive, so a token that is no number ends the match at once.
_NUMBERS: Final = re.compile(rb"(?:[+-]?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})? )*+")
_INEXACT_NUMBERS: Final = re.compile(rb"(?:[+-]?\d{1,400}(?:\.\d{1,400}(?:[eE][+-]?\d{1,3})?|[eE][+-]?\d{1,3}) )*+")
"""Numbers with a point or an exponent; a whole number is always compared exactly."""
_WHITE_TO_SPACE: Final = bytes.maketrans(b"\t\n\r\v\f", b"     ")


def check_output(checker: Checker, stdout: bytes, expected: str) -> bool:
    """Says whether a program printed what was expected.

    Args:
        checker: the rule of comparison and its parameters.
        stdout: all that the program printed.
        expected: the expected output; compared as UTF-8.

    Returns:
        True if the output is right.
    """
    wanted = as_bytes(expected)
    match checker.type:
        case "exact":
            return stdout == wanted
        case "lines":
            return _same_lines(stdout, wanted)
        case "tokens":
            return _same_tokens(stdout, wanted, case_sensitive=checker.case_sensitive)
        case "float":
            return _same_numbers(checker, stdout, wanted)
        case "unordered_lines":
            return _same_unordered_lines(stdout, wanted)
        case _:
            assert_never(checker.type)


def as_bytes(text: str) -> bytes:
    """A text of the tests as a program reads or prints it: UTF-8, with half surrogate pairs as they are."""
    return text.encode("utf-8", "surrogatepass")


def _same_lines(stdout: bytes, wanted: bytes) -> bool:
    # Most outputs are right but for the final newline: two scans decide, and no list is made.
    return stdout.rstrip() == wanted.rstrip() or _lines(stdout) == _lines(wanted)


def _same_unordered_lines(stdout: bytes, wanted: bytes) -> bool:
    lines, wanted_lines = _lines(stdout), _lines(wanted)
    if len(lines) != len(wanted_lines):
        return False
    return lines == wanted_lines or Counter(lines) == Counter(wanted_lines)


def _lines(output: bytes) -> list[bytes]:
    """Splits at LF, without the white space at line ends and without blank lines at the end."""
    return list(map(bytes.rstrip, output.rstrip().split(b"\n")))


def _same_tokens(stdout: bytes, wanted: bytes, *, case_sensitive: bool) -> bool:
    if case_sensitive:
        return _squeeze(stdout) == _squeeze(wanted)
    return _squeeze(stdout).lower() == _squeeze(wanted).lower()


def _squeeze(output: bytes) -> bytes:
    """Makes every run of white space one space; two outputs have equal tokens iff they are equal squeezed.

    A list of the tokens would say the same with twenty times the memory. Each pass halves the longest run.
    """
    squeezed = output.translate(_WHITE_TO_SPACE).strip()
    while b"  " in squeezed:
        squeezed = squeezed.replace(b"  ", b" ")
    return squeezed


def _same_numbers(checker: Checker, stdout: bytes, wanted: bytes) -> bool:
    if not checker.case_sensitive:
        stdout, wanted = stdout.lower(), wanted.lower()
    tokens, wanted_tokens = stdout.split(), wanted.split()
    if len(tokens) != len(wanted_tokens):
        return False
    return all(
        _same_chunk(checker, tokens[start : start + CHUNK_TOKENS], wanted_tokens[start : start + CHUNK_TOKENS])
        for start in range(0, len(tokens), CHUNK_TOKENS)
    )


def _same_chunk(checker: Checker, tokens: list[bytes], wanted_tokens: list[bytes]) -> bool:
    if tokens == wanted_tokens:
        return True
    differing = [pair for pair in zip(tokens, wanted_tokens, strict=True) if pair[0] != pair[1]]
    tokens, wanted_tokens = [token for token, _ in differing], [wanted for _, wanted in differing]
    if not (_NUMBERS.fullmatch(_join(tokens)) and _INEXACT_NUMBERS.fullmatch(_join(wanted_tokens))):
        return False
    return _are_close(checker, list(map(float, tokens)), list(map(float, wanted_tokens)))


def _join(tokens: list[bytes]) -> bytes:
    return b" ".join(tokens) + b" "


def _are_close(checker: Checker, numbers: list[float], targets: list[float]) -> bool:
    absolute, relative = checker.abs, checker.rel
    # An infinite number fails by itself, but against an infinite target every number would be close.
    return all(map(math.isfinite, targets)) and all(
        abs(number - target) <= max(absolute, relative * abs(target))
        for number, target in zip(numbers, targets, strict=True)
    )
