"""Formula trees with their numbers worked out; refused where numbers, powers or derivatives would get out of hand."""

import math
from math import isfinite
from typing import NamedTuple

import numpy as np

from errsurf.errors import FormulaError, FormulaFault
from errsurf.settings.bounds import RANGE, in_range
from errsurf.surfaces.formulas.reading import Tree

MAX_POWER = 16
MAX_DERIVED = 5000


def worked_out(tree: Tree) -> Tree:
    """The tree with every part that is a number replaced by it.  Raises FormulaError."""
    faults: list[FormulaFault] = []
    tree = _folded(tree, faults)
    if not faults:
        _nesting(tree, faults)
    if not faults and (size := _size(tree).second) > MAX_DERIVED:
        problem = "has derivatives that are too long: it nests or multiplies too many parts that hold x and y"
        faults.append(FormulaFault(0, f"{problem} (about {size:,} operations)", f"up to {MAX_DERIVED:,} operations"))
    if faults:
        raise FormulaError(faults)
    return tree


def number(tree: Tree) -> float | None:
    """The number that a worked-out tree is, None if it is none."""
    return tree.value if tree.kind == "number" else None


def whole_power(tree: Tree) -> int | None:
    """The exponent of a power that is a whole number, or -1 of a reciprocal; None for any other part."""
    if tree.kind == "reciprocal":
        return -1
    value = number(tree.parts[1]) if tree.kind == "power" else None
    return None if value is None or value != int(value) else int(value)


def _folded(tree: Tree, faults: list[FormulaFault]) -> Tree:
    if tree.kind == "number":
        return _kept(tree, tree.value, faults)
    parts = tuple(_folded(part, faults) for part in tree.parts)
    values = [part.value for part in parts if part.kind == "number"]
    if tree.kind == "name" or not values:
        return tree._replace(parts=parts)
    if len(values) == len(parts):
        return _kept(tree, _value(tree, values), faults)
    if tree.kind in ("sum", "product") and len(values) > 1:
        together = _kept(tree, _value(tree, values), faults)
        return tree._replace(parts=(together, *(part for part in parts if part.kind != "number")))
    return tree._replace(parts=parts)


def _value(tree: Tree, values: list[float]) -> float:
    with np.errstate(all="ignore"):
        numbers = np.array(values)
        match tree.kind:
            case "sum":
                return float(numbers.sum())
            case "product":
                return float(numbers.prod())
            case "negative":
                return -values[0]
            case "reciprocal":
                return float(1 / numbers[0])
            case "power":
                return float(numbers[0] ** numbers[1])
            case _ if tree.name in ("min", "max"):
                return float(getattr(numbers, tree.name)())
            case _ if tree.name == "where":
                return values[1] if values[0] > 0 else values[2]
            case _ if tree.name == "erf":
                return math.erf(values[0])
        return float(getattr(np, tree.name)(numbers[0]))


def _kept(tree: Tree, value: float, faults: list[FormulaFault]) -> Tree:
    if not isfinite(value) and tree.kind != "number":
        faults.append(FormulaFault(tree.at, "this part is not a finite number"))
        value = 1.0
    elif not in_range(value):
        size = "large" if abs(value) > 1 else "small"
        faults.append(FormulaFault(tree.at, f"the number {value:g} is too {size}", RANGE))
        value = 1.0
    return Tree("number", tree.at, value=value)


def _nesting(tree: Tree, faults: list[FormulaFault]) -> int:
    """Whole exponents multiplied along the deepest nest of powers; each nest that is too high is a fault."""
    most = max((_nesting(part, faults) for part in tree.parts), default=1)
    power = abs(whole_power(tree) or 1)
    if power * most > MAX_POWER:
        problem = "this power is too high" if most == 1 else "these powers of powers are too high together"
        faults.append(FormulaFault(tree.at, problem, f"whole powers up to {MAX_POWER}, also when multiplied"))
        return 1
    return power * most


class _Size(NamedTuple):
    """How many operations a part has, its first derivative and its second, nothing simplified."""

    plain: int
    first: int
    second: int


CHAIN = 4


def _size(tree: Tree) -> _Size:
    sizes = [_size(part) for part in tree.parts]
    plain = 1 + sum(size.plain for size in sizes)
    moving = [size for size in sizes if size.first]
    if tree.kind == "name":
        return _Size(1, 1 if tree.name in ("x", "y") else 0, 0)
    if not moving:
        return _Size(plain, 0, 0)
    if tree.kind in ("sum", "negative"):
        return _Size(plain, sum(s.first for s in moving), sum(s.second for s in moving))
    first = sum(plain - s.plain + s.first for s in moving)
    second = sum(plain - s.plain + s.second for s in moving)
    pairs = sum(plain - s.plain - t.plain + s.first + t.first for s in moving for t in moving if s is not t)
    if tree.kind == "product":
        return _Size(plain, first, second + pairs)
    own = sum(2 * (plain + s.first) + CHAIN for s in moving)
    return _Size(plain, first + plain + CHAIN, first + plain + CHAIN + second + pairs + own)
