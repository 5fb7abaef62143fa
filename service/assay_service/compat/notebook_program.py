"""Runs in a sandbox, as the text before some cells: see `assay_service.compat.notebook`."""

import ast
import contextlib
import io
import json
import linecache
import signal
import sys
import textwrap
import traceback
import types
from typing import Any


class _CellTimeout(BaseException):
    """A cell took too long."""


def _alarm(_number: int, _frame: object) -> None:
    raise _CellTimeout


def _compiled(source: str, name: str) -> tuple[types.CodeType, types.CodeType | None]:
    """The code of a cell, and of the expression at its end, if there is one."""
    source = textwrap.dedent(source)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        expression = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]  # an `Expr`, as just seen
        last = compile(expression, name, "eval")
    return compile(tree, name, "exec"), last


def _shown(value: object) -> dict[str, str]:
    """A value as a front end is given it."""
    shown = {"text/plain": repr(value)}
    for method, kind in (("_repr_html_", "text/html"), ("_repr_markdown_", "text/markdown")):
        render = getattr(value, method, None)
        if callable(render) and isinstance(text := render(), str):
            shown[kind] = text
    return shown


def _run_cell(source: str, number: int, namespace: dict[str, Any], timeout_s: float) -> dict[str, Any]:
    stdout, stderr = io.StringIO(), io.StringIO()
    display: list[dict[str, str]] = []
    error: list[dict[str, Any]] = []
    namespace["display"] = lambda *values: display.extend(map(_shown, values))
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            signal.setitimer(signal.ITIMER_REAL, timeout_s)
            body, last = _compiled(source, f"<cell {number}>")
            exec(body, namespace)  # noqa: S102 - running the cell is the point
            value = None if last is None else eval(last, namespace)  # noqa: S307 - likewise
            if value is not None:
                namespace["_"] = value
                display.append(_shown(value))
    except BaseException as raised:  # noqa: BLE001 - whatever a cell raises is its result
        kind = type(raised)
        name = "CellTimeoutError" if kind is _CellTimeout else kind.__name__
        lines = traceback.format_exception(kind, raised, raised.__traceback__ and raised.__traceback__.tb_next)
        error.append({"ename": name, "evalue": str(raised), "traceback": lines})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return {"stdout": stdout.getvalue(), "stderr": stderr.getvalue(), "display": display, "error": error}


def _run(asked_text: str) -> None:
    asked = json.loads(asked_text)
    signal.signal(signal.SIGALRM, _alarm)
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    results = []
    for number, source in enumerate(asked["cells"], 1):
        results.append(_run_cell(source, number, main.__dict__, asked["cell_timeout_s"]))
        with open(asked["file"], "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
            json.dump(results, file)
