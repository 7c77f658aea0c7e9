"""Plain Python formulas over arrays, rewritten so that they compute the same bits on every machine.

Sums, products, quotients, roots and comparisons are exact or rounded in one way; powers and elementary functions are
replaced by those of ``elementary``.  What is neither is refused, with its place.
"""

import ast
import builtins
import copy
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from errsurf.errors import RecordError
from errsurf.portable import elementary
from errsurf.system.parsing import parsed

REPLACED: dict[str, Callable[..., Any]] = {
    name: getattr(elementary, name)
    for name in ("exp", "hypot", "interp", "log", "log1p", "cos", "power", "sin", "tanh")
} | {"pow": elementary.power}
_OF_NUMBERS = (
    "abs absolute add bitwise_and bitwise_or ceil comb copysign deg2rad degrees divide divmod equal fabs factorial "
    "floor floor_divide fmax fmin gcd greater greater_equal invert isclose isfinite isinf isnan isqrt ldexp less "
    "less_equal logical_and logical_not logical_or logical_xor maximum minimum mod multiply negative not_equal "
    "positive prod radians rad2deg reciprocal remainder rint sign signbit sqrt square subtract trunc"
)
EXACT = frozenset(_OF_NUMBERS.split())
"""Functions of numbers, of NumPy and ``math``, that are exact or rounded in one way."""
_OF_ARRAYS = "convolve corrcoef correlate cov dot einsum geomspace inner logspace matmul tensordot trapezoid vdot"
INEXACT = frozenset(_OF_ARRAYS.split())
"""Functions of NumPy for arrays that add up in an order of their own; those of ``numpy.linalg`` and ``fft`` are too."""


class Known(NamedTuple):
    """What a name of a formula means: the value, and whether it is known."""

    value: Any
    found: bool


class Definition(NamedTuple):
    """A function's syntax tree, with lines counted as in its file."""

    tree: ast.FunctionDef
    file: str

    def fault(self, node: ast.AST, what: str) -> RecordError:
        """The error that says where a formula cannot be used, and what stands there."""
        return RecordError(f"{self.file}:{getattr(node, 'lineno', '?')}: `{ast.unparse(node)}`: {what}")


@cache
def definition(function: FunctionType) -> Definition:
    """The definition of a plain function; RecordError where its text is not at hand."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = parsed(textwrap.dedent("".join(lines))).body[0]
    except (OSError, SyntaxError, TypeError, IndexError) as error:
        raise RecordError(f"{function.__module__}.{function.__qualname__}: its text is not at hand") from error
    ast.increment_lineno(tree, first - 1)
    file = inspect.getsourcefile(function) or "?"
    if not isinstance(tree, ast.FunctionDef):
        raise RecordError(f"{file}:{first}: `{ast.unparse(tree)}`: a plain function is needed")
    return Definition(tree, file)


def meaning(function: FunctionType, name: str) -> Known:
    """What a free name of a function means; names that it imports itself are among them."""
    for names in (_imported(function), _enclosed(function), function.__globals__, vars(builtins)):
        if name in names:
            return Known(names[name], True)
    return Known(None, False)


@cache
def _imported(function: FunctionType) -> dict[str, Any]:
    """Names that ``from ... import`` inside the function defines."""
    imports = [node for node in ast.walk(definition(function).tree) if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: getattr(import_module(node.module or ""), alias.name)
        for node in imports
        for alias in node.names
    }


def _enclosed(function: FunctionType) -> dict[str, Any]:
    """Names of the functions around it."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells}


def portable(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with portable powers and elementary functions, in all formulas that it calls too.

    It is the function itself where nothing has to be replaced.  Raises RecordError, with file and line, for a function
    of NumPy, SciPy or ``math`` whose bits depend on the machine.
    """
    if function not in _MADE:
        _MADE[function] = function  # what it says to a function that calls itself
        try:
            _MADE[function] = _rewritten(function)
        except RecordError:
            del _MADE[function]
            raise
    return _MADE[function]


_MADE: dict[Callable[..., Any], Callable[..., Any]] = {}


def _rewritten(function: Callable[..., Any]) -> Callable[..., Any]:
    assert isinstance(function, FunctionType)
    found = definition(function)
    tree = copy.deepcopy(found.tree)
    replacing = _Replacing(function, found)
    tree.decorator_list, tree.returns, tree.body = [], None, [replacing.visit(node) for node in tree.body]
    if not replacing.names:
        return function
    for argument in [*tree.args.args, *tree.args.kwonlyargs]:
        argument.annotation = None
    module = ast.fix_missing_locations(ast.Module([tree], []))
    names = {**function.__globals__, **_enclosed(function), **replacing.names}
    exec(compile(module, found.file, "exec"), names)
    made: Callable[..., Any] = names[function.__name__]
    return made


class _Replacing(ast.NodeTransformer):
    """Replaces what is not exact in the body of one function; ``names`` are the new names it then uses."""

    def __init__(self, function: FunctionType, found: Definition) -> None:
        self.function, self.found = function, found
        self.names: dict[str, Any] = {}

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``x**y``."""
        self.generic_visit(node)
        if isinstance(node.op, ast.MatMult):
            raise self.found.fault(node, "its bits depend on the machine")
        if not isinstance(node.op, ast.Pow):
            return node
        return ast.copy_location(ast.Call(self._named("power", elementary.power), [node.left, node.right], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """``x **= y`` is refused: no formula needs it."""
        if isinstance(node.op, ast.Pow | ast.MatMult):
            raise self.found.fault(node, "write it without assignment")
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name that stands for a function."""
        known = meaning(self.function, node.id)
        return self._replaced(node, known.value) if isinstance(node.ctx, ast.Load) and known.found else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """``np.exp``, ``math.exp``."""
        if isinstance(node.value, ast.Name):
            module = meaning(self.function, node.value.id).value
            if isinstance(module, ModuleType) and hasattr(module, node.attr):
                return self._replaced(node, getattr(module, node.attr))
        return self.generic_visit(node)

    def _replaced(self, node: ast.expr, value: Any) -> ast.AST:
        name, origin = getattr(value, "__name__", ""), _origin(value)
        if isinstance(value, FunctionType) and origin not in NUMERIC:
            made = portable(value)
            return node if made is value else self._named(name, made)
        if not callable(value) or isinstance(value, type) or origin not in NUMERIC:
            return node
        if name in REPLACED:
            return self._named(name, REPLACED[name])
        if origin == "scipy" or (name not in EXACT if _is_of_numbers(value) else _is_inexact(value)):
            raise self.found.fault(node, "its bits depend on the machine")
        return node

    def _named(self, name: str, value: Any) -> ast.Name:
        name = f"_portable_{name}"
        if self.names.setdefault(name, value) is not value:
            raise self.found.fault(self.found.tree, f"two functions named `{name}`")
        return ast.Name(name, ast.Load())


NUMERIC = ("numpy", "scipy", "math")


def _origin(value: Any) -> str:
    return "numpy" if isinstance(value, np.ufunc) else str(getattr(value, "__module__", "")).split(".")[0]


def _is_of_numbers(value: Any) -> bool:
    return isinstance(value, np.ufunc) or _origin(value) == "math"


def _is_inexact(value: Any) -> bool:
    return value.__name__ in INEXACT or value.__module__.startswith(("numpy.linalg", "numpy.fft"))


def rounded(function: Callable[..., Any], rounding: str) -> Callable[..., Any]:
    """The function as it stands, or its ``portable`` form where ``rounding`` says so, as ``[run] rounding``."""
    return portable(function) if rounding == "portable" else function
