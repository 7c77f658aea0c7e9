"""Plain Python formulas over arrays as JavaScript.

A function is translated whole, with the functions that it calls; it computes with the ``np``
of ``arrays.js`` and the scripts after it.  Named tuples become objects with the fields in order, tuples and lists
become arrays, None becomes null.
"""

import ast
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from types import FunctionType, MappingProxyType
from typing import Any

from errsurf.errors import RecordError
from errsurf.web.expressions import Expressions
from errsurf.web.javascript import METHODS, assigned, loaded


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


class _Function(Expressions, ast.NodeVisitor):
    """The text of one function."""

    def __init__(self, translation: Translation, function: FunctionType) -> None:
        super().__init__(translation, function)
        tree = self.found.tree
        yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(tree))
        self.prologue = ""
        parameters = self._parameters(tree)
        self.text = f"{'*' if yields else ''}({parameters}) {self._block(tree, tree.body, self.prologue)}"

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

    def _block(self, tree: ast.FunctionDef, body: list[ast.stmt], prologue: str = "") -> str:
        arguments = {arg.arg for arg in ast.walk(tree.args) if isinstance(arg, ast.arg)}
        names = sorted(self._local(name) for name in assigned(body) - arguments)
        declared = f"let {', '.join(names)}; " if names else ""
        return f"{{ {prologue}{declared}{self._statements(body)} }}"

    def _statements(self, body: list[ast.stmt]) -> str:
        return " ".join(filter(None, map(self.visit, body)))

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
        old = self.visit(ast.copy_location(loaded(node.target), node))
        return self._assignment(node.target, self._operation(node, node.op, old, self.visit(node.value)))

    def _assignment(self, target: ast.expr, value: str) -> str:
        if isinstance(target, ast.Subscript):
            return f"np.set({self.visit(target.value)}, [{self._index(target.slice)}], {value});"
        if isinstance(target, ast.Tuple):
            return f"{self._pattern(target)} = np.iter({value});"
        return f"{self._pattern(target)} = {value};"

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
