"""Negative controls: variants of test code that an honest program must fail (INTEGRITY.md 3.5). Pure.

Only of assertions that are certain to be reached and to decide: statements of a test's own body, with nothing
before them that could leave it, and exact equality where a literal is changed. Of anything else no control is made.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assay_workers.graders.code_mask import CodeMask, Span, mask_code
from assay_workers.graders.literals import changed_literals

__all__ = ["ControlKind", "Edit", "choose_controls", "find_edits"]


class ControlKind(StrEnum):
    """What is done to one assertion."""

    COMPLEMENT = "complement"
    """It is negated."""
    PERTURBATION = "perturbation"
    """The value it expects is another."""
    EXCEPTION = "exception"
    """The exception it expects is one that no program can raise."""


@dataclass(frozen=True)
class Edit:
    """One change to test code."""

    kind: ControlKind
    span: Span
    text: str

    def applied(self, source: str) -> str:
        """The test code with the change made."""
        return source[: self.span[0]] + self.text + source[self.span[1] :]


@dataclass(frozen=True)
class _Form:
    """A form of assertion: a call, and what is made of it."""

    opening: str
    """Matches up to the bracket that opens the arguments."""
    opposite: str | None = None
    """The call that asserts the contrary; without one the first argument is negated."""
    compares: bool = False
    """Whether two arguments are compared, and not one expression asserted."""
    needs: str | None = None
    """What the test code must have, or else the call may not fail at all."""


@dataclass(frozen=True)
class _Rules:
    """How test code of a language is read."""

    body: str
    """Matches up to the bracket that opens the body of a test."""
    forms: tuple[_Form, ...]
    leaves: str
    """What may leave a body, or keep a failure from being one: nothing behind it is certain."""
    veto: str
    """Test code that has this anywhere is left alone."""
    once: bool = False
    """Whether only one body may be there, as of a main function."""
    in_any_order: bool = False
    """Whether statements may end with a line."""


_JS_ASSERT: Final = (
    r"""\b(?:assert\s*=\s*require\s*\(|import\s+assert\s+from)\s*['"](?:node:)?assert(?:/strict)?['"]"""
)
_JS_THROWS: Final = r"\bconsole\.assert\s*=\s*\(\s*(\w+)[^)]*\)\s*=>\s*\{\s*if\s*\(\s*!\s*\1\s*\)\s*\{?\s*throw\b"
_MAIN_OF_C: Final = r"\bint\s+main\s*\([^(){}]*\)\s*\{"
_C: Final = _Rules(
    body=_MAIN_OF_C,
    forms=(_Form(r"assert\s*\("),),
    leaves=r"\b(?:return|goto|throw|try|catch|_?exit|_Exit|quick_exit|abort|longjmp|fork)\b",
    veto=r"#\s*(?:if|el|define|error)|\b(?:__assert_fail|signal|sigaction|atexit|set_terminate|NDEBUG\s*=)\b",
    once=True,
)
_JAVASCRIPT: Final = _Rules(
    body=r"^(?:(?:const|let|var)\s+(?P<arrow>\w+)\s*=\s*\(\s*\)\s*=>|function\s+(?P<named>\w+)\s*\(\s*\))\s*\{",
    forms=(
        _Form(r"console\.assert\s*\(", needs=_JS_THROWS),
        _Form(r"assert(?:\.ok)?\s*\(", needs=_JS_ASSERT),
        _Form(r"assert\.strictEqual\s*\(", "assert.notStrictEqual(", compares=True, needs=_JS_ASSERT),
        _Form(r"assert\.equal\s*\(", "assert.notEqual(", compares=True, needs=_JS_ASSERT),
        _Form(r"assert\.deepStrictEqual\s*\(", "assert.notDeepStrictEqual(", compares=True, needs=_JS_ASSERT),
        _Form(r"assert\.deepEqual\s*\(", "assert.notDeepEqual(", compares=True, needs=_JS_ASSERT),
    ),
    leaves=r"\b(?:return|throw|try|catch|await|yield|process|break|continue)\b",
    veto=r"\b(?:uncaughtException|unhandledRejection|exitCode|process)\b",
    in_any_order=True,
)
_RULES: Final[Mapping[str, _Rules]] = {
    "c": _C,
    "cpp": _C,
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "go": _Rules(
        body=r"^func\s+Test(?![a-z])\w*\s*\(\s*t\s+\*testing\.T\s*\)\s*\{",
        forms=tuple(
            _Form(rf"{package}\.{name}\s*\(", f"{package}.{opposite}(", compares=name.endswith("Equal"))
            for package in ("assert", "require")
            for name, opposite in (("Equal", "NotEqual"), ("True", "False"), ("False", "True"))
        ),
        leaves=r"\b(?:return|goto|panic|recover|Exit|Goexit|Skip\w*|defer|go|break|continue)\b|\bt\s*:?=",
        veto=r"\bTestMain\b|\brecover\b|go:build",
        in_any_order=True,
    ),
    "rust": _Rules(
        body=r"#\[test\]\s*(?:pub\s+)?fn\s+\w+\s*\(\s*\)\s*\{",
        forms=(
            _Form(r"assert_eq!\s*\(", "assert_ne!(", compares=True),
            _Form(r"assert!\s*\("),
        ),
        leaves=r"\b(?:return|exit|abort|catch_unwind|break|continue)\b",
        veto=r"\b(?:should_panic|catch_unwind|macro_rules|ignore|set_hook)\b|#!?\[cfg\((?!test\))",
    ),
    "java": _Rules(
        body=r"\bpublic\s+static\s+void\s+main\s*\(\s*(?:final\s+)?String\s*(?:\[\s*\]|\.\.\.)\s*\w+\s*\)\s*\{",
        forms=(),  # see _edits_of_java
        leaves=r"\b(?:return|throw|try|catch|exit|halt|break|continue)\b",
        veto=r"UncaughtExceptionHandler|\b(?:halt|exit|addShutdownHook)\b",
        once=True,
    ),
}
_LOOSE: Final = re.compile(r"[=<>!&|^?,;]")
"""Operators that bind less tightly than an equality, or as tightly, or would make one something else."""
_EQUALITY: Final = re.compile(r"(?<![=!<>])===?(?!=)")
_FUNCTION_BODY: Final = re.compile(r"(?:=>|\bfunction\b\s*\w*\s*\([^(){}]*\))\s*\{")
_GOVERNS: Final = re.compile(r"\b(?:if|while|for|with)\s*$")
_JAVA_LIST: Final = re.compile(
    r"\bList<Boolean>\s+(?P<name>\w+)\s*=\s*(?:java\.util\.)?(?:Arrays\.asList|List\.of)\s*\("
)
_JAVA_EQUAL: Final = re.compile(
    r"\bvoid\s+(?P<name>\w+)\s*\(\s*\w+\s+(?P<a>\w+)\s*,\s*\w+\s+(?P<b>\w+)\s*\)\s*\{\s*if\s*\(\s*"
    r"(?:(?P=a)\s*!=\s*(?P=b)|!\s*(?P=a)\.equals\(\s*(?P=b)\s*\)|!\s*Objects\.equals\(\s*(?P=a)\s*,\s*(?P=b)\s*\))"
    r"\s*\)\s*\{?\s*throw\b"
)


_WINDOW: Final = 4096  # characters before an assertion in which the statement before it has to end


def find_edits(language: str, source: str) -> tuple[Edit, ...]:
    """Every change to test code of a language's family that makes a sound control of it; never raises."""
    rules = _RULES.get(language)
    code = mask_code(language, source)
    if rules is None or code is None or re.search(rules.veto, code.masked):
        return ()
    bodies = list(_bodies(code, rules))
    if rules.once and len(bodies) != 1:
        return ()
    edits: list[Edit] = []
    for body in bodies:
        edits += _edits_of_java(code, rules, body) if language == "java" else _edits(language, code, rules, body)
    return tuple(edits)


def choose_controls(edits: tuple[Edit, ...], seed: bytes) -> tuple[Edit, ...]:
    """One change of each kind there is; the seed decides which."""
    chosen = random.Random(seed)  # noqa: S311 - the seed is the secret
    of_kinds = ([edit for edit in edits if edit.kind is kind] for kind in ControlKind)
    return tuple(chosen.choice(of_kind) for of_kind in of_kinds if of_kind)


def _bodies(code: CodeMask, rules: _Rules) -> Iterator[Span]:
    """The stretches of the bodies of tests that are certain to be reached."""
    javascript = rules is _JAVASCRIPT
    called: set[str] = set()
    if javascript:
        outside = (0, _first(rules.leaves, _without_functions(code), (0, len(code.masked))))
        yield outside
        calls = re.compile(r"^(\w+)\s*\(\s*\)\s*;?[ \t]*$", re.MULTILINE)
        called = {found[1] for found in calls.finditer(code.masked, *outside)}
    for found in re.finditer(rules.body, code.masked, re.MULTILINE):
        opening = found.end() - 1
        if javascript and (found["arrow"] or found["named"]) not in called:
            continue
        if javascript and opening not in code.outermost:
            continue
        inside = (found.end(), code.closing[opening])
        yield inside[0], _first(rules.leaves, code.masked, inside)


def _first(pattern: str, masked: str, span: Span) -> int:
    found = re.compile(pattern).search(masked, *span)
    return found.start() if found else span[1]


def _without_functions(code: CodeMask) -> str:
    """The masked code with spaces for the outermost bodies of functions: what happens when the file is run."""
    pieces, here = [], 0
    for found in _FUNCTION_BODY.finditer(code.masked):
        opening = found.end() - 1
        if opening >= here:
            close = code.closing[opening]
            pieces += [code.masked[here : opening + 1], " " * (close - opening - 1)]
            here = close
    return "".join(pieces) + code.masked[here:]


def _edits(language: str, code: CodeMask, rules: _Rules, body: Span) -> Iterator[Edit]:
    for form in rules.forms:
        if form.needs and not re.search(form.needs, code.text):
            continue
        for found in code.top_level(re.compile(rf"(?<![\w.]){form.opening}"), body):
            opening = found.end() - 1
            if not _is_statement(code, rules, body, (found.start(), code.closing[opening] + 1)):
                continue
            arguments = code.parts(opening)
            if language == "go":
                arguments = _of_testify(code, body, found.start(), arguments)
            if arguments:
                yield from _of_assertion(language, code, form, (found.start(), found.end()), arguments)


def _of_testify(code: CodeMask, body: Span, start: int, arguments: list[Span]) -> list[Span]:
    """The arguments without the test they belong to; none if that is not certain to be the running one."""
    if arguments and code.text[slice(*arguments[0])] == "t":
        return arguments[1:]
    package = re.compile(r"\w+").match(code.masked, start)
    bound = rf"\b{package[0]}\s*:=\s*{package[0]}\.New\(\s*t\s*\)" if package else r"(?!)"
    return arguments if re.compile(bound).search(code.masked, body[0], start) else []


def _is_statement(code: CodeMask, rules: _Rules, body: Span, call: Span) -> bool:
    """Whether a call is a statement that nothing governs."""
    start = max(body[0], call[0] - _WINDOW)
    before = code.masked[start : call[0]].rstrip()
    behind = re.compile(r"[ \t]*(?:;|\n|$)" if rules.in_any_order else r"\s*;").match(code.masked, call[1])
    if not behind:
        return False
    if not before:
        return start == body[0]
    if before[-1] in ";{}":
        return not re.search(r"\bdo\s*\{$", before)
    if not rules.in_any_order or "\n" not in code.masked[start + len(before) : call[0]]:
        return False
    if before[-1] != ")":
        return False
    opening = code.opened[start + len(before) - 1]
    return not _GOVERNS.search(code.masked, max(0, opening - 16), opening)


def _of_assertion(language: str, code: CodeMask, form: _Form, name: Span, arguments: list[Span]) -> Iterator[Edit]:
    if form.opposite is not None:
        yield Edit(ControlKind.COMPLEMENT, name, form.opposite)
    elif language not in ("c", "cpp") or len(arguments) == 1:
        yield _negated(code, arguments[0])
    if not form.compares:
        yield from _perturbed_equality(language, code, arguments[0])
    elif len(arguments) > 1:
        yield from _perturbed(language, code, (arguments[1], arguments[0]))


def _negated(code: CodeMask, span: Span) -> Edit:
    return Edit(ControlKind.COMPLEMENT, span, f"!({code.text[slice(*span)]})")


def _perturbed(language: str, code: CodeMask, sides: tuple[Span, ...]) -> list[Edit]:
    """Changes of a literal on the first side that is nothing but literals."""
    for start, end in sides:
        changes = changed_literals(language, code.text[start:end])
        if changes:
            return [Edit(ControlKind.PERTURBATION, (start + at, start + to), new) for (at, to), new in changes]
    return []


def _perturbed_equality(language: str, code: CodeMask, span: Span) -> list[Edit]:
    """Changes of what an expression says its value is, if it is one equality and nothing more."""
    flat = code.flat(span)
    found = _EQUALITY.search(flat)
    if not found or _LOOSE.search(flat[: found.start()] + flat[found.end() :]):
        return []
    left = code.trimmed((span[0], span[0] + found.start()))
    right = code.trimmed((span[0] + found.end(), span[1]))
    return _perturbed(language, code, (right, left))


def _edits_of_java(code: CodeMask, rules: _Rules, body: Span) -> Iterator[Edit]:
    """HumanEval-X's list of truths, and calls of a helper that throws where two values differ."""
    main_end = code.closing[body[0] - 1]
    for found in code.top_level(_JAVA_LIST, body):
        opening, name = found.end() - 1, re.escape(found["name"])
        check = rf"\s*;\s*if\s*\(\s*{name}\.contains\(\s*false\s*\)\s*\)\s*\{{?\s*throw\s+new\s+\w+\("
        if re.compile(check).match(code.masked, code.closing[opening] + 1, main_end):
            for element in code.parts(opening):
                yield _negated(code, element)
                yield from _perturbed_equality("java", code, element) or _perturbed_equals(code, element)
    for helper in _JAVA_EQUAL.finditer(code.masked):
        for call in code.top_level(re.compile(rf"(?<![\w.]){helper['name']}\s*\("), body):
            opening = call.end() - 1
            arguments = code.parts(opening)
            if len(arguments) == 2 and _is_statement(code, rules, body, (call.start(), code.closing[opening] + 1)):
                yield from _perturbed("java", code, (arguments[1], arguments[0]))


def _perturbed_equals(code: CodeMask, span: Span) -> list[Edit]:
    """Changes of the argument of a call of `equals` that is the whole expression."""
    flat = code.flat(span)
    found = re.search(r"\.equals\s*\(_+\)$", flat)
    if not found or _LOOSE.search(flat):
        return []
    opening = span[0] + flat.index("(", found.start())
    return _perturbed("java", code, (code.trimmed((opening + 1, code.closing[opening])),))
