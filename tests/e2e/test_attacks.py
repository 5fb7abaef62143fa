"""Programs that try to cheat, and honest ones that look as if they did, through the front door.

Run with `-s` to see the counts.
"""

import json
import re
import time
from collections import Counter
from typing import Any, Final

import pytest

from tests.fixtures.attacks import attack_item, load_attacks, python_entries
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

UNMET: Final[dict[str, str]] = {
    "ok-as-class": "the test code works on an object of the candidate's: only plain values cross so far",
    "py-acc-infra-masquerade": "`Cannot allocate memory` on standard error and a SIGKILL to oneself are taken for "
    "`memory_limit`; the score is 0 as it should be",
    "py-leak-proc-cmdline": "process 1 of the cell's own namespace shows its fixed command line and status",
    "py-leak-siblings-dir": "the shm and tmp it lists are the cell's own and empty",
    "py-sbx-write-everywhere": "the cell's own fresh tmpfs may be written beside work and tmp",
}
"""Entries whose expectation is not met yet, and why. An entry that is met is to be taken out."""
ALLOWED: Final = re.compile(r"^PROBE .* ALLOWED", re.MULTILINE)


def complaints(corpus: Any, entry: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """What is wrong with the answer to one entry, by the corpus's own measure and by what must never be seen."""
    tests = [test for component in result["components"] for test in component["tests"] or ()]
    found: list[str] = corpus.check(entry, result["reward"], [test["verdict"] for test in tests])
    if "no_needles" in entry["post_check"]:
        text = json.dumps(result, ensure_ascii=False)
        found += [f"shows {needle!r}" for needle in corpus.needles(entry) if needle in text]
    if "no_markers_allowed" in entry["post_check"]:
        found += [line for test in tests for line in ALLOWED.findall(test["stderr"] or "")]
    return found


@pytest.mark.parametrize("kind", ["benign", "attack", "probe"])
def test_no_attack_earns_more_than_it_may_and_no_honest_program_less_than_it_should(
    assay: RunningAssay, kind: str
) -> None:
    corpus = load_attacks()
    known = {entry["id"]: entry for entry in python_entries(corpus)}
    chosen = [entry for entry in known.values() if entry["kind"] == kind]
    if kind == "probe":  # each comes right after the program whose traces it looks for
        writers = {entry["pair"]: entry for entry in known.values() if "pair" in entry}
        chosen = [each for entry in chosen for each in (writers.get(entry["id"]), entry) if each is not None]
    started_s = time.monotonic()
    answer = assay.grade([attack_item(entry) for entry in chosen], detail="outputs")
    taken_s = time.monotonic() - started_s
    found = {
        entry["id"]: said
        for entry, result in zip(chosen, answer["results"], strict=True)
        if (said := complaints(corpus, entry, result))
    }
    verdicts = Counter(component["verdict"] for result in answer["results"] for component in result["components"])
    print(f"\n{kind}: {len(chosen)} programs in {taken_s:.1f} s, {len(found)} unmet, {dict(verdicts)}")
    print(json.dumps(found, indent=1))
    assert [marker for marker in assay.markers if marker in json.dumps(answer)] == []
    assert found.keys() == UNMET.keys() & {entry["id"] for entry in chosen}
    with assay.http as http:
        assert http.get("/readyz").status_code == 200
