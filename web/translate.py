"""Plain Python formulas over arrays as JavaScript.

A function is translated whole, with the functions that it calls; it computes with the ``np``
of ``arrays.js`` and the scripts after it.  Named tuples become objects with the fields in order, tuples and lists
become arrays, None becomes null.
"""

import ast
import inspect
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import count, product
from string import ascii_lowercase
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

import numpy as np

from errsurf.errors import RecordError
from errsurf.portable import Definition, definition, meaning

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


class Translation:
    """Functions as JavaScript, each once: those asked for, and those that they call.

    ``stands_for`` says what to write for values that have no translation of their own, such as a look-up by name;
    ``methods`` are further names of methods that values have.
    """

    def __init__(self, stands_for: Mapping[Any, str] = MappingProxyType({}), methods: Iterable[str] = ()) -> None:
        self.stands_for, self.methods = stands_for, METHODS.union(methods)
        self.used: set[Any] = set()
        self._names: dict[Any, str] = {}
        self._texts: dict[str, str] = {}
        self._numbers = count()

    @property
    def text(self) -> str:
        """All functions."""
        return "".join(
            f"function{head} {name}{rest}\n" for key, name in self._texts.items() for head, rest in [_split(key)]
        )

    def name(self, function: Callable[..., Any]) -> str:
        """The JavaScript name of a function; RecordError, with file and line, for what cannot be translated."""
        if function not in self._names:
            assert isinstance(function, FunctionType)
            before = dict(self._texts), dict(self._names), set(self.used)
            self._names[function] = wanted = f"f{next(self._numbers)}"
            try:
                text = _Function(self, function).text
            except RecordError:
                self._texts, self._names, self.used = before
                raise
            self._names[function] = self._texts.setdefault(text, wanted)
        return self._names[function]


def _split(key: str) -> tuple[str, str]:
    return ("*", key[1:]) if key.startswith("*") else ("", key)


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


class _Function(ast.NodeVisitor):
    """The text of one function."""

    def __init__(self, translation: Translation, function: FunctionType) -> None:
        self.all, self.function = translation, function
        self.found: Definition = definition(function)
        tree = self.found.tree
        self.own = _own_names(tree)
        self.short = dict(zip(sorted(self.own), _short_names(), strict=False))
        yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(tree))
        self.prologue = ""
        parameters = self._parameters(tree)
        self.text = f"{'*' if yields else ''}({parameters}) {self._block(tree, tree.body, self.prologue)}"

    def fault(self, node: ast.AST, what: str = "cannot be translated to JavaScript") -> RecordError:
        """The error for a construct."""
        return self.found.fault(node, what)

    def _local(self, name: str) -> str:
        return self.short[name]

    # Statements

    def _parameters(self, tree: ast.FunctionDef) -> str:
        values = inspect.signature(self.function).parameters
        found: list[str] = []
        for name, parameter in values.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                raise self.fault(tree, "** of parameters cannot be translated to JavaScript")
            if parameter.kind is parameter.KEYWORD_ONLY and found and found[-1].startswith("..."):
                self.prologue += f"const {self._local(name)} = {self._constant(tree, parameter.default)}; "
                continue
            text = ("..." if parameter.kind is parameter.VAR_POSITIONAL else "") + self._local(name)
            if parameter.default is not parameter.empty:
                text += f" = {self._constant(tree, parameter.default)}"
            found.append(text)
        return ", ".join(found)

    def _constant(self, node: ast.AST, value: Any) -> str:
        if (text := literal(value)) is None:
            raise self.fault(node, f"{value!r} cannot be written in JavaScript")
        return text

    def _block(self, tree: ast.FunctionDef, body: list[ast.stmt], prologue: str = "") -> str:
        arguments = {arg.arg for arg in ast.walk(tree.args) if isinstance(arg, ast.arg)}
        names = sorted(self._local(name) for name in _assigned(body) - arguments)
        declared = f"let {', '.join(names)}; " if names else ""
        return f"{{ {prologue}{declared}{self._statements(body)} }}"

    def _statements(self, body: list[ast.stmt]) -> str:
        return " ".join(filter(None, map(self.visit, body)))

    def generic_visit(self, node: ast.AST) -> Any:
        raise self.fault(node)

    def visit_Expr(self, node: ast.Expr) -> str:
        return "" if isinstance(node.value, ast.Constant) else f"{self.visit(node.value)};"

    def visit_Pass(self, _node: ast.Pass) -> str:
        return ""

    def visit_Return(self, node: ast.Return) -> str:
        return f"return {self.visit(node.value)};" if node.value else "return null;"

    def visit_Raise(self, node: ast.Raise) -> str:
        return f"throw new Error({json.dumps(f'{self.function.__name__}, line {node.lineno}')});"

    def visit_Assert(self, _node: ast.Assert) -> str:
        return ""

    def visit_ImportFrom(self, _node: ast.ImportFrom) -> str:
        return ""

    def visit_Assign(self, node: ast.Assign) -> str:
        value = self.visit(node.value)
        return " ".join(self._assignment(target, value) for target in node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> str:
        return self._assignment(node.target, self.visit(node.value)) if node.value else ""

    def visit_AugAssign(self, node: ast.AugAssign) -> str:
        old = self.visit(ast.copy_location(_loaded(node.target), node))
        return self._assignment(node.target, self._operation(node, node.op, old, self.visit(node.value)))

    def _assignment(self, target: ast.expr, value: str) -> str:
        if isinstance(target, ast.Subscript):
            return f"np.set({self.visit(target.value)}, [{self._index(target.slice)}], {value});"
        if isinstance(target, ast.Tuple):
            return f"{self._pattern(target)} = np.iter({value});"
        return f"{self._pattern(target)} = {value};"

    def _pattern(self, target: ast.expr) -> str:
        if isinstance(target, ast.Name):
            return self._local(target.id)
        if isinstance(target, ast.Tuple | ast.List):
            return f"[{', '.join(map(self._pattern, target.elts))}]"
        if isinstance(target, ast.Starred):
            return f"...{self._pattern(target.value)}"
        raise self.fault(target)

    def visit_If(self, node: ast.If) -> str:
        otherwise = f" else {{ {self._statements(node.orelse)} }}" if node.orelse else ""
        return f"if ({self._test(node.test)}) {{ {self._statements(node.body)} }}{otherwise}"

    def visit_While(self, node: ast.While) -> str:
        if node.orelse:
            raise self.fault(node)
        return f"while ({self._test(node.test)}) {{ {self._statements(node.body)} }}"

    def visit_For(self, node: ast.For) -> str:
        if node.orelse:
            raise self.fault(node)
        each = f"{self._pattern(node.target)} of np.iter({self.visit(node.iter)})"
        return f"for ({each}) {{ {self._statements(node.body)} }}"

    def visit_Break(self, _node: ast.Break) -> str:
        return "break;"

    def visit_Continue(self, _node: ast.Continue) -> str:
        return "continue;"

    def visit_With(self, node: ast.With) -> str:
        if any("errstate" not in ast.unparse(item.context_expr) for item in node.items):
            raise self.fault(node)
        return self._statements(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> str:
        names = [arg.arg for arg in node.args.args] + ([node.args.vararg.arg] if node.args.vararg else [])
        if node.args.defaults or node.args.kwonlyargs or node.args.kwarg or node.decorator_list:
            raise self.fault(node)
        texts = [self._local(name) for name in names]
        if node.args.vararg:
            texts[-1] = f"...{texts[-1]}"
        return f"{self._local(node.name)} = ({', '.join(texts)}) => {self._block(node, node.body)};"

    # Expressions

    def _test(self, node: ast.expr) -> str:
        """An expression of which only the truth counts."""
        if isinstance(node, ast.BoolOp):
            sign = " && " if isinstance(node.op, ast.And) else " || "
            return f"({sign.join(map(self._test, node.values))})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"!{self._test(node.operand)}"
        return f"np.truth({self.visit(node)})"

    def visit_Constant(self, node: ast.Constant) -> str:
        return "np.dots" if node.value is Ellipsis else self._constant(node, node.value)

    def visit_Name(self, node: ast.Name) -> str:
        if node.id in self.own:
            return self._local(node.id)
        known = meaning(self.function, node.id)
        if not known.found:
            raise self.fault(node, "its meaning is not known")
        return self._value(node, known.value)

    def _value(self, node: ast.expr, value: Any) -> str:
        """What a name stands for that is not the function's own."""
        if _hashable(value) and value in self.all.stands_for:
            self.all.used.add(value)
            return self.all.stands_for[value]
        name = getattr(value, "__name__", "")
        if _is_numeric(value):
            name = ALIASES.get(name, name)
            if name not in RUNTIME:
                raise self.fault(node, "pages do not have it")
            return f"np.{name}"
        if isinstance(value, FunctionType):
            return self.all.name(value)
        if name in BUILTINS and getattr(value, "__module__", "") in ("builtins", "itertools"):
            return f"np.{BUILTINS[name]}"
        if isinstance(value, dict):
            parts = [f"{json.dumps(key)}: {self._value(node, each)}" for key, each in value.items()]
            return f"({{ {', '.join(parts)} }})"
        return self._constant(node, value)

    def _meant(self, node: ast.expr) -> Any:
        """The value that a name, or a name in a module, stands for; ``_Own`` where that is the function's."""
        if isinstance(node, ast.Name) and node.id not in self.own:
            return meaning(self.function, node.id).value
        if isinstance(node, ast.Attribute):
            base = self._meant(node.value)
            if isinstance(base, ModuleType | type) and hasattr(base, node.attr):
                return getattr(base, node.attr)
        return _Own

    def visit_Attribute(self, node: ast.Attribute) -> str:
        value = self._meant(node)
        return self._value(node, value) if value is not _Own else f"{self.visit(node.value)}.{node.attr}"

    def visit_Call(self, node: ast.Call) -> str:
        value = self._meant(node.func)
        if value is getattr or value is isinstance or value is hasattr:
            return self._asked(node, value.__name__)
        if isinstance(value, type) and hasattr(value, "_fields"):
            return self._record(node, value)
        if isinstance(value, FunctionType) and value not in self.all.stands_for and not _is_numeric(value):
            return f"{self.all.name(value)}({self._ordered(node, list(inspect.signature(value).parameters))})"
        if value is _Own and isinstance(node.func, ast.Attribute):
            return self._method(node, node.func)
        return f"{self.visit(node.func)}({self._arguments(node)})"

    def _method(self, node: ast.Call, method: ast.Attribute) -> str:
        of, name = self.visit(method.value), method.attr
        simple = {"append": "push", "index": "indexOf", "startswith": "startsWith", "endswith": "endsWith"}
        if name in simple:
            return f"{of}.{simple[name]}({self._arguments(node)})"
        if name == "extend":
            return f"{of}.push(...np.iter({self._arguments(node)}))"
        if name == "_replace":
            return f"({{ ...{of}, {self._keywords(node)} }})"
        if name in ("_asdict", "items", "keys"):
            return of if name == "_asdict" else f"Object.{'entries' if name == 'items' else 'keys'}({of})"
        if name not in self.all.methods:
            raise self.fault(node, f"a method `{name}` is not known in JavaScript")
        return f"{of}.{name}({self._arguments(node)})"

    def _asked(self, node: ast.Call, what: str) -> str:
        of, name, *rest = node.args
        if what == "isinstance":
            kind = {tuple: f"Array.isArray({self.visit(of)})", str: f'(typeof {self.visit(of)} === "string")'}
            if self._meant(name) not in kind:
                raise self.fault(node)
            return kind[self._meant(name)]
        if not isinstance(name, ast.Constant) or (what == "getattr" and not rest):
            raise self.fault(node)
        found = f"{self.visit(of)}?.{name.value!s}"
        return f"({found} !== undefined)" if what == "hasattr" else f"({found} ?? {self.visit(rest[0])})"

    def _record(self, node: ast.Call, kind: Any) -> str:
        """A named tuple."""
        if any(isinstance(each, ast.Starred) for each in node.args) and not node.keywords:
            return f"np.record({json.dumps(kind._fields)}, [{self._arguments(node)}])"
        given = dict(zip(kind._fields, map(self.visit, node.args), strict=False))
        given |= {str(each.arg): self.visit(each.value) for each in node.keywords}
        values = {key: given.get(key) or self._constant(node, kind._field_defaults[key]) for key in kind._fields}
        return f"({{ {', '.join(f'{key}: {value}' for key, value in values.items())} }})"

    def _ordered(self, node: ast.Call, names: list[str]) -> str:
        """Arguments of a translated function, all by place."""
        if not node.keywords:
            return self._arguments(node)
        found = [*map(self.visit, node.args)]
        given = {str(each.arg): self.visit(each.value) for each in node.keywords}
        if not given.keys() <= set(names[len(found) :]):
            raise self.fault(node)
        last = max(names.index(name) for name in given)
        return ", ".join([*found, *(given.get(name, "undefined") for name in names[len(found) : last + 1])])

    def _arguments(self, node: ast.Call) -> str:
        keywords = self._keywords(node)
        return ", ".join([*map(self.visit, node.args), *([f"{{ {keywords} }}"] if keywords else [])])

    def _keywords(self, node: ast.Call) -> str:
        if any(each.arg is None for each in node.keywords):
            raise self.fault(node)
        return ", ".join(f"{each.arg}: {self.visit(each.value)}" for each in node.keywords if each.arg != "strict")

    def visit_BinOp(self, node: ast.BinOp) -> str:
        return self._operation(node, node.op, self.visit(node.left), self.visit(node.right))

    def _operation(self, node: ast.AST, sign: ast.AST, left: str, right: str) -> str:
        if type(sign) not in OPERATORS:
            raise self.fault(node)
        return f"np.{OPERATORS[type(sign)]}({left}, {right})"

    def visit_UnaryOp(self, node: ast.UnaryOp) -> str:
        if isinstance(node.op, ast.Not):
            return f"!{self._test(node.operand)}"
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return f"-{self.visit(node.operand)}"
        name = {ast.USub: "neg", ast.Invert: "inv"}.get(type(node.op))
        return f"np.{name}({self.visit(node.operand)})" if name else str(self.visit(node.operand))

    def visit_BoolOp(self, node: ast.BoolOp) -> str:
        *before, last = map(self.visit, node.values)
        name = "both" if isinstance(node.op, ast.And) else "either"
        for value in reversed(before):
            last = f"np.{name}({value}, () => {last})"
        return str(last)

    def visit_Compare(self, node: ast.Compare) -> str:
        sides = [node.left, *node.comparators]
        parts = [self._comparison(node, *each) for each in zip(sides, node.ops, sides[1:], strict=False)]
        return parts[0] if len(parts) == 1 else f"({' && '.join(parts)})"

    def _comparison(self, node: ast.Compare, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        if isinstance(sign, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Constant) and right.value is None):
                raise self.fault(node)
            return f"({self.visit(left)} {'==' if isinstance(sign, ast.Is) else '!='} null)"
        if isinstance(sign, ast.In | ast.NotIn):
            found = f"np.has({self.visit(right)}, {self.visit(left)})"
            return found if isinstance(sign, ast.In) else f"!{found}"
        return self._operation(node, sign, self.visit(left), self.visit(right))

    def visit_IfExp(self, node: ast.IfExp) -> str:
        return f"({self._test(node.test)} ? {self.visit(node.body)} : {self.visit(node.orelse)})"

    def visit_Lambda(self, node: ast.Lambda) -> str:
        arguments = [arg.arg for arg in node.args.args]
        return f"(({', '.join(map(self._local, arguments))}) => {self.visit(node.body)})"

    def visit_Subscript(self, node: ast.Subscript) -> str:
        return f"np.get({self.visit(node.value)}, {self._index(node.slice)})"

    def _index(self, node: ast.expr) -> str:
        return ", ".join(map(self.visit, node.elts)) if isinstance(node, ast.Tuple) else str(self.visit(node))

    def visit_Slice(self, node: ast.Slice) -> str:
        parts = [self.visit(part) if part else "null" for part in (node.lower, node.upper, node.step)]
        return f"np.slice({', '.join(parts)})"

    def visit_Tuple(self, node: ast.Tuple) -> str:
        return f"[{', '.join(map(self.visit, node.elts))}]"

    def visit_List(self, node: ast.List) -> str:
        return f"[{', '.join(map(self.visit, node.elts))}]"

    def visit_Starred(self, node: ast.Starred) -> str:
        return f"...np.iter({self.visit(node.value)})"

    def visit_Dict(self, node: ast.Dict) -> str:
        pairs = zip(node.keys, node.values, strict=True)
        parts = [
            f"[{self.visit(key)}]: {self.visit(value)}" if key else f"...{self.visit(value)}" for key, value in pairs
        ]
        return f"({{ {', '.join(parts)} }})"

    def visit_JoinedStr(self, node: ast.JoinedStr) -> str:
        parts = [json.dumps(part.value) if isinstance(part, ast.Constant) else self.visit(part) for part in node.values]
        return f"({' + '.join([json.dumps(''), *parts])})"

    def visit_FormattedValue(self, node: ast.FormattedValue) -> str:
        if node.format_spec or node.conversion != -1:
            raise self.fault(node)
        return f"({self.visit(node.value)})"

    def visit_YieldFrom(self, node: ast.YieldFrom) -> str:
        return f"yield* np.iter({self.visit(node.value)})"

    def visit_Yield(self, node: ast.Yield) -> str:
        return f"yield {self.visit(node.value) if node.value else 'null'}"

    def visit_ListComp(self, node: ast.ListComp) -> str:
        return self._comprehension("each", node.generators, lambda: str(self.visit(node.elt)))

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> str:
        return self._comprehension("lazy", node.generators, lambda: str(self.visit(node.elt)))

    def visit_DictComp(self, node: ast.DictComp) -> str:
        pairs = self._comprehension(
            "each", node.generators, lambda: f"[{self.visit(node.key)}, {self.visit(node.value)}]"
        )
        return f"Object.fromEntries({pairs})"

    def _comprehension(self, how: str, parts: list[ast.comprehension], element: Callable[[], str]) -> str:
        part, *rest = parts
        over, target = str(self.visit(part.iter)), self._pattern(part.target)
        for test in part.ifs:
            over = f"np.kept({over}, ({target}) => {self._test(test)})"
        if rest:
            nested = f"np.flat(np.{how}({over}, ({target}) => {self._comprehension(how, rest, element)}))"
            return f"np.list({nested})" if how == "each" else nested
        return f"np.{how}({over}, ({target}) => {_in_brackets(element())})"


class _Own:
    """Stands for a value that only a run knows."""


def _in_brackets(text: str) -> str:
    return f"({text})" if text.startswith("{") else text


def _hashable(value: Any) -> bool:
    return getattr(value, "__hash__", None) is not None and not isinstance(value, tuple | np.ndarray)


def _is_numeric(value: Any) -> bool:
    """Whether this is a function of NumPy, SciPy or ``math``."""
    module = str(getattr(value, "__module__", "")).split(".")[0]
    return isinstance(value, np.ufunc) or (callable(value) and module in ("numpy", "scipy", "math"))


def _short_names() -> Iterator[str]:
    """Names for what a function holds: a, b, ..., aa, ab, ..."""
    for length in count(1):
        yield from (
            "".join(letters) for letters in product(ascii_lowercase, repeat=length) if "".join(letters) not in RESERVED
        )


def _loaded(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Load())
    assert isinstance(node, ast.Subscript)
    return ast.Subscript(node.value, node.slice, ast.Load())


def _assigned(body: list[ast.stmt]) -> set[str]:
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


def _own_names(tree: ast.AST) -> set[str]:
    """All names that a function binds, at any depth."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node is not tree}
    return found | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
