"""Requests and replies of other services' contracts, with their origin, against a real Assay.

Of a reply what stands in the pair must be there, and equal; times and the like are left out.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fixtures.service import RunningAssay

FOLDER: Final = Path(__file__).with_name("pairs")
PAIRS: Final = [pair for file in sorted(FOLDER.glob("*.json")) for pair in json.loads(file.read_text())]


def lacks(expected: Any, found: Any, path: str = "reply") -> list[str]:
    """What of ``expected`` is not in ``found``."""
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{path}.{name} is missing" for name in expected.keys() - found.keys()]
        both = expected.keys() & found.keys()
        return missing + [line for name in both for line in lacks(expected[name], found[name], f"{path}.{name}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for place, pair in pairs for line in lacks(*pair, f"{path}[{place}]")]
    return [] if expected == found else [f"{path} is {found!r} instead of {expected!r}"]


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['path']}: {pair['origin']}" for pair in PAIRS])
def test_a_request_has_its_reply(assay: RunningAssay, pair: dict[str, Any]) -> None:
    with assay.http as http:
        answer = http.post(pair["path"], json=pair["request"])
    assert answer.status_code == pair.get("status", 200), answer.text
    assert lacks(pair["reply"], answer.json()) == []


@pytest.mark.parametrize(
    ("path", "request_body", "status", "code"),
    [
        ("/run_code", {"language": "python"}, 422, "invalid_request"),
        ("/run_code", {"code": "1", "language": "cuda"}, 422, "unknown_language"),
        ("/run_code", {"code": "1", "files": {"../a": ""}}, 422, "invalid_item"),
        ("/run_code", {"code": "1", "files": {"a": "no base64"}}, 422, "invalid_item"),
        ("/submit", {"completion": "x", "config": {"dataset_type": "CommonOJDataset"}}, 422, "invalid_request"),
        ("/verify", {"responses_create_params": {}, "response": {"output": []}}, 422, "invalid_request"),
        ("/api/v2/execute", {"language": "klingon", "files": [{"content": ""}]}, 422, "unknown_language"),
    ],
)
def test_what_cannot_be_done_is_an_error_and_no_result(
    assay: RunningAssay, path: str, request_body: dict[str, Any], status: int, code: str
) -> None:
    with assay.http as http:
        answer = http.post(path, json=request_body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if path.startswith("/api/v2"):
        assert answer.json()["message"], "where Piston's clients look for it"


def test_the_rest_answers_as_it_should(assay: RunningAssay) -> None:
    with assay.http as http:
        assert http.get("/v1/ping").json() == "pong"
        assert http.get("/list_datasets").json() == []
        assert http.get("/").status_code == 200
        runtimes = http.get("/api/v2/runtimes").json()
        assert {"python", "cms_ioi", "cf_python3", "c++17"} <= {runtime["language"] for runtime in runtimes}
        assert len(http.get("/compat/piston/api/v2/packages").json()) == len(runtimes)
