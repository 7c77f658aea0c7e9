"""The mutants of a file: one operator, number, condition, argument or returned value is changed in each."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.USub: ast.UAdd,
}  # fmt: skip


class Mutant(NamedTuple):
    """A file with one change: ``line`` is where, ``change`` the line and what is changed in it, before and after."""

    file: Path
    line: int
    change: str
    node: int
    variant: int

    def source(self, text: str) -> str:
        """The text of the file, with the change."""
        tree = ast.parse(text)
        list(_changes(list(ast.walk(tree))[self.node]))[self.variant]()
        return ast.unparse(tree)


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    text = file.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), ["", *text.splitlines()]
    skipped = {id(part) for node in ast.walk(tree) for part in _unseen(node)}
    for place, node in enumerate(ast.walk(tree)):
        changes = 0 if id(node) in skipped else len(list(_changes(deepcopy(node))))
        for variant in range(changes):
            copy = deepcopy(node)
            before = ast.unparse(copy)
            list(_changes(copy))[variant]()
            after = ast.unparse(copy)
            if before != after:
                line = getattr(node, "lineno", 0)
                yield Mutant(file, line, f"{lines[line].strip()}: {before} -> {after}", place, variant)


def _unseen(node: ast.AST) -> Iterator[ast.AST]:
    """What is not mutated: types, imports, decorators, what raises or asserts, and records, which say things."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ast.walk(node)
    if isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.arg) and node.annotation:
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield from ast.walk(node.returns)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for each in node.decorator_list:
            yield from ast.walk(each)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield from ast.walk(node)
    if isinstance(node, ast.keyword) and node.arg == "strict":
        yield node.value
    if isinstance(node, ast.Assert | ast.Raise) or ast.unparse(node).startswith("RECORD = "):
        yield from ast.walk(node)


def _changes(node: ast.AST) -> Iterator:
    """Functions that change a node in place, each in its own way."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPPED:
        yield lambda: setattr(node, "op", SWAPPED[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and type(node.op) in SWAPPED:
        yield lambda: setattr(node, "op", SWAPPED[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        yield lambda: node.ops.__setitem__(0, SWAPPED[type(node.ops[0])]())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: setattr(node, "value", not node.value)
    if isinstance(node, ast.IfExp | ast.If | ast.While):
        yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.Return) and node.value is not None:
        yield lambda: setattr(node, "value", ast.Constant(None))
    if isinstance(node, ast.Call) and len(node.args) > 1 and not _symmetric(node):
        yield lambda: node.args.insert(0, node.args.pop(1))


def _symmetric(node: ast.Call) -> bool:
    """Whether swapped arguments change nothing, or cannot be swapped."""
    name = ast.unparse(node.func).rpartition(".")[2]
    symmetric = ("max", "min", "maximum", "minimum", "fmax", "fmin", "hypot", "array_equal", "clip")
    return name in symmetric or isinstance(node.args[0], ast.Starred)
