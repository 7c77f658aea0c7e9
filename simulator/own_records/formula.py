"""What a formula of kernels may hold, found in its text, before anything is compiled."""

import ast
import builtins
from collections.abc import Iterable
from inspect import isfunction
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from errsurf.engine.link import KNOWN, packed
from errsurf.errors import RecordError
from errsurf.own_records.source import Source
from errsurf.portable.rewriting import definition, meaning

PLAIN = ("abs", "min", "max")
_FINE = (
    *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign),
    *(ast.Expr, ast.Name, ast.Attribute, ast.Constant, ast.Tuple, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.BoolOp),
    *(ast.Compare, ast.Call, ast.IfExp, ast.For, ast.Pass, ast.expr_context, ast.operator, ast.unaryop, ast.boolop),
    *(ast.cmpop, ast.keyword, ast.Starred),
)
CHOICE = "write `a if condition else b`; in a surface where(condition, a, b), with `from numpy import where`"
_REMEDIES: dict[type[ast.AST], tuple[str, str]] = {
    ast.If: ("an `if` statement", CHOICE),
    ast.While: ("a loop", "write it out; only `for _ in range(3):` with a whole number repeats lines"),
    ast.For: ("a loop", "write it out; only `for _ in range(3):` with a whole number repeats lines"),
    ast.Lambda: ("a lambda", "write a function with `def`, at the top level of the file"),
    ast.FunctionDef: ("a function inside a function", "define it at the top level of the file"),
    ast.JoinedStr: ("text", "formulas hold numbers only"),
    ast.List: ("a list", "write a tuple, or one name for each number"),
    ast.Dict: ("a dict", "write a named tuple"),
    ast.Set: ("a set", "write one name for each number"),
    ast.Import: ("an import", "import at the top of the file"),
    ast.ImportFrom: ("an import", "import at the top of the file"),
    ast.Assert: ("an assert", "check settings in the record's `fault`"),
    ast.Raise: ("a raise", "check settings in the record's `fault`"),
    ast.Try: ("a try", "write where(...) or `a if condition else b` around what may fail"),
}
_OTHER_NAMES = {"arctan": "atan", "arcsin": "asin", "minimum": "fmin", "maximum": "fmax", "abs": "fabs"}


def formula_faults(source: Source, function: Any, what: str) -> None:
    """Note what in a formula, and in the functions of its file that it calls, no kernel can have."""
    _Formula(source, what).check(function)


class _Formula:
    """The check of one formula, and of what it calls."""

    def __init__(self, source: Source, what: str) -> None:
        self.source, self.what, self.open = source, what, list[FunctionType]()

    def check(self, function: Any) -> None:
        """Note the faults of a function."""
        line = self.source.of(function, self.what)
        if not isfunction(function):
            remedy = "write a function with `def` in this file that holds the formula"
            self.source.fault(line, f"`{self.what}` is no plain function, but {type(function).__name__}", remedy)
        elif function.__name__ == "<lambda>":
            self.source.fault(line, f"`{self.what}` is a lambda", "write a function with `def`")
        elif function.__closure__:
            names = ", ".join(f"`{name}`" for name in function.__code__.co_freevars)
            remedy = "make them settings, or numbers at the top level of the file"
            self.source.fault(line, f"`{self.what}` uses {names} of the function around it", remedy)
        else:
            self._check_plain(function)

    def _check_plain(self, function: FunctionType) -> None:
        if function in self.open:
            self.source.fault(
                self.source.of(function, self.what), f"`{function.__name__}` calls itself", "write it out"
            )
            return
        try:
            tree = definition(function).tree
        except RecordError as error:
            self.source.fault(self.source.part(self.what), str(error), "write a function with `def` in this file")
            return
        self.open.append(function)
        if tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs:
            self.source.fault(tree.lineno, f"`{tree.name}` has * among its arguments", "name each argument")
        own = {each.arg for each in tree.args.args}
        own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
        for node in self._nodes(body):
            self._node(node, function, own)
        self.open.pop()

    def _nodes(self, body: Iterable[ast.AST]) -> Iterable[ast.AST]:
        """The nodes that are computed: annotations are not, and of what is a fault itself nothing more is said."""
        for node in body:
            yield node
            if _is_fine(node):
                yield from self._nodes(_computed(node))

    def _node(self, node: ast.AST, function: FunctionType, own: set[str]) -> None:
        line = getattr(node, "lineno", self.source.of(function, self.what))
        if not _is_fine(node):
            words, remedy = _REMEDIES.get(type(node), (f"`{ast.unparse(node)[:60]}`", "formulas hold arithmetic only"))
            self.source.fault(line, f"`{function.__name__}` has {words}, which no kernel has", remedy)
            return
        match node:
            case ast.Constant(value=str() | bytes() | complex()):
                self.source.fault(line, f"`{function.__name__}` has {node.value!r}", "formulas hold numbers only")
            case ast.BinOp(op=ast.Pow()):
                self._power(node)
            case ast.BinOp(op=ast.FloorDiv() | ast.MatMult()):
                remedy = "write `/`, or floor(a / b) with `from numpy import floor`"
                self.source.fault(line, f"`{ast.unparse(node)}`: kernels have no such division or product", remedy)
            case ast.Call():
                self._call(node, function)
            case ast.Name(ctx=ast.Load()) if node.id not in own:
                self._name(node, function)

    def _power(self, node: ast.BinOp) -> None:
        power = node.right.value if isinstance(node.right, ast.Constant) else None
        if not (isinstance(power, int) and 2 <= power <= 16):
            remedy = "write a whole power from 2 to 16, sqrt(x), 1 / x, or exp(p * log(x))"
            self.source.fault(node.lineno, f"`{ast.unparse(node)}`: kernels have whole powers up to 16", remedy)

    def _call(self, node: ast.Call, function: FunctionType) -> None:
        if node.keywords:
            names = ", ".join(f"`{each.arg}=`" for each in node.keywords)
            remedy = "give the values in their order, without names"
            self.source.fault(node.lineno, f"`{ast.unparse(node.func)}` is called with {names}", remedy)
            return
        value = meaning(function, node.func.id).value if isinstance(node.func, ast.Name) else None
        fields, given = getattr(value, "_fields", None), len(node.args)
        spread = any(isinstance(each, ast.Starred) for each in node.args)
        if isinstance(value, type) and fields is not None and not spread and given != len(fields):
            problem = f"{value.__name__} has {_count(len(fields), 'field')} and gets {_count(given, 'value')}"
            self.source.fault(node.lineno, problem, f"write {value.__name__}({', '.join(fields)})")

    def _name(self, node: ast.Name, function: FunctionType) -> None:
        """A name that the formula does not define itself."""
        found, line = meaning(function, node.id), node.lineno
        value = found.value
        if isinstance(value, ModuleType):
            self._module(node, function)
        elif _is_known(node.id, value):
            return
        elif isfunction(value) and not _numeric(value):
            self._helper(value)
        elif node.id == "print":
            self.source.fault(line, "print, which no kernel has", "remove it; run.record keeps parts of updates")
        elif callable(value):
            self.source.fault(line, f"kernels do not know `{node.id}`", f"they know {KNOWN}")
        elif not found.found:
            self.source.fault(line, f"`{node.id}` is not defined", "define it, or import it at the top of the file")
        else:
            words = f"`{node.id}` is of type {type(value).__name__}, which no kernel has"
            self.source.fault(line, words, f"write a number ({node.id} = float(...)), or make it a setting")

    def _helper(self, value: FunctionType) -> None:
        if Path(value.__code__.co_filename) == self.source.file or value.__closure__ or value.__name__ == "<lambda>":
            self.check(value)

    def _module(self, node: ast.Name, function: FunctionType) -> None:
        """``np.exp``: where a module stands, with the function that is asked of it."""
        uses = [each for each in ast.walk(definition(function).tree) if isinstance(each, ast.Attribute)]
        name = next((each.attr for each in uses if each.value is node), "")
        name = next((ours for ours, theirs in _OTHER_NAMES.items() if name == theirs), name)
        module = "scipy.special" if name == "erf" else "numpy"
        known = packed(name, "float64") if name else None
        call = f"write {name}(...), with `from {module} import {name}`" if known else f"they know {KNOWN}"
        if name in PLAIN:
            call = f"write {name}(...)"
        value = getattr(meaning(function, node.id).value, name, None)
        if isinstance(value, float):
            call = f"write `from {node.id if node.id != 'np' else 'math'} import {name}`"
        self.source.fault(node.lineno, f"kernels do not know `{node.id}.{name}`", call)


def _computed(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that are computed."""
    match node:
        case ast.AnnAssign():
            return [part for part in (node.target, node.value) if part is not None]
        case ast.Call():
            return [node.func, *node.args]
        case ast.For():
            return [*node.body]
    return [*ast.iter_child_nodes(node)]


def _is_fine(node: ast.AST) -> bool:
    if isinstance(node, ast.For):
        times = node.iter.args[0] if isinstance(node.iter, ast.Call) and len(node.iter.args) == 1 else None
        whole = isinstance(times, ast.Constant) and isinstance(times.value, int)
        return isinstance(node.target, ast.Name) and node.target.id == "_" and whole and not node.orelse
    return isinstance(node, _FINE) and not isinstance(node, ast.FunctionDef)


def _is_known(name: str, value: Any) -> bool:
    """Whether kernels have what a name means: a number, a named tuple, or an elementary function."""
    if name in PLAIN and value is getattr(builtins, name):
        return True
    if type(value) in (int, float) or (isinstance(value, type) and hasattr(value, "_fields")):
        return True
    return callable(value) and _numeric(value) and packed(name, "float64") is not None


def _numeric(value: Any) -> bool:
    """Whether a function is one of NumPy, SciPy or math."""
    module = str(getattr(value, "__module__", None) or type(value).__module__).partition(".")[0]
    return module in ("numpy", "scipy", "math")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
