"""What no answer may ever show: expected values, and what is in the environment and the files of the service.

The candidates search for planted markers wherever they can read and print what they find.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx

from tests.fixtures.service import RunningAssay

SEARCH: Final = """
import glob, os, re, sys

marker = re.compile(("mark" + "er-").encode() + rb"[0-9a-f]{8,}[-a-z]*")
found = set(marker.findall(repr([dict(os.environ), sys.argv, sys.orig_argv]).encode()))


def look(path, start=0, size=1 << 20):
    try:
        with open(path, "rb") as file:
            file.seek(start)
            found.update(marker.findall(file.read(size)))
    except (OSError, ValueError, OverflowError):
        pass


for place in PLACES:
    for folder, _, names in os.walk(place):
        for name in names:
            look(os.path.join(folder, name))
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/*/fd/*"):
    if os.path.isfile(path):
        look(path)
try:
    regions = [line.split() for line in open("/proc/self/maps")]
except OSError:
    regions = []
for region in regions:
    start, end = (int(word, 16) for word in region[0].split("-"))
    if region[1].startswith("rw"):
        look("/proc/self/mem", start, end - start)
print("found", sorted(found), "\\nsearched", len(regions))
print("found", sorted(found), file=sys.stderr)


def f(*arguments):
    raise LookupError(f"found {sorted(found)} {arguments}")
"""


def secret_value() -> str:
    return f"marker-{secrets.token_hex(12)}-expected"


def items(places: list[str], expected: str) -> list[dict[str, Any]]:
    """One item per kind of tests, all of which expect what must stay unknown."""
    suites = [
        {"kind": "stdio", "cases": [{"stdin": "", "expected": expected}]},
        {"kind": "function", "entry_point": "f", "cases": [{"args": [1], "expected": expected}]},
        {
            "kind": "assert",
            "asserts": [f"assert f(1) == {expected!r}", f"assert f(2) == {expected!r}, {expected!r}"],
        },
        {
            "kind": "script",
            "source": f"def check(candidate):\n    assert candidate(3) == {expected!r}, {expected!r}\n",
            "entry_point": "f",
        },
        {"kind": "script", "source": f"assert {{}}[{expected!r}] == f(4)\n", "entry_point": "f"},
        {"kind": "script", "source": f"print({expected!r})\nassert f(5) == {expected!r}\n", "entry_point": "f"},
    ]
    search = SEARCH.replace("PLACES", repr(places))
    mild = 'def f(*arguments):\n    return "something else"\n'
    return [
        {"id": f"{number}-{name}", "code": code, "rewards": [{"type": "code", "tests": suite}]}
        for number, suite in enumerate(suites)
        for name, code in (("search", search), ("mild", mild))
    ]


def everything_said(http: httpx.Client, batch: list[dict[str, Any]]) -> str:
    """The bytes of every answer that tells of a batch."""
    request = {"items": batch, "detail": "outputs"}
    whole = http.post("/v1/rewards", json=request)
    assert whole.status_code == 200
    path = f"/v1/batches/{whole.json()['id']}"
    others = [
        http.get(path),
        http.get(f"{path}/results"),
        http.get(f"{path}/results", headers={"Accept": "text/event-stream"}),
        http.delete(path),
    ]
    return "\n".join(f"{answer.headers}\n{answer.text}" for answer in (whole, *others))


def test_the_search_finds_what_can_be_read(tmp_path: Path) -> None:
    in_file, in_environment = secret_value(), secret_value()
    (tmp_path / "secret").write_text(in_file)
    search = [sys.executable, "-c", SEARCH.replace("PLACES", repr([str(tmp_path)]))]
    environment = {**os.environ, "TOKEN": in_environment}
    found = subprocess.run(search, env=environment, capture_output=True, text=True, check=True).stdout
    assert in_file in found
    assert in_environment in found


def test_no_answer_shows_an_expected_value_or_anything_of_the_service(assay: RunningAssay) -> None:
    expected = secret_value()
    places = [str(assay.folder), "/tmp", "/home", "/root", "/run", "/etc", "/opt/assay", "/var", "/dev/shm"]
    with assay.http as http:
        batch = items(places, expected)
        said = everything_said(http, batch)
        assert "searched" in said
        results = http.post("/v1/rewards", json={"items": batch}).json()["results"]
    assert [result["reward"] for result in results] == [0.0] * len(batch)
    shown = [marker for marker in (expected, *assay.markers) if marker in said]
    assert shown == []


def test_an_expected_value_of_a_malformed_item_is_not_repeated(assay: RunningAssay) -> None:
    expected = secret_value()
    (good, *_) = items([], expected)
    tests = good["rewards"][0]["tests"]
    bad: list[dict[str, Any]] = [
        {**good, "id": "unknown field", "expexted": expected},
        {
            **good,
            "id": "not a text",
            "rewards": [{"type": "code", "tests": {**tests, "cases": [{"expected": [expected]}]}}],
        },
        {**good, "id": "no such kind", "rewards": [{"type": "code", "tests": {**tests, "kind": "stdoi"}}]},
        {
            "id": "broken",
            "code": "x",
            "rewards": [{"type": "code", "tests": {"kind": "assert", "asserts": [f"assert f( == {expected!r}"]}}],
        },
    ]
    with assay.http as http:
        said = everything_said(http, bad)
        refused = http.post("/v1/rewards", json={"items": bad, "details": expected})
    assert refused.status_code == 422
    assert expected not in said
    assert expected not in refused.text
