"""How a function of a language that the nursery does not speak is called: by a driver.

A driver is source code of ours in the program's language (`drivers/`), which travels with the program as further
files and is compiled together with it. In the cell it reads the call from descriptor 4, a JSON array of the entry
point, the number of the argument that is the answer (or null for what is returned) and the arguments, calls the
function once, and writes one frame to descriptor 3: four bytes with the length of the rest, `V` and the value as
JSON, or `U` and the reason, a JSON string, why there is no plain value. In that JSON a number with a point or an
exponent is a float, `NaN` and `Infinity` are spelled so, and keys are strings.

The program stays a file of its own. It can write to descriptor 3 as well: that chooses a value, and no more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["ENTRY_POINT", "Driver", "EntryPoint"]

ENTRY_POINT: Final = re.compile(
    r"(?:(?P<type>[A-Za-z_][A-Za-z_0-9]*)(?:\(\))?\.)?(?P<function>[A-Za-z_][A-Za-z_0-9]*)"
)
"""A function, or a method of a type that is made without arguments, as drivers can call them."""
_MARK: Final = "ASSAY_ENTRY_POINT"
_PRELUDE: Final = "ASSAY_PRELUDE"


@dataclass(frozen=True)
class EntryPoint:
    """What is called."""

    function: str
    type: str | None = None

    @property
    def text(self) -> str:
        """As in a request: `f`, or `Solution.f`."""
        return self.function if self.type is None else f"{self.type}.{self.function}"


@dataclass(frozen=True)
class Driver:
    """How a language's functions are called; the table `driver` of its row."""

    files: tuple[str, ...]
    """Names of its files in `drivers/`."""
    run: tuple[str, ...]
    """What runs program and driver, in place of the row's."""
    compile: tuple[str, ...] | None = None
    """What compiles them."""
    function: str = ""
    """What stands for `ASSAY_ENTRY_POINT` in its files, with `{function}` and `{type}`: a function."""
    method: str = ""
    """Likewise a method."""
    preludes: tuple[tuple[str, str], ...] = ()
    """What stands for `ASSAY_PRELUDE` in its files: the text of the first expression that the program has."""
    head: str = ""
    """What stands before a program, on its first line, unless that has `head_unless`: what sites import for all."""
    head_unless: str = ""
    """A regular expression."""

    def with_head(self, source: bytes) -> bytes:
        """The program with the head, if it wants it."""
        has_own = re.search(self.head_unless.encode(), source, re.MULTILINE)
        return source if has_own else self.head.encode() + source

    def files_for(self, entry_point: EntryPoint, source: bytes) -> Mapping[str, bytes]:
        """The driver's files for a program."""
        pattern = self.function if entry_point.type is None else self.method
        called = pattern.replace("{function}", entry_point.function).replace("{type}", entry_point.type or "")
        found = (text for pattern, text in self.preludes if re.search(pattern.encode(), source, re.MULTILINE))
        prelude = next(found, "")
        return {name: _text(name).replace(_MARK, called).replace(_PRELUDE, prelude).encode() for name in self.files}


@cache
def _text(name: str) -> str:
    return files("assay_workers.sandbox.drivers").joinpath(name).read_text(encoding="utf-8")
