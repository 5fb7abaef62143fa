"""What a Java source wants its file to be called, and which class of it is the program.

The compiler insists that a public class is in a file of its name (JLS 7.6), and the launcher wants the class
that has `main`. Comments and literals are blanked first, so that nothing in them counts.
"""

import re
from typing import Final, NamedTuple

__all__ = ["JavaSource", "read_java"]

_NO_CODE: Final = re.compile(
    r'//[^\n]*|/\*.*?(?:\*/|\Z)|"""(?:\\.|[^\\])*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?',
    re.DOTALL,
)
"""What is not ended is taken to its end, so that nothing is searched twice: the time is linear in the source."""
_PACKAGE: Final = re.compile(r"^[ \t]*package[ \t]+([\w.]+)[ \t]*;", re.MULTILINE)
_TYPE: Final = re.compile(
    r"\b(public\s+(?:(?:final|abstract|sealed|non-sealed|strictfp)\s+)*)?\b(?:class|interface|enum|record)\s+(\w+)"
)
_MOST_NAME_BYTES: Final = 200
"""A longer name is no file's: the compiler will complain of it."""
_MAIN: Final = re.compile(r"\bstatic\s+(?:final\s+)?void\s+main\s*\(")


class JavaSource(NamedTuple):
    """How a source is to be compiled and run."""

    file: str
    entry_class: str
    """With its package."""


def _top_level(code: str) -> str:
    """The code with everything within braces blanked, so that only top-level types are left; same length."""
    depth, shown = 0, []
    for character in code:
        depth -= character == "}"
        shown.append(character if depth <= 0 or character == "\n" else " ")
        depth += character == "{"
    return "".join(shown)


def read_java(source: str, file: str | None, default: str) -> JavaSource:
    """Reads a source.

    Arguments:
        source: the program.
        file: the name it was given, if it was given one.
        default: the name of a file whose source wants none.
    """
    code = _NO_CODE.sub(lambda found: " " * len(found[0]), source)
    outline = _top_level(code)
    package = _PACKAGE.search(outline)
    prefix = f"{package[1]}." if package else ""
    types = list(_TYPE.finditer(outline))
    public = next((found[2] for found in types if found[1] and len(found[2].encode()) <= _MOST_NAME_BYTES), None)
    main = _MAIN.search(code)
    before_main = [found[2] for found in types if main and found.start() < main.start()]
    entry = before_main[-1] if before_main else public or (types[0][2] if types else default.partition(".")[0])
    return JavaSource(file or (f"{public}.java" if public else default), prefix + entry)
