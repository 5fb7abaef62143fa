r"""GSM8K and MATH: the gold answer of a worked solution, behind `####` or in the last `\boxed`.

The fields are those of `openai/gsm8k`, `hendrycks/competition_math` and `HuggingFaceH4/MATH-500`.
"""

import re
from typing import Final

from assay.contract import AccuracyReward
from assay.formats.cases import build
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format

__all__ = ["GSM8K", "MATH", "last_boxed"]

_MARK: Final = "####"
_BOX: Final = re.compile(r"\\(?:boxed|fbox)\s*\{|\\boxed\s+(?=[^\s{])")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def last_boxed(text: str) -> str | None:
    r"""What stands in the last `\boxed{…}`, `\fbox{…}` or behind the last `\boxed ` of a text; None without one."""
    *_, last = (None, *_BOX.finditer(text))
    if last is None:
        return None
    if not last[0].endswith("{"):
        return re.split(r"[\s$]", text[last.end() :], maxsplit=1)[0].rstrip(".,") or None
    depth = 1
    for place in range(last.end(), len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
        if depth == 0:
            return text[last.end() : place].strip() or None
    return None


def _convert_gsm8k(row: Field) -> Converted:
    answer = row["answer"]
    _, mark, gold = answer.text().rpartition(_MARK)
    if not mark or not gold.strip():
        answer.fail(f"has no answer behind {_MARK!r}")
    reward = build(AccuracyReward, answer, type="accuracy", gold=_THOUSANDS.sub("", gold.strip()))
    return Converted(prompt=row["question"].text(), extra_rewards=(reward,))


def _convert_math(row: Field) -> Converted:
    answer, solution = row.find("answer"), row.find("solution")
    if answer is not None:
        place, gold = answer, answer.name().strip()
    else:
        place = row["solution"]
        gold = last_boxed(place.text()) or place.fail("has no \\boxed answer that ends")
    boxed = gold if "\\boxed" in gold else f"\\boxed{{{gold}}}"
    number = row.find("unique_id")
    return Converted(
        id=number.name() if number is not None else None,
        prompt=row["problem"].text(),
        extra_rewards=(build(AccuracyReward, place, type="accuracy", gold=boxed),),
        warnings=("solution: has another answer than `answer`",) if _differs(solution, gold) else (),
    )


def _differs(solution: Field | None, gold: str) -> bool:
    found = last_boxed(solution.text()) if solution is not None else None
    return found is not None and found.replace(" ", "") != gold.replace(" ", "")


def _detect_gsm8k(row: Row) -> bool:
    answer = row.get("answer")
    return isinstance(row.get("question"), str) and isinstance(answer, str) and _MARK in answer


def _detect_math(row: Row) -> bool:
    others = {"tests", "verification_info", "subtask", "official_tests", "input_output", "public_test_cases"}
    answered = isinstance(row.get("answer"), str) or "boxed" in str(row.get("solution", ""))
    return isinstance(row.get("problem"), str) and answered and not others & row.keys()


GSM8K: Final = Format(name="gsm8k", aliases=("openai/gsm8k",), detect=_detect_gsm8k, convert=_convert_gsm8k)
MATH: Final = Format(
    name="math",
    aliases=("hendrycks/competition_math", "lighteval/MATH", "HuggingFaceH4/MATH-500"),
    detect=_detect_math,
    convert=_convert_math,
)
