"""Plain Python formulas over arrays, rewritten so that they compute the same bits on every machine.

Sums, products, quotients, roots and comparisons are exact or rounded in one way; powers and elementary functions are
replaced by those of ``elementary``.  What is neither is refused, with its place.
"""

import ast
import builtins
import copy
import inspect
import math
import textwrap
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from errsurf.errors import RecordError
from errsurf.portable import elementary

REPLACED: dict[str, Callable[..., Any]] = {
    name: getattr(elementary, name) for name in ("exp", "log", "log1p", "sin", "cos", "power", "interp")
} | {"pow": elementary.power}
EXACT = frozenset(
    "abs absolute all any arange argmax argmin argsort array asarray broadcast_to ceil clip concatenate cumprod cumsum "
    "diff divide divmod empty empty_like fabs flatnonzero flip float64 floor floor_divide full full_like int64 isfinite "
    "isinf isnan isqrt logical_and logical_not logical_or maximum minimum mod moveaxis ones ones_like remainder repeat "
    "resize round searchsorted select sign sort sqrt stack take tile transpose trunc where zeros zeros_like".split()
)


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
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
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


@cache
def portable(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with portable powers and elementary functions, in all formulas that it calls too.

    Raises RecordError, with file and line, for a function of NumPy or ``math`` whose bits depend on the machine.
    """
    assert isinstance(function, FunctionType)
    found = definition(function)
    tree = copy.deepcopy(found.tree)
    replacing = _Replacing(function, found)
    tree.decorator_list, tree.returns, tree.body = [], None, [replacing.visit(node) for node in tree.body]
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
        name = getattr(value, "__name__", "")
        if isinstance(value, FunctionType) and not _is_numpy(value):
            return self._named(name, portable(value))
        if not callable(value) or not (_is_numpy(value) or getattr(value, "__module__", "") == math.__name__):
            return node
        if name in REPLACED:
            return self._named(name, REPLACED[name])
        if name not in EXACT:
            raise self.found.fault(node, "its bits depend on the machine")
        return node

    def _named(self, name: str, value: Any) -> ast.Name:
        name = f"_portable_{name}"
        if self.names.setdefault(name, value) is not value:
            raise self.found.fault(self.found.tree, f"two functions named `{name}`")
        return ast.Name(name, ast.Load())


def _is_numpy(value: Any) -> bool:
    return isinstance(value, np.ufunc) or str(getattr(value, "__module__", "")).split(".")[0] == "numpy"
