"""docs/formats.md says what the registry has."""

import json
import re
from pathlib import Path

import pytest

from assay.contract import CodeReward
from assay.contract.tests import MAX_CASES
from assay.formats import FORMATS, Format
from assay.formats.encoded import MAX_DECODED_BYTES
from assay_service.dataset_rows import expand_rows

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("each", FORMATS.values(), ids=FORMATS)
def test_every_format_has_a_row_with_its_aliases(each: Format) -> None:
    (row,) = re.findall(rf"^\| `{re.escape(each.name)}` \|.*$", PAGE, re.MULTILINE)
    cells = [re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:3]]
    assert cells == [[each.name], list(each.aliases)]


def test_the_page_has_no_format_that_is_not_there() -> None:
    table = PAGE.partition("## What is read")[2].partition("## How it is read")[0]
    assert re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE) == list(FORMATS)


def test_the_request_of_the_page_is_one_that_is_accepted() -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (reward,) = expand_rows({"rewards": [json.loads(text)]}, "items[0]")["rewards"]
    assert CodeReward.model_validate(reward).limits.cpu_s == 2


def test_the_bounds_of_the_page_are_those_in_force() -> None:
    assert f"{MAX_CASES:,} tests in a row, {MAX_DECODED_BYTES >> 20} MiB of decompressed tests" in PAGE


def test_the_number_of_formats_is_said_as_it_is() -> None:
    assert len(FORMATS) == 17
    assert "fourteen other datasets" in README
    assert "seventeen published datasets" in CHANGES
