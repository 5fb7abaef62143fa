"""Test code that would run in the candidate's process is refused, unless the request and the language allow it."""

import pytest

from assay.contract import CodeReward
from assay.errors import ItemError
from assay_workers.graders.in_process import script_allowed
from assay_workers.sandbox.languages import languages


def _spec(tests: dict[str, object]) -> CodeReward:
    return CodeReward.model_validate({"type": "code", "language": "go", "tests": tests})


_SCRIPT = {"kind": "script", "source": "func TestF(t *testing.T) {}", "entry_point": "F"}


def test_a_script_that_is_allowed_runs() -> None:
    spec = _spec({**_SCRIPT, "allow_in_process": True})
    assert script_allowed(languages()["go"], spec.tests) is spec.tests


@pytest.mark.parametrize(
    ("language", "tests", "hint"),
    [
        ("go", _SCRIPT, "allow_in_process"),
        ("sql", {**_SCRIPT, "allow_in_process": True}, "stdio"),
        ("go", {"kind": "function", "entry_point": "F", "cases": [{"expected": 1}]}, "stdio"),
        ("cpp", {"kind": "assert", "asserts": ["assert f() == 1"]}, "stdio"),
    ],
)
def test_whatever_could_be_forged_is_refused_with_a_way_out(
    language: str, tests: dict[str, object], hint: str
) -> None:
    with pytest.raises(ItemError) as caught:
        script_allowed(languages()[language], _spec(tests).tests)
    assert caught.value.code == "tests_not_isolable"
    assert hint in caught.value.hint
