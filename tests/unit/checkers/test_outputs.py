"""`PEER_CASES` are the rows of the comparison of four other services (TRAINERS 18), with our verdicts."""

import time
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Checker
from assay_workers.checkers.outputs import check_output

EXACT = Checker(type="exact")
LINES = Checker(type="lines")
TOKENS = Checker(type="tokens")
TOKENS_ANY_CASE = Checker(type="tokens", case_sensitive=False)
FLOAT = Checker(type="float")
UNORDERED = Checker(type="unordered_lines")
CHECKERS = (EXACT, LINES, TOKENS, TOKENS_ANY_CASE, FLOAT, UNORDERED)

PEER_CASES = [
    # what, stdout, expected, the checkers that accept it
    ("exact", b"1 2\n3\n", "1 2\n3\n", CHECKERS),
    ("missing final newline in expected", b"1\n", "1", CHECKERS[1:]),
    ("trailing space on a line", b"1 \n2\n", "1\n2\n", CHECKERS[1:]),
    ("extra blank last line", b"1\n\n", "1\n", CHECKERS[1:]),
    ("leading space", b" 1\n", "1\n", (TOKENS, TOKENS_ANY_CASE, FLOAT)),
    ("double space between tokens", b"1  2\n", "1 2\n", (TOKENS, TOKENS_ANY_CASE, FLOAT)),
    ("tokens on one line vs several", b"1\n2\n", "1 2\n", (TOKENS, TOKENS_ANY_CASE, FLOAT)),
    ("case differs", b"yes\n", "YES\n", (TOKENS_ANY_CASE,)),
    ("float with one digit more", b"0.3333333\n", "0.333333\n", (FLOAT,)),
    ("float relative error 1e-6", b"1000000.9\n", "1000000.0\n", (FLOAT,)),
    ("float relative error 1e-4", b"1.0001\n", "1.0\n", ()),
    ("1 for 1.0", b"1\n", "1.0\n", (FLOAT,)),
    ("1.0 for 1", b"1.0\n", "1\n", ()),
    ("big integers differ by one", b"1000000008\n", "1000000007\n", ()),
    ("lines permuted", b"2\n1\n", "1\n2\n", (UNORDERED,)),
    ("tokens permuted in a line", b"2 1\n", "1 2\n", ()),
    ("duplicate tokens dropped", b"1 2\n", "1 1 2\n", ()),
    ("duplicate lines dropped", b"1\n2\n", "1\n1\n2\n", ()),
    ("empty for nothing", b"\n", "", CHECKERS[1:]),
    ("nothing for 0", b"", "0\n", ()),
    ("CRLF", b"1\r\n2\r\n", "1\n2\n", CHECKERS[1:]),
]
HOSTILE_CASES = [
    ("a prefix of the lines", b"1\n2\n", "1\n2\n3\n"),
    ("more than the lines", b"1\n2\n3\n", "1\n2\n"),
    ("digits of another script", "\u0661\n".encode(), "1\n"),
    ("a no-break space", "1\u00a02\n".encode(), "1 2\n"),
    ("a line separator", "1\u20282\n".encode(), "1\n2\n"),
    ("a next-line character", "1\u00852\n".encode(), "1\n2\n"),
    ("a file separator", b"1\x1c2\n", "1 2\n"),
    ("a NUL", b"1\x00\n", "1\n"),
    ("underscores", b"1_000\n", "1000\n"),
    ("underscores in a float", b"1_0.0\n", "10.0\n"),
    ("nan", b"nan\n", "1.0\n"),
    ("infinity", b"inf\n", "1.0\n"),
    ("overflow for overflow", b"1e999\n", "2e999\n"),
    ("a number for overflow", b"1.0\n", "1e999\n"),
    ("overflow for a number", b"1e999\n", "1.0\n"),
    ("a huge whole number for a float", b"9" * 4_000_000, "1.0\n"),
    ("hexadecimal", b"0x1\n", "1.0\n"),
    ("bytes that are not UTF-8", b"\xff\n", "\ufffd\n"),
]


@pytest.mark.parametrize(("what", "stdout", "expected", "accepting"), PEER_CASES)
def test_each_checker_judges_the_cases_on_which_peers_differ(
    what: str, stdout: bytes, expected: str, accepting: tuple[Checker, ...]
) -> None:
    assert [checker for checker in CHECKERS if check_output(checker, stdout, expected)] == list(accepting)


@pytest.mark.parametrize(("what", "stdout", "expected"), HOSTILE_CASES)
@pytest.mark.parametrize("checker", CHECKERS)
def test_no_checker_accepts_look_alikes(checker: Checker, what: str, stdout: bytes, expected: str) -> None:
    assert not check_output(checker, stdout, expected)


@pytest.mark.parametrize(
    ("stdout", "expected", "is_right"),
    [
        (b"1.00000099\n", "1.0\n", True),
        (b"1.0000011\n", "1.0\n", False),
        (b"-0.0\n", "0.0\n", True),
        (b"1e3\n", "1000.0\n", True),
        (b"1000\n", "1e3\n", True),
        (b"x 1.0\n", "x 1.0000001\n", True),
        (b"y 1.0\n", "x 1.0\n", False),
        (b"0.0000009\n", "0.0\n", True),
        (b"1000000000.5\n", "1000000000.0\n", True),
        (b"1.5.2\n", "1.5.2\n", True),
        (b"nan\n", "nan\n", True),
    ],
)
def test_the_float_checker_tolerates_the_larger_of_both_tolerances(
    stdout: bytes, expected: str, is_right: bool
) -> None:
    assert check_output(FLOAT, stdout, expected) is is_right


@given(st.binary(max_size=60), st.text("01 \n\t\r.e", max_size=60))
def test_tokens_are_equal_exactly_if_the_split_lists_are(stdout: bytes, expected: str) -> None:
    assert check_output(TOKENS, stdout, expected) == (stdout.split() == expected.encode().split())


@given(st.text("ab \n\t\r\v", max_size=12), st.text("ab \n\t\r\v", max_size=12))
def test_lines_differ_only_in_white_space_at_ends(stdout: str, expected: str) -> None:
    def lines(text: str) -> list[str]:
        return [line.rstrip() for line in text.rstrip().split("\n")]

    assert check_output(LINES, stdout.encode(), expected) == (lines(stdout) == lines(expected))
    assert check_output(UNORDERED, stdout.encode(), expected) == (
        Counter(lines(stdout)) == Counter(lines(expected))
    )


@given(st.text(st.characters()), st.sampled_from(CHECKERS))
def test_every_checker_accepts_the_expected_output_itself(text: str, checker: Checker) -> None:
    assert check_output(checker, text.encode("utf-8", "surrogatepass"), text)


@given(st.lists(st.text("ab", min_size=1), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_unordered_lines_accept_every_permutation(lines: list[str], random: Random) -> None:
    shuffled = random.sample(lines, len(lines))
    assert check_output(UNORDERED, "\n".join(shuffled).encode(), "\n".join(lines))


@pytest.mark.parametrize(
    ("checker", "stdout", "expected", "limit_s"),
    [
        (EXACT, b"1 " * 5_000_000, "1 " * 5_000_000, 0.5),
        (LINES, b"12 \n" * 2_500_000, "12\n" * 3_300_000, 1.5),
        (TOKENS, b"1 " * 5_000_000, "1\n" * 4_999_999 + "2\n", 1.5),
        (TOKENS, b" " * 10_000_000 + b"1", "1\n", 1.5),
        (FLOAT, b"0.1234567 " * 1_000_000, "0.1234568\n" * 1_000_000, 3.0),
        (UNORDERED, b"1\n2\n" * 2_500_000, "2\n1\n" * 2_500_000, 4.0),
    ],
)
def test_ten_megabytes_are_compared_in_bounded_time(
    checker: Checker, stdout: bytes, expected: str, limit_s: float
) -> None:
    started_s = time.process_time()
    check_output(checker, stdout, expected)
    assert time.process_time() - started_s < limit_s


def test_numbers_and_words_may_be_compared_in_either_case() -> None:
    any_case = Checker(type="float", case_sensitive=False)
    assert check_output(any_case, b"YES 0.5000001 1E-3\n", "yes 0.5 1e-3")
    assert not check_output(any_case, b"no 0.5\n", "yes 0.5")
    assert not check_output(FLOAT, b"YES 0.5\n", "yes 0.5")
