"""Functions of C++ are called in jails as in containers (`tests/images/test_drivers.py` has all the programs)."""

import pytest

from assay.contract import Detail, Item
from assay_workers.port import Grader
from tests.fixtures.compilers import needs_gxx
from tests.fixtures.driven import driven_items

_SOME = {
    ("honest", "a class as LeetCode has it"): 1.0,
    ("honest", "maps, sets, pairs and what may be missing"): 1.0,
    ("hostile", "an exit in a static initialiser"): 0.0,
    ("hostile", "two frames"): 0.0,
    ("hostile", "a search for the answer"): 0.0,
}

pytestmark = needs_gxx


@pytest.mark.parametrize(("kind", "name"), _SOME.keys(), ids=[name for _, name in _SOME])
def test_a_driver_works_in_a_jail(grader: Grader, kind: str, name: str) -> None:
    (item,) = (item for item in driven_items("cpp", kind) if item["id"] == name)
    result = grader.grade(Item.model_validate(item), 0, Detail.OUTPUTS)
    assert result.reward == _SOME[kind, name]
