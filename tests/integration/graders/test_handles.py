"""Objects of the candidate's in test code: what a test may do with them, and what they cannot earn."""

# ruff: noqa: E501 - programs on one line each

from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Flag, Item, Verdict
from assay_workers.port import Grader

_ACCEPTED, _WRONG, _ERROR = Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR


def _grade(grader: Grader, code: str, source: str, entry_point: str = "f", **more: Any) -> ComponentResult:
    tests = {"kind": "script", "source": source, "entry_point": entry_point}
    reward = {"type": "code", "tests": tests, "limits": {"cpu_s": 2, "wall_s": 60}, **more}
    item = Item.model_validate({"id": "x", "code": code, "rewards": [reward]})
    return grader.grade(item, 0, Detail.VERDICTS).components[0]


_STACK = """
class Empty(LookupError): pass
class Stack:
    limit = 3
    def __init__(self, items=()): self.items = list(items)
    def push(self, x): self.items.append(x); return self
    def pop(self):
        if not self.items: raise Empty("empty")
        return self.items.pop()
    def __len__(self): return len(self.items)
    def __contains__(self, x): return x in self.items
    def __iter__(self): return iter(self.items)
    def __getitem__(self, k): return self.items[k]
    def __setitem__(self, k, v): self.items[k] = v
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __lt__(self, other): return len(self) < len(other)
    def __add__(self, other): return Stack(self.items + other.items)
    def __repr__(self): return f"Stack({self.items})"
    def __enter__(self): return self
    def __exit__(self, *_): self.items.clear()
"""
_HONEST = {
    "methods": "s = candidate([1, 2])\ns.push(5)\nassert s.pop() == 5\nassert s.pop() == 2",
    "chained methods": "assert candidate().push(1).push(2).pop() == 2",
    "length, truth, membership": "s = candidate([1])\nassert len(s) == 1 and 1 in s and 2 not in s and s\nassert not candidate()",
    "iteration": "assert [x for x in candidate([1, 2])] == [1, 2]\nassert sorted(candidate([2, 1])) == [1, 2]",
    "items and slices": "s = candidate([1, 2, 3])\ns[0] = 9\nassert s[0] == 9 and s[1:] == [2, 3]",
    "attributes": "s = candidate([1])\nassert s.items == [1]\ns.items = [4]\nassert s.pop() == 4\nassert candidate.limit == 3",
    "texts": "assert repr(candidate([1])) == 'Stack([1])' and f'{candidate()}' == 'Stack([])'",
    "two objects": "assert candidate([1]) == candidate([1])\nassert candidate([1]) != candidate([2])\n"
    "assert candidate() < candidate([1])\nassert list(candidate([1]) + candidate([2])) == [1, 2]",
    "identity": "s = candidate([1])\nassert s.push(2) is s and s is not candidate([1, 2])",
    "its class": "assert isinstance(candidate(), candidate) and isinstance(candidate(), Stack)\nassert not isinstance(3, Stack)",
    "a context": "with candidate([1]) as s: assert len(s) == 1\nassert len(s) == 0",
    "an exception by its built-in base": "try:\n    candidate().pop()\n    assert False\nexcept LookupError:\n    pass",
    "an exception of its own": "try:\n    candidate().pop()\n    assert False\nexcept Empty as error:\n    assert str(error) == 'empty'",
    "objects in a list": "pair = [candidate([1]), candidate([2])]\nassert [len(s) for s in pair] == [1, 1]",
}


@pytest.mark.parametrize("source", _HONEST.values(), ids=_HONEST.keys())
def test_a_test_works_on_an_object(grader: Grader, source: str) -> None:
    result = _grade(grader, _STACK, source, "Stack")
    assert (result.verdict, result.score, result.integrity) == (_ACCEPTED, 1.0, "handles"), result.message


def test_nodes_cross_in_lists_and_as_arguments(grader: Grader) -> None:
    code = """
class Node:
    def __init__(self, value, next=None): self.value, self.next = value, next
def f(values): return [Node(value) for value in values]
def link(nodes):
    for one, other in zip(nodes, nodes[1:]): one.next = other
    return nodes[0]
"""
    source = """
nodes = candidate([1, 2, 3])
head = link(nodes)
assert [head.value, head.next.value, head.next.next.value] == [1, 2, 3]
assert head.next is nodes[1] and head.next.next.next is None
"""
    result = _grade(grader, code, source)
    assert (result.verdict, result.integrity) == (_ACCEPTED, "handles"), result.message


_EQUAL = """
class Any:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 4
def f(x): return Any()
"""
_ABSORBER = """
class Absorber:
    def __getattr__(self, name): return lambda *a: 0.0
def _all(self, *others): return self
def _yes(self, *others): return True
for name in "add radd sub rsub mul rmul truediv rtruediv abs neg mod rmod pow rpow".split(): setattr(Absorber, f"__{name}__", _all)
for name in "lt le gt ge eq".split(): setattr(Absorber, f"__{name}__", _yes)
Absorber.__float__ = lambda self: 0.0
def f(x): return Absorber()
"""
_HOSTILE = {
    "equal to everything": (_EQUAL, "assert candidate(2) == 4"),
    "equal from the other side": (_EQUAL, "assert 4 == candidate(2)"),
    "not unequal": (_EQUAL, "assert not candidate(2) != 4"),
    "equal in a list": (_EQUAL, "assert [candidate(2)] == [4]"),
    "equal in a set": (_EQUAL, "assert candidate(2) in {4}"),
    "equal in a list's membership": (_EQUAL, "assert candidate(2) in [4, 5]"),
    "a difference absorbed": (_ABSORBER, "assert abs(candidate(2) - 1.5) < 1e-6"),
    "a difference absorbed on the right": (_ABSORBER, "assert abs(1.5 - candidate(2)) < 1e-6"),
    "an ordering": (_ABSORBER, "assert candidate(2) > 3"),
    "an ordering on the right": (_ABSORBER, "assert 3 < candidate(2)"),
    "a failure that the test would catch": (
        _ABSORBER,
        "try:\n    candidate(2) - 1\nexcept BaseException:\n    pass\nassert True",
    ),
    "a truth that is no bool": (
        "class T:\n    def __len__(self): return -1\ndef f(x): return T()",
        "assert not candidate(1)",
    ),
    "a text that is none": (
        "class T:\n    def __str__(self): return T\ndef f(x): return T()",
        "assert str(candidate(1)) == 'x'",
    ),
    "an int with an equality": (
        "class I(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\ndef f(x): return I(0)",
        "assert candidate(2) == 4",
    ),
}


@pytest.mark.parametrize(("code", "source"), _HOSTILE.values(), ids=_HOSTILE.keys())
def test_an_object_that_says_what_it_likes_earns_nothing(grader: Grader, code: str, source: str) -> None:
    result = _grade(grader, code, source)
    assert result.error is None
    assert result.score == 0.0, result.message


_OFF_THE_RAILS = {
    "exits in an operation": "import os\nclass C:\n    def __len__(self): os._exit(0)\ndef f(x): return C()",
    "raises SystemExit in an operation": "class C:\n    def __len__(self): raise SystemExit(0)\ndef f(x): return C()",
    "answers by itself": "import os\nos.write(3, b'\\0\\0\\0\\1P' * 3)\ndef f(x): return 1",
    "writes a reference": "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\x13Vt\\0\\0\\0\\2h\\0\\0\\0\\5\\0\\0\\0\\7CN')\n    os._exit(0)",
    "writes no pair": "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\2VT')\n    os._exit(0)",
    "writes no exception": "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\2ET')\n    os._exit(0)",
    "makes objects without end": "class C: pass\ndef f(x): return [C() for _ in range(300_000)]",
}


@pytest.mark.parametrize("code", _OFF_THE_RAILS.values(), ids=_OFF_THE_RAILS.keys())
def test_whatever_a_candidate_does_instead_is_its_failure_and_no_exception(grader: Grader, code: str) -> None:
    caught = "try:\n    len(candidate(1))\nexcept Exception:\n    pass\nassert True"
    result = _grade(grader, code, caught)
    assert result.error is None
    assert result.score == 0.0, result.message
    assert result.verdict in (_WRONG, _ERROR)


def test_a_stronger_level_lets_no_object_cross(grader: Grader) -> None:
    result = _grade(grader, _STACK, _HONEST["methods"], "Stack", min_integrity="examiner")
    assert (result.verdict, result.score, result.integrity) == (_WRONG, 0.0, "examiner")
    assert "Stack is not a plain value" in (result.message or "")


def test_a_number_that_is_not_finite_is_told(grader: Grader) -> None:
    result = _grade(grader, "def f(x): return float('nan')", "assert not abs(candidate(1) - 1.5) > 1e-6")
    assert result.flags == (Flag.NON_FINITE_RETURN,)
    assert _grade(grader, "def f(x): return 1.5", "assert not abs(candidate(1) - 1.5) > 1e-6").flags == ()


def test_what_is_no_answer_is_told(grader: Grader) -> None:
    result = _grade(grader, "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\1Z')", "assert candidate(1)")
    assert Flag.CHANNEL_TAMPERING in result.flags
    assert result.score == 0.0
