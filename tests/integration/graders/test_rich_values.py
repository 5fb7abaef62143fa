"""Plain values of richer types, and exceptions with attributes: what a test may ask of them, and what they cannot earn."""

# ruff: noqa: E501 - programs on one line each

from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Item, Verdict
from assay_workers.port import Grader


def _grade(grader: Grader, code: str, source: str, **more: Any) -> ComponentResult:
    tests = {"kind": "script", "source": source, "entry_point": "f"}
    reward = {"type": "code", "tests": tests, "limits": {"cpu_s": 2, "wall_s": 60}, **more}
    item = Item.model_validate({"id": "x", "code": code, "rewards": [reward]})
    return grader.grade(item, 0, Detail.VERDICTS).components[0]


_STACK = "class f(list):\n    push = list.append\n    def peek(self): return self[-1]\n"
_CACHE = """
from collections import OrderedDict
class f(OrderedDict):
    def __init__(self, size): super().__init__(); self.size = size
    def get(self, key):
        if key not in self: return -1
        self.move_to_end(key)
        return self[key]
    def put(self, key, value):
        self[key] = value
        self.move_to_end(key)
        if len(self) > self.size: self.popitem(last=False)
"""
_POINT = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    count: int\n    def __add__(self, o): return P(self.x + o.x, self.count + o.count)\ndef f(x, y=2): return P(x, y)\n"
_LEVEL = "import enum\nclass L(enum.IntEnum):\n    LOW = 1\n    HIGH = 2\ndef f(x): return L(x)\n"
_PAID = "class Short(Exception):\n    def __init__(self, code, message): super().__init__(message); self.code = code\ndef f(x): raise Short(x, 'too short')\n"
_HONEST = {
    "a stack that is a list": (
        _STACK,
        "s = candidate([1, 2])\ns.push(5)\nassert len(s) == 3 and s == [1, 2, 5] and s.peek() == 5\nassert s.pop() == 5 and s[0] == 1 and 5 not in s",
    ),
    "a stack's own exception": (
        _STACK,
        "s = candidate()\ntry:\n    s.pop()\n    assert False\nexcept IndexError:\n    pass\nassert not s",
    ),
    "items are set": (
        _STACK,
        "s = candidate([1, 2])\ns[0] = 4\ndel s[1]\ns.extend([7])\nassert s == [4, 7] and isinstance(s, list) and isinstance(s, f)",
    ),
    "a cache that is a dict": (
        _CACHE,
        "c = candidate(1)\nc.put(1, 1)\nc.put(2, 2)\nassert c.get(1) == -1 and c.get(2) == 2 and c == {2: 2} and c.size == 1",
    ),
    "a named tuple": (
        _POINT,
        "p = candidate(1)\nx, y = p\nassert p == (1, 2) and (x, y) == (1, 2) and p.x == 1 and p[1] == p.count == 2\nassert p._asdict() == {'x': 1, 'count': 2} and repr(p) == 'P(x=1, count=2)'\nassert p in {(1, 2)} and p + candidate(1) == (2, 4)",
    ),
    "many named tuples": (
        "from collections import namedtuple\nP = namedtuple('P', 'x')\ndef f(n): return [P(i) for i in range(n)]",
        "assert candidate(2000) == [(i,) for i in range(2000)]",
    ),
    "a number with a name": (
        _LEVEL,
        "assert candidate(1) == 1 and candidate(2).name == 'HIGH' and candidate(1) < candidate(2) and candidate(1) + 1 == 2",
    ),
    "members of an enum": (
        "from enum import Enum\nclass S(Enum):\n    A = 1\n    B = 2\ndef f(): return S.B",
        (
            "assert candidate() is S.B and S['A'] is S.A and S(1) is S.A and S.A != S.B\n"
            "assert [s.name for s in S] == ['A', 'B'] and len(S) == 2 and candidate() in S and S"
        ),
    ),
    "a span of time": (
        "import datetime\ndef f(n): return datetime.timedelta(days=n, microseconds=1)",
        "import datetime\nassert candidate(-3) == datetime.timedelta(days=-3, microseconds=1) and candidate(2).days == 2",
    ),
    "a text with a name": (
        "import enum\nclass C(str, enum.Enum):\n    RED = 'r'\ndef f(): return C.RED",
        "assert candidate() == 'r' and candidate().value == 'r' and candidate().name == 'RED' and candidate().upper() == 'R'",
    ),
    "a counter": (
        "from collections import Counter\ndef f(x): return Counter(x)",
        "c = candidate('aab')\nassert c == {'a': 2, 'b': 1} and c.most_common(1) == [('a', 2)] and sorted(c.keys()) == ['a', 'b']",
    ),
    "an object as argument again": (
        _STACK + "def size(s): s.push(0); return len(s)",
        "s = candidate([1])\nassert size(s) == 2\nassert s == [1, 0]",
    ),
    "an object with a hash": (
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\ndef f(x): return P(x)",
        "assert len({candidate(1), candidate(1), candidate(2)}) == 2 and hash(candidate(1)) == hash(candidate(1))",
    ),
    "an object without a hash": (
        "class P:\n    __hash__ = None\ndef f(x): return P()",
        "try:\n    hash(candidate(1))\n    assert False\nexcept TypeError:\n    pass",
    ),
    "the name of a type": (
        "class P: pass\ndef f(): return P()",
        "p = candidate()\nassert type(p).__name__ == p.__class__.__name__ == 'P' and type(p) is type(candidate())",
    ),
    "an object that rounds": (
        "class P:\n    def __round__(self, n=None): return 4 if n is None else n\ndef f(): return P()",
        "assert round(candidate()) == 4 and round(candidate(), 2) == 2",
    ),
    "an exception's attributes": (
        _PAID,
        "try:\n    candidate(4)\n    assert False\nexcept Exception as e:\n    assert e.code == 4 and str(e) == 'too short' and e.args == ('too short',)",
    ),
    "the attributes of one that the test names": (
        _PAID,
        "try:\n    candidate(4)\n    assert False\nexcept Short as e:\n    assert e.code == 4 and str(e) == 'too short' and not hasattr(e, 'other')",
    ),
    "an exception's own text": (
        "class E(KeyError):\n    def __str__(self): return 'mine'\ndef f(): raise E(1, 2)",
        "try:\n    candidate()\n    assert False\nexcept KeyError as e:\n    assert str(e) == 'mine' and e.args == (1, 2)",
    ),
    "the argument of a KeyError": (
        "def f(): return {}['a']",
        "try:\n    candidate()\n    assert False\nexcept KeyError as e:\n    assert e.args == ('a',) and str(e) == \"'a'\"",
    ),
}


@pytest.mark.parametrize(("code", "source"), _HONEST.values(), ids=_HONEST.keys())
def test_a_test_sees_what_the_program_has_made(grader: Grader, code: str, source: str) -> None:
    result = _grade(grader, code, source)
    assert (result.verdict, result.score) == (Verdict.ACCEPTED, 1.0), result.message


_YES = "def __eq__(self, o): return True\n    def __ne__(self, o): return False\n    def __contains__(self, o): return True\n    def more(self): return 1\n    __hash__ = None\n"
_LIES = "def __len__(self): return 3\n    def __getitem__(self, k): return 4\n    def __iter__(self): return iter([4, 4])\n    def more(self): return 1\n"
_HOSTILE = {
    "a list that equals everything": (
        f"class E(list):\n    {_YES}def f(): return E()",
        "assert candidate() == [4]",
    ),
    "equal from the other side": (f"class E(list):\n    {_YES}def f(): return E()", "assert [4] == candidate()"),
    "not unequal": (f"class E(dict):\n    {_YES}def f(): return E()", "assert not candidate() != {4: 4}"),
    "a list that contains everything": (
        f"class E(list):\n    {_YES}def f(): return E()",
        "assert 4 in candidate()",
    ),
    "a tuple that contains everything": (
        f"class E(tuple):\n    {_YES}def f(): return E()",
        "assert 4 in candidate()",
    ),
    "a list that lies": (f"class E(list):\n    {_LIES}def f(): return E()", "assert len(candidate()) == 3"),
    "items that are not there": (
        f"class E(list):\n    {_LIES}def f(): return E()",
        "assert list(candidate()) == [4, 4]",
    ),
    "a set within everything": (
        "class E(set):\n    def issubset(self, o): return True\n    issuperset = isdisjoint = issubset\ndef f(): return E([9])",
        "assert candidate().issubset({4})",
    ),
    "a set around everything": (
        "class E(set):\n    def issuperset(self, o): return True\ndef f(): return E([9])",
        "assert candidate().issuperset({4})",
    ),
    "a text that begins with everything": (
        "class E(str):\n    def startswith(self, *a): return True\ndef f(): return E('no')",
        "assert candidate().startswith('yes')",
    ),
    "a difference absorbed": (
        "class E(float):\n    def __sub__(self, o): return 0.0\n    __rsub__ = __sub__\n    def more(self): return 1\ndef f(): return E(9)",
        "assert abs(candidate() - 1.5) < 1e-6",
    ),
    "an ordering": (
        "class E(int):\n    def __gt__(self, o): return True\n    def more(self): return 1\ndef f(): return E(0)",
        "assert candidate() > 3",
    ),
    "content that is no list": (
        "import sys\nclass E(list):\n    def more(self): return list.append(self, 1)\ndef f(): return E()",
        "c = candidate()\nc.more()\nassert c == [4]",
    ),
    "an exception with every attribute": (
        "class E(Exception):\n    def __getattr__(self, n): return 5\ndef f(): raise E",
        "try:\n    candidate()\n    assert False\nexcept Exception as e:\n    assert e.code == 4",
    ),
}


@pytest.mark.parametrize(("code", "source"), _HOSTILE.values(), ids=_HOSTILE.keys())
def test_a_value_that_says_what_it_likes_earns_nothing(grader: Grader, code: str, source: str) -> None:
    result = _grade(grader, code, source)
    assert result.error is None
    assert result.score == 0.0, result.message


def test_a_stronger_level_takes_the_plain_value_alone(grader: Grader) -> None:
    source = "p = candidate(1)\nassert p == (1, 2)"
    assert _grade(grader, _POINT, source, min_integrity="examiner").score == 1.0
    assert _grade(grader, _POINT, source).integrity == "examiner"
    assert _grade(grader, _POINT, f"{source}\nassert p.x == 1").integrity == "handles"
    assert _grade(grader, _POINT, f"{source}\nassert p.x == 1", min_integrity="examiner").score == 0.0
