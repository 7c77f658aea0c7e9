"""Expressions of Python formulas as JavaScript."""

import ast
import inspect
import json
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from errsurf.errors import RecordError
from errsurf.portable import Definition, definition, meaning
from errsurf.web.javascript import (
    ALIASES,
    BUILTINS,
    OPERATORS,
    RUNTIME,
    Functions,
    hashable,
    in_brackets,
    is_numeric,
    literal,
    own_names,
    short_names,
)


class _Own:
    """Stands for a value that only a run knows."""


class Expressions(ast.NodeVisitor):
    """Translates the expressions of one ``function``.

    ``own`` are the names that it binds, and ``short`` what they are called in JavaScript.
    """

    def __init__(self, functions: Functions, function: FunctionType) -> None:
        self.all, self.function = functions, function
        self.found: Definition = definition(function)
        self.own = own_names(self.found.tree)
        self.short = dict(zip(sorted(self.own), short_names(), strict=False))

    def fault(self, node: ast.AST, what: str = "cannot be translated to JavaScript") -> RecordError:
        """The error for a construct."""
        return self.found.fault(node, what)

    def _local(self, name: str) -> str:
        return self.short[name]

    def _constant(self, node: ast.AST, value: Any) -> str:
        if (text := literal(value)) is None:
            raise self.fault(node, f"{value!r} cannot be written in JavaScript")
        return text

    def generic_visit(self, node: ast.AST) -> Any:
        raise self.fault(node)

    def _pattern(self, target: ast.expr) -> str:
        if isinstance(target, ast.Name):
            return self._local(target.id)
        if isinstance(target, ast.Tuple | ast.List):
            return f"[{', '.join(map(self._pattern, target.elts))}]"
        if isinstance(target, ast.Starred):
            return f"...{self._pattern(target.value)}"
        raise self.fault(target)

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
        if hashable(value) and value in self.all.stands_for:
            self.all.used.add(value)
            return self.all.stands_for[value]
        name = getattr(value, "__name__", "")
        if is_numeric(value):
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
        if isinstance(value, FunctionType) and value not in self.all.stands_for and not is_numeric(value):
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
        return f"np.{how}({over}, ({target}) => {in_brackets(element())})"
