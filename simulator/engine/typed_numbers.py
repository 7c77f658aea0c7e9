"""Formulas whose numbers have a kernel's precision: a bare ``0.5`` would make a float32 kernel float64."""

import ast
from collections.abc import Mapping
from typing import TypeGuard


class TypedNumbers(ast.NodeTransformer):
    """Gives the numbers of a formula the kernel's precision, and writes out whole powers and loops over ``_``."""

    def __init__(self, precision: str, named: Mapping[str, float]) -> None:
        # numba widens uint16 * uint16 to uint64; packed code wants it narrow.
        self.precision, self.narrow, self.named = precision, precision in ("uint8", "uint16", "uint32"), named

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return node
        return self._typed(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A number that the formula's module names."""
        return self._typed(ast.Constant(self.named[node.id])) if node.id in self.named else node

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        """A loop over ``_`` is written out: LLVM vectorizes only what holds no loop."""
        if isinstance(node.target, ast.Name) and node.target.id == "_":
            times = ast.literal_eval(node.iter.args[0]) if isinstance(node.iter, ast.Call) else 0
            body = [self.visit(line) for line in node.body]
            return [line for _ in range(times) for line in body]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        node.value = self.visit(node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        power = node.right.value if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) else None
        if isinstance(power, int) and 2 <= power <= 16:
            return _called(f"power_{power}", self.visit(node.left))
        if self.precision == "uint16" and isinstance(node.op, ast.RShift) and _is_product(node.left):
            return self._high_half(node.left, node.right)
        self.generic_visit(node)
        return self._typed(node) if self.narrow else node

    def _high_half(self, product: ast.BinOp, bits: ast.expr) -> ast.expr:
        """``(a * b) >> 16``, where a product of two 16-bit numbers has 32 bits."""
        left, right, shift = (_called("uint32", self.visit(part)) for part in (product.left, product.right, bits))
        high = ast.BinOp(_called("uint32", ast.BinOp(left, ast.Mult(), right)), ast.RShift(), shift)
        return self._typed(high)

    def _typed(self, node: ast.expr) -> ast.expr:
        return _called(self.precision, node)


def _called(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _is_product(node: ast.expr) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
