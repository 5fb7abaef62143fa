"""The benchmark's programs and their inputs: short programs that read standard input and print."""

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Program", "cpp_workload", "load_workload"]

DEFAULT_CORPORA: Final = Path(__file__).parents[2] / "shared" / "corpora"


@dataclass(frozen=True)
class Program:
    """One program and the cases it is run on, as the corpus has them."""

    name: str
    code: str
    tests: dict[str, Any]
    limits: dict[str, Any]

    @property
    def cases(self) -> list[dict[str, str]]:
        """The runs: `stdin` and `expected`."""
        cases: list[dict[str, str]] = self.tests["cases"]
        return cases

    def code_of(self, repetition: int) -> str:
        """The program with a line that makes it another one, so that nothing is remembered of it."""
        mark = "//" if self.code.startswith("#include") else "#"
        return f"{self.code}\n{mark} repetition {repetition}\n"

    def item(self, repetition: int) -> dict[str, Any]:
        """An item that grades this program. No two repetitions are the same work, so that none is remembered."""
        return {
            "id": f"{self.name}/{repetition}",
            "code": self.code_of(repetition),
            "rewards": [{"type": "code", "tests": self.tests, "limits": self.limits}],
        }


def _primes(most: int) -> int:
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, most + 1))


def _numbers(count: int) -> list[int]:
    return [place * 7919 % 1000 for place in range(count)]


def _line(numbers: list[int]) -> str:
    return " ".join(map(str, numbers))


_SUM: Final = "long long a, b; cin >> a >> b; cout << a + b << endl;"
_SORT: Final = """int n; cin >> n; vector<int> v(n); for (auto& x : v) cin >> x;
sort(v.begin(), v.end()); for (int x : v) cout << x << ' '; cout << endl;"""
_WORDS: Final = """map<string, int> seen; string w; while (cin >> w) seen[w]++;
for (auto& [k, c] : seen) cout << k << c << endl;"""
_SIEVE: Final = """int n; cin >> n; vector<bool> c(n + 1); int k = 0;
for (int i = 2; i <= n; i++) { if (c[i]) continue; k++; for (long long j = 1LL * i * i; j <= n; j += i) c[j] = 1; }
cout << k << endl;"""
_CPP_PROGRAMS: Final = {
    "sum": (_SUM, [(f"{n} {n * n}", str(n + n * n)) for n in range(10)]),
    "sort": (_SORT, [(f"{n} {_line(_numbers(n))}", _line(sorted(_numbers(n)))) for n in range(10, 110, 10)]),
    "words": (_WORDS, [(f"{'b ' * n}{'a ' * (n + 1)}", f"a{n + 1} b{n}") for n in range(1, 11)]),
    "sieve": (_SIEVE, [(str(n), str(_primes(n))) for n in range(1000, 11000, 1000)]),
}
"""Bodies of `main`, and what they read and print."""


def cpp_workload() -> list[Program]:
    """Short C++ programs, ten cases each."""
    return [
        Program(
            name,
            f"#include <bits/stdc++.h>\nusing namespace std;\nint main() {{ {body} }}\n",
            {"kind": "stdio", "cases": [{"stdin": stdin, "expected": expected} for stdin, expected in cases]},
            {},
        )
        for name, (body, cases) in _CPP_PROGRAMS.items()
    ]


def load_workload() -> list[Program]:
    """The programs of the corpus `workload_short`, in the folder `ASSAY_CORPORA`.

    Raises:
        FileNotFoundError: it is not there.
    """
    path = Path(os.environ.get("ASSAY_CORPORA", DEFAULT_CORPORA)) / "workload_short.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [
            Program(row["id"], row["code"], row["tests"], row.get("limits") or {}) for row in map(json.loads, rows)
        ]
