"""What is found in one test, and the kinds of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["ADVICE", "Finding", "Weakness"]


class Weakness(StrEnum):
    """Why a pass means less than it seems: the `code` of a warning."""

    VACUOUS = "vacuous"
    """It asserts what always holds."""
    SELF_COMPARING = "self_comparing"
    """It compares the program with itself."""
    SWALLOWS_FAILURE = "swallows_failure"
    """It catches what its assertions raise."""
    NO_ASSERTION = "no_assertion"
    """It asserts nothing."""
    UNSEEDED_RANDOM = "unseeded_random"
    """It draws from a generator that it does not seed."""
    CONSTANT_EXPECTED = "constant_expected"
    """All tests of the suite expect the same: a program that never reads its input passes."""
    EMPTY_EXPECTED = "empty_expected"
    """It gives input and expects no output: a program that does nothing passes."""


@dataclass(frozen=True)
class Finding:
    """A weakness of one test."""

    weakness: Weakness
    message: str
    line: int | None = None
    """Line in the test's source, from 1."""


ADVICE: Final = {
    Weakness.VACUOUS: "assert something of the value that the program returns",
    Weakness.SELF_COMPARING: "write the expected value down, or define a reference in the prompt or the tests",
    Weakness.SWALLOWS_FAILURE: "let the assertion's error out, or catch only the exception that is meant",
    Weakness.NO_ASSERTION: "assert something, and see that it is called",
    Weakness.UNSEEDED_RANDOM: "seed the generator, or write the inputs down",
    Weakness.CONSTANT_EXPECTED: "add a test that expects something else",
    Weakness.EMPTY_EXPECTED: "see that the expected output was not lost, and add a test that expects some",
}
"""What to do about each."""
