"""SandboxFusion's languages. Source: `Language` of the `sandbox-fusion` package."""

from typing import Final

from assay.errors import RequestError
from assay_service.complaints import suggest

__all__ = ["COMPILED", "language_of"]

COMPILED: Final = frozenset(
    {"cpp", "go", "java", "csharp", "rust", "D_ut", "scala", "verilog", "swift", "gtest", "junit"}
)
"""Those whose replies have a `compile_result`; of the others what a compiler says is the run's."""
_ALIASES: Final = {"js": "nodejs", "ts": "typescript", "c++": "cpp", "python3": "python", "py": "python"}
_KNOWN: Final = COMPILED | {
    *("python", "nodejs", "go_test", "php", "bash", "typescript", "sql", "lua", "R", "perl", "ruby"),
    *("pytest", "kotlin_script", "jest", "racket"),
}
_OURS: Final = {"D_ut": "d_ut", "R": "r"}


def language_of(name: str) -> tuple[str, str]:
    """The language by SandboxFusion's name and by ours.

    Raises:
        RequestError: ``unknown_language``.
    """
    theirs = _ALIASES.get(name, name)
    if theirs not in _KNOWN:
        hint = suggest(name, _KNOWN)
        raise RequestError(f"no sandbox here runs {name!r}", code="unknown_language", path="language", hint=hint)
    return theirs, _OURS.get(theirs, theirs)
