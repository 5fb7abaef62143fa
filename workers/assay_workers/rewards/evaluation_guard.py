r"""Keeps names that a completion chose away from the two places where sympy compiles text: parsing and `lambdify`.

`\mathtt{ieuc[f()]}` is read as a symbol whose name is code, and the numerical evaluation of a sum compiles it
(`evalf`, `hypsum`, `lambdify`). Behind this guard sympy compiles nothing but expressions whose only names are
identifiers that it binds itself; `evalf` falls back to another method where it is refused. The parser takes what
math-verify gives it of plain expressions: digits, points, brackets and operators.
"""

import importlib
import re
import sys
from typing import Any, Final

__all__ = ["install_guard"]

_NUMERIC: Final = re.compile(r"[\d.\s+\-*/()]*")


def install_guard() -> None:
    """Guards this process, for good; after all imports, and before it reads what anybody wrote."""
    importlib.import_module("sympy.physics.units")  # which parses names of its own when it is imported
    lambdify_module = importlib.import_module("sympy.utilities.lambdify")
    parser = importlib.import_module("sympy.parsing.sympy_parser")
    function = importlib.import_module("sympy.core.function")
    symbol = importlib.import_module("sympy.core.symbol")
    stringify, compile_it = parser.stringify_expr, lambdify_module.lambdify

    def stringify_expr(text: str, *rest: Any) -> str:
        if not _NUMERIC.fullmatch(text):
            raise ValueError("only numbers are parsed here")
        result: str = stringify(text, *rest)
        return result

    def lambdify(args: Any, expr: Any, *rest: Any, **options: Any) -> Any:
        bound = set(args) if isinstance(args, list | tuple) else {args}
        named = all(isinstance(each, symbol.Symbol) and each.name.isidentifier() for each in bound)
        free = expr.atoms(symbol.Symbol) - bound
        if not named or free or expr.atoms(function.AppliedUndef):
            raise NotImplementedError("names that are not bound are not compiled")
        return compile_it(args, expr, *rest, **options)

    vars(parser)["stringify_expr"] = stringify_expr
    for module in list(sys.modules.values()):  # some have bound the name at their import
        if getattr(module, "__name__", "").startswith("sympy") and vars(module).get("lambdify") is compile_it:
            vars(module)["lambdify"] = lambdify
