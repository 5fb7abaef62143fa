"""A dataset's row in a request becomes a plain suite before anything else sees it."""

import base64
import json
import zlib
from typing import Any

import pytest

from assay.contract import CodeReward, IoiCodeReward, Item, ItemResult
from assay.errors import ItemError
from assay.queue.port import NewBatch
from assay_service.admission import AdmissionTerms, admit_batch
from assay_service.dataset_rows import expand_rows
from tests.fixtures.dataset_rows import IOI_GRADER

TACO: dict[str, Any] = {
    "input_output": json.dumps({"inputs": ["1\n"], "outputs": ["2\n"]}),
    "time_limit": "2.0 seconds",
    "memory_limit": "256.0 megabytes",
    "raw_tags": "[]",
}
PLAIN = {"kind": "stdio", "cases": [{"stdin": "1", "expected": "1"}]}


def item(
    row: object = TACO, kind: str = "code", tests: dict[str, Any] | None = None, **reward: Any
) -> dict[str, Any]:
    given = {"kind": "dataset", "row": row, **(tests or {})}
    return {"id": "x", "code": "pass", "rewards": [{"type": kind, "tests": given, **reward}]}


def admit(*items: object, max_expanded_bytes: int = 1_000_000, **fields: object) -> NewBatch:
    terms = AdmissionTerms(100, workers=2, shard_work_s=0.5, max_expanded_bytes=max_expanded_bytes)
    return admit_batch(json.dumps({"items": items, **fields}).encode(), "b", terms)


def reward_of(batch: NewBatch) -> CodeReward:
    (reward,) = Item.model_validate_json(bytes(batch.items[0])).rewards
    assert isinstance(reward, CodeReward)
    return reward


def refused(*items: dict[str, Any], **fields: Any) -> tuple[str, str, str]:
    """Code, path and message with hint of the only refused item."""
    (result,) = admit(*items, **fields).results.values()
    error = ItemResult.model_validate_json(result).error
    assert error is not None
    return error.code, error.path or "", f"{error.message}; {error.hint}"


@pytest.mark.parametrize("name", [{}, {"format": "auto"}, {"format": "taco"}, {"format": "BAAI/TACO"}])
def test_the_workers_get_a_plain_suite(name: dict[str, str]) -> None:
    reward = reward_of(admit(item(tests=name)))
    assert reward.tests.kind == "stdio"
    assert reward.tests.cases[0].stdin == "1\n"


def test_the_limits_of_the_row_hold() -> None:
    assert (reward_of(admit(item())).limits.cpu_s, reward_of(admit(item())).limits.memory_mb) == (2.0, 256)


def test_limits_of_the_request_overrule_those_of_the_row_one_by_one() -> None:
    limits = reward_of(admit(item(limits={"cpu_s": 7}))).limits
    assert (limits.cpu_s, limits.memory_mb) == (7.0, 256)


def test_the_language_of_the_request_overrules_that_of_the_row() -> None:
    assert reward_of(admit(item(language="cpp"))).language == "cpp"


def test_a_row_may_stand_in_the_defaults() -> None:
    batch = admit({"id": "x", "code": "pass"}, defaults={"rewards": item()["rewards"]})
    assert reward_of(batch).tests.kind == "stdio"


def test_binary_code_takes_rows_too() -> None:
    batch = admit(item(kind="binary_code"))
    assert batch.results == {}


def test_a_row_of_the_ioi_brings_its_grader_to_the_reward_that_links_it() -> None:
    batch = admit(item(kind="ioi_code", row=IOI_GRADER))
    (reward,) = Item.model_validate_json(bytes(batch.items[0])).rewards
    assert isinstance(reward, IoiCodeReward)
    assert (sorted(reward.grader_files), reward.main) == (["doubles.h", "grader.cpp"], "doubles.cpp")


def test_an_item_without_rows_is_left_as_it_is() -> None:
    plain = {"rewards": [{"type": "code", "tests": PLAIN}, None, {"tests": 1}]}
    assert expand_rows(plain, "items[0]") is plain


@pytest.mark.parametrize("rewards", [None, 1, {}, [1], [{"tests": []}], [{"tests": {"kind": []}}]])
def test_what_is_no_list_of_rewards_is_left_to_the_item_itself(rewards: object) -> None:
    given = {"rewards": rewards}
    assert expand_rows(given, "items[0]") is given


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (item(row={"input_output": "{"}), "invalid_row", "row.input_output"),
        (item(row={}), "invalid_row", "row"),
        (item(row=[]), "invalid_item", "row"),
        (item(tests={"format": "tako"}), "invalid_row", "format"),
        (item(tests={"format": 1}), "invalid_item", "format"),
        (item(tests={"rows": 1}), "invalid_item", "rows"),
        (item(row={"question": "?", "answer": "#### 4"}), "invalid_row", "row"),
        (
            item(row={"official_tests": [{"input": "", "output": ""}], "interaction_format": "Print a query."}),
            "unsupported_row",
            "row.interaction_format",
        ),
        (
            item(row=IOI_GRADER),
            "invalid_row",
            "row.grader_files",
        ),
    ],
)
def test_a_bad_row_is_the_error_of_its_item_with_the_path_from_the_request_on(
    given: dict[str, Any], code: str, path: str
) -> None:
    assert refused(given)[:2] == (code, f"items[0].rewards[0].tests.{path}")


def test_a_field_that_is_missing_is_named() -> None:
    given = item()
    del given["rewards"][0]["tests"]["row"]
    assert refused(given)[:2] == ("invalid_item", "items[0].rewards[0].tests.row")


def test_a_misspelt_format_has_a_hint() -> None:
    assert "did you mean 'taco'?" in refused(item(tests={"format": "tako"}))[2]


def test_other_items_are_admitted_beside_a_bad_row() -> None:
    batch = admit(item(row={}), {**item(), "id": "y"})
    assert (list(batch.items), list(batch.results)) == ([1], [0])


def test_limits_that_are_none_are_the_complaint_of_the_item() -> None:
    assert refused(item(limits=[]))[:2] == ("invalid_item", "items[0].rewards[0].limits")


def test_rows_that_grow_beyond_the_bound_together_are_refused() -> None:
    def row(digit: str) -> dict[str, Any]:
        tests = json.dumps([{"input": digit * 60_000, "output": "1", "testtype": "stdin"}])
        text = b"\x80\x04X" + len(tests).to_bytes(4, "little") + tests.encode() + b"."
        return {"public_test_cases": "[]", "private_test_cases": base64.b64encode(zlib.compress(text)).decode()}

    items = [{**item(row=row(digit)), "id": str(number)} for number, digit in enumerate("0012")]
    batch = admit(*items, max_expanded_bytes=130_000)
    assert (list(batch.items), list(batch.results)) == ([0, 1, 2], [3]), "what is the same counts once"
    assert len(batch.suites) == 2, "nothing of a refused item is kept"


def test_expansion_says_the_path_of_the_reward() -> None:
    given = {"rewards": [{"type": "format"}, item(row={})["rewards"][0]]}
    with pytest.raises(ItemError) as caught:
        expand_rows(given, "items[3]")
    assert caught.value.path == "items[3].rewards[1].tests.row"


def test_the_imports_of_the_datasets_runner_go_before_the_program() -> None:
    assert "from typing import *" in reward_of(admit(item())).prelude


@pytest.mark.parametrize(("given", "prelude"), [({"prelude": "import re"}, "import re"), ({"language": "cpp"}, "")])
def test_not_where_the_request_has_others_or_another_language(given: dict[str, Any], prelude: str) -> None:
    assert reward_of(admit(item(**given))).prelude == prelude
