"""PRIME's Eurus-2, and any other data set in the envelope of verl: `reward_model.ground_truth` and `ability`.

The envelope is that of verl's `examples/data_preprocess`; `ground_truth` of code is what verl's `prime_code`
reads: a table of inputs and outputs, in which the arguments of a call are JSON texts, one per line. code-r1
keeps `pytest` sources and tables in the same place.
"""

from collections.abc import Mapping
from typing import Any, Final

from assay.contract import AccuracyReward, AssertSuite, PytestSuite
from assay.formats.assertions import asserts_of
from assay.formats.cases import build
from assay.formats.deep_coder import convert_tests
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.preludes import IMPORTS

__all__ = ["PRIME"]


def _convert(row: Field) -> Converted:
    notes: list[str] = []
    truth = row["reward_model"]["ground_truth"]
    prompt = row.find("prompt")
    common: dict[str, Any] = {
        "id": _index(row),
        "prompt": prompt.plain() if prompt is not None else None,
    }
    if not _is_code(row, truth):
        gold = build(AccuracyReward, truth, type="accuracy", gold=truth.name())
        return Converted(**common, extra_rewards=(gold,))
    tests = truth.decoded()
    if isinstance(tests.value, Mapping) and (other := _other_tests(tests)) is not None:
        return Converted(suite=other, **common)
    converted = convert_tests(tests, _prompt_text(common["prompt"]), notes)
    return Converted(suite=converted.suite, **common, warnings=tuple(notes))


def _is_code(row: Field, truth: Field) -> bool:
    """`ability` says so; without it the answer is code if it is a table or a list of tests."""
    ability = row.find("ability")
    if ability is not None:
        return ability.text().lower() in {"code", "coding"}
    return isinstance(truth.value, Mapping | list) or truth.name().lstrip().startswith(('{"', "{'", "[{"))


def _other_tests(tests: Field) -> AssertSuite | PytestSuite | None:
    if (asserts := tests.find("assert_case")) is not None:
        return build(AssertSuite, asserts, kind="assert", asserts=asserts_of(asserts))
    if (source := tests.find("pytest")) is not None:
        return build(PytestSuite, source, kind="pytest", files={"test_solution.py": source.text()})
    if (code := tests.find("functional")) is not None:
        code.refuse("assertions without the name of what they are about", "write them as an `assert` suite")
    return None


def _index(row: Field) -> str | None:
    number = row.find("id")
    extra = row.find("extra_info")
    if number is None and extra is not None and isinstance(extra.value, Mapping):
        number = extra.find("index")
    return number.name() if number is not None else None


def _prompt_text(prompt: Any) -> str:
    """The text of a prompt, which may be a list of messages."""
    if isinstance(prompt, list):
        return "\n".join(map(_prompt_text, prompt))
    if isinstance(prompt, dict):
        return _prompt_text(prompt.get("content"))
    return prompt if isinstance(prompt, str) else ""


def _detect(row: Row) -> bool:
    model = row.get("reward_model")
    return isinstance(model, Mapping) and "ground_truth" in model


PRIME: Final = Format(
    name="prime",
    prelude=IMPORTS,
    aliases=("eurus-2", "PRIME-RL/Eurus-2-RL-Data", "verl"),
    detect=_detect,
    convert=_convert,
)
