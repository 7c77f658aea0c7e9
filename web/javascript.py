"""What JavaScript has for what Python formulas use: names, operators, constants; and what names a function binds."""

import ast
import json
import math
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import count, product
from string import ascii_lowercase
from typing import Any, Protocol

import numpy as np

_NUMERIC = (
    "abs absolute all any arange arctan2 argmax argmin argsort array asarray bool_ broadcast_to ceil clip concatenate "
    "cos cumprod cumsum diff divide divmod einsum empty empty_like exp expm1 fill_diagonal flatnonzero float64 floor "
    "full full_like hypot inf int64 interp isfinite isinf isnan linspace log log1p logical_and logical_not logical_or "
    "max maximum mean median min minimum moveaxis nan ones ones_like pi power prod put_along_axis quantile rankdata "
    "repeat resize searchsorted select sign sin sort sqrt stack sum take tanh tile transpose trunc unique where zeros "
    "zeros_like"
)
RUNTIME = frozenset(_NUMERIC.split())
"""Names of NumPy and SciPy that pages have."""
ALIASES = {
    "bool": "bool_",
    "intp": "int64",
    "int32": "int64",
    "rint": "round",
    "amax": "max",
    "amin": "min",
    "pow": "power",
}
BUILTINS = {
    **{name: name for name in ("abs", "bool", "divmod", "enumerate", "float", "int", "len", "list", "map", "next")},
    **{name: name for name in ("pairwise", "range", "reversed", "sorted", "zip")},
    **{name: f"py{name}" for name in ("all", "any", "max", "min", "round", "sum")},
    "tuple": "list",
}
_OF_VALUES = (
    "all any argmax argmin astype copy cumprod cumsum item max mean min prod ravel repeat reshape sort sum tolist "
    "transpose normal uniform start step_constants rate place memory values number accumulate integers"
)
METHODS = frozenset(_OF_VALUES.split())
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.Mod: "mod",
    ast.FloorDiv: "floordiv", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.MatMult: "matmul",
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
RESERVED = frozenset(("as", "do", "for", "if", "in", "is", "let", "new", "np", "of", "try", "var"))


class Functions(Protocol):
    """The functions that are translated together: see ``Translation``."""

    stands_for: Mapping[Any, str]
    methods: frozenset[str]
    used: set[Any]

    def name(self, function: Callable[..., Any]) -> str:
        """The JavaScript name of a function."""


def literal(value: Any) -> str | None:
    """A constant as JavaScript; None for what is none."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value)
    if isinstance(value, Enum):
        return literal(value.value)
    if isinstance(value, int | float | np.number):
        number = value.item() if isinstance(value, np.number) else value
        if isinstance(number, int):
            return repr(number) if abs(number) <= 2**53 else None
        return (
            repr(number) if math.isfinite(number) else {"inf": "Infinity", "-inf": "-Infinity"}.get(repr(number), "NaN")
        )
    if isinstance(value, np.ndarray):
        return f"np.nd([{', '.join(str(literal(each)) for each in value.ravel())}], {list(value.shape)})"
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        parts = {key: literal(each) for key, each in value._asdict().items()}
        return None if None in parts.values() else f"{{ {', '.join(f'{key}: {each}' for key, each in parts.items())} }}"
    if isinstance(value, tuple | list):
        texts = [literal(each) for each in value]
        return None if None in texts else f"[{', '.join(map(str, texts))}]"
    return None


def in_brackets(text: str) -> str:
    return f"({text})" if text.startswith("{") else text


def hashable(value: Any) -> bool:
    return getattr(value, "__hash__", None) is not None and not isinstance(value, tuple | np.ndarray)


def is_numeric(value: Any) -> bool:
    """Whether this is a function of NumPy, SciPy or ``math``."""
    module = str(getattr(value, "__module__", "")).split(".")[0]
    return isinstance(value, np.ufunc) or (callable(value) and module in ("numpy", "scipy", "math"))


def short_names() -> Iterator[str]:
    """Names for what a function holds: a, b, ..., aa, ab, ..."""
    for length in count(1):
        yield from (
            "".join(letters) for letters in product(ascii_lowercase, repeat=length) if "".join(letters) not in RESERVED
        )


def loaded(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Load())
    assert isinstance(node, ast.Subscript)
    return ast.Subscript(node.value, node.slice, ast.Load())


def assigned(body: list[ast.stmt]) -> set[str]:
    """Names that statements assign, those of functions and comprehensions inside them left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def own_names(tree: ast.AST) -> set[str]:
    """All names that a function binds, at any depth."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node is not tree}
    return found | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
