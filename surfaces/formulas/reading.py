"""Formulas as text, read into trees or refused with words for each fault; nothing in them is ever run as code.

::

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = ("+" | "-") signed | power
    power   = atom [ ("^" | "**") signed ]
    atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
            | "where(" sum ("<" | "<=" | ">" | ">=") sum "," sum "," sum ")"
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import e, pi
from typing import NamedTuple, NoReturn

from errsurf.errors import FormulaError, FormulaFault
from errsurf.records.names import listed, nearest
from errsurf.surfaces.formulas.letters import strange

CONSTANTS = {"pi": pi, "e": e}
ELSEWHERE = {
    "ln": "log", "atan": "arctan", "sgn": "sign", "fabs": "abs", "pow": "u^2", "square": "u^2", "sqr": "u^2",
    "relu": "max(u, 0)", "sigmoid": "1 / (1 + exp(-u))", "log10": "log(u) / log(10)", "log2": "log(u) / log(2)",
}  # fmt: skip
"""Functions of other programs, and what a formula has for them."""
MAX_LETTERS, MAX_NODES, DEEPEST, MAX_FAULTS = 2000, 500, 30, 8
ANY = -1
ONE_ARGUMENT = (*("exp", "log", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "abs", "sign"),)
FUNCTIONS = dict.fromkeys(ONE_ARGUMENT, 1) | {"min": ANY, "max": ANY, "where": 3}
COMPARISONS = ("<", "<=", ">", ">=")
COMPARED = "a comparison is allowed only as the first argument of `where`: where(x < 1, y, 0)"
TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|[<>]=?|[-+*/^(),])|(?P<strange>[^ \t\r\n\w+*/^(),<>-]+|\w)",
    re.ASCII,
)
NOWHERE = "depends on neither of the two parameters"
UNREAL = "is nowhere a real number: it divides by zero, or takes the root or logarithm of a number that is not positive"
OPERAND = "a number, a name or `(`"


class Tree(NamedTuple):
    """A formula or part of one; ``at`` is its place in the text, counted from 0.

    ``kind`` is ``number`` (its ``value``), ``name``, ``call`` of the function ``name``, ``sum``, ``product``,
    ``negative``, ``reciprocal`` or ``power`` of its ``parts``.  A call of ``where`` has three: the second is its value
    where the first is above 0, the third elsewhere.
    """

    kind: str
    at: int
    parts: tuple["Tree", ...] = ()
    name: str = ""
    value: float = 0.0


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


@dataclass
class _Reading:
    """How far a text is read; ``depth`` counts open brackets, signs and exponents."""

    tokens: list[_Token]
    functions: Mapping[str, int]
    next: int = 0
    depth: int = 0
    nodes: int = 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.next]

    def taken(self, *signs: str) -> _Token | None:
        """The next token, if it is one of these signs."""
        if self.here.kind != "sign" or self.here.text not in signs:
            return None
        self.next += 1
        return self.tokens[self.next - 1]


def formula_tree(text: str, known: Collection[str], functions: Mapping[str, int]) -> Tree:
    """The tree of a formula over known names, pi, e and functions with so many arguments, ANY for at least one.

    Raises FormulaError.
    """
    if len(text) > MAX_LETTERS:
        raise FormulaError([FormulaFault(0, f"is {len(text):,} letters long", f"up to {MAX_LETTERS:,} letters")])
    tokens, faults = _tokens(text)
    if not faults and len(tokens) == 1:
        raise FormulaError([FormulaFault(0, "is empty")])
    faults += _unknown(tokens, (*known, *CONSTANTS), functions)
    if any(token.kind == "strange" for token in tokens):
        raise FormulaError(faults)
    try:
        tree = _whole(_Reading(tokens, functions))
    except FormulaError as error:
        raise FormulaError([*faults, *error.faults]) from None
    if faults:
        raise FormulaError(faults)
    return tree


def names(tree: Tree) -> set[str]:
    """The names in a tree, without those of functions."""
    own = {tree.name} if tree.kind == "name" else set()
    return own.union(*(names(part) for part in tree.parts))


def renamed(tree: Tree, new: Mapping[str, str]) -> Tree:
    """A tree with some of its names replaced."""
    name = new.get(tree.name, tree.name) if tree.kind == "name" else tree.name
    return tree._replace(name=name, parts=tuple(renamed(part, new) for part in tree.parts))


def _tokens(text: str) -> tuple[list[_Token], list[FormulaFault]]:
    """The tokens with one for the end, and a fault for each stretch of letters that no formula has."""
    found = [_Token(str(match.lastgroup), match.group(), match.start()) for match in TOKEN.finditer(text)]
    found = [token for token in found if token.kind != "space"]
    faults = [FormulaFault(token.at, *strange(token.text)) for token in found if token.kind == "strange"]
    return [*found, _Token("end", "", len(text))], faults


def _unknown(tokens: list[_Token], names: Collection[str], functions: Mapping[str, int]) -> list[FormulaFault]:
    """A fault for every name that means nothing where it stands."""
    faults: list[FormulaFault] = []
    for k, (kind, text, at) in enumerate(tokens):
        if len(faults) == MAX_FAULTS:
            break
        called = kind == "name" and tokens[k + 1].text == "("
        if kind != "name" or text in (functions if called else names):
            continue
        if called and text in names:
            faults.append(FormulaFault(at, f"`{text}` is not a function; write a product as {text}*(...)"))
        elif text in functions:
            faults.append(FormulaFault(at, f"the function `{text}` needs brackets: {text}(...)"))
        else:
            known = functions if called else names
            problem = f"no {'function' if called else 'name'} `{text[:40]}`"
            near = (ELSEWHERE.get(text, "") if called else "") or nearest(text, known)
            faults.append(FormulaFault(at, problem, listed(list(known)), near))
    return faults


def _refused(at: int, problem: str, allowed: str = "") -> NoReturn:
    raise FormulaError([FormulaFault(at, problem, allowed)])


def _node(reading: _Reading, kind: str, at: int, *parts: Tree, name: str = "", value: float = 0.0) -> Tree:
    reading.nodes += 1
    if reading.nodes > MAX_NODES:
        _refused(at, "has too many parts", f"up to {MAX_NODES} numbers, names and operations")
    return Tree(kind, at, parts, name, value)


def _whole(reading: _Reading) -> Tree:
    tree = _sum(reading)
    kind, text, at = reading.here
    if kind in ("number", "name") or text == "(":
        _refused(at, f"an operator is missing before `{text[:40]}`", "+ - * / ^")
    if text == ")":
        _refused(at, "this bracket was never opened")
    if text in COMPARISONS:
        _refused(at, COMPARED)
    if text == ",":
        _refused(at, "a comma is allowed only between arguments of a function; write fractions as 0.5")
    return tree


def _sum(reading: _Reading) -> Tree:
    parts = [_product(reading)]
    while sign := reading.taken("+", "-"):
        part = _product(reading)
        parts.append(part if sign.text == "+" else _node(reading, "negative", sign.at, part))
    return parts[0] if len(parts) == 1 else _node(reading, "sum", parts[0].at, *parts)


def _product(reading: _Reading) -> Tree:
    parts = [_signed(reading)]
    while sign := reading.taken("*", "/"):
        part = _signed(reading)
        parts.append(part if sign.text == "*" else _node(reading, "reciprocal", sign.at, part))
    return parts[0] if len(parts) == 1 else _node(reading, "product", parts[0].at, *parts)


def _signed(reading: _Reading) -> Tree:
    reading.depth += 1
    if reading.depth > DEEPEST:
        _refused(reading.here.at, "is nested too deep", f"up to {DEEPEST} nested brackets, signs and exponents")
    sign = reading.taken("+", "-")
    tree = _signed(reading) if sign else _power(reading)
    reading.depth -= 1
    return _node(reading, "negative", sign.at, tree) if sign and sign.text == "-" else tree


def _power(reading: _Reading) -> Tree:
    base = _atom(reading)
    sign = reading.taken("^", "**")
    return _node(reading, "power", sign.at, base, _signed(reading)) if sign else base


def _atom(reading: _Reading) -> Tree:
    kind, text, at = reading.here
    reading.next += 1
    if kind == "number":
        return _node(reading, "number", at, value=float(text))
    if kind == "name" and reading.here.text == "(":
        reading.next += 1
        return _call(reading, text, at)
    if kind == "name" and text in CONSTANTS:
        return _node(reading, "number", at, value=CONSTANTS[text])
    if kind == "name":
        return _node(reading, "name", at, name=text)
    if text == "(":
        tree = _sum(reading)
        _close(reading, at)
        return tree
    _refused(at, f"`{text}` where {OPERAND} is expected" if text else f"ends where {OPERAND} is expected")


def _call(reading: _Reading, name: str, at: int) -> Tree:
    if name == "where":
        return _where(reading, at)
    parts = [] if reading.here.text == ")" else [_sum(reading)]
    while reading.taken(","):
        parts.append(_sum(reading))
    _close(reading, at + len(name))
    takes = reading.functions.get(name, ANY)
    if takes not in (ANY, len(parts)) or not parts:
        wanted = {ANY: "at least one argument", 1: "one argument", 2: "two arguments"}[takes]
        _refused(at, f"`{name}` takes {wanted}, not {len(parts)}")
    return _node(reading, "call", at, *parts, name=name)


def _where(reading: _Reading, at: int) -> Tree:
    """``where(u > v, a, b)`` as the call with u - v, a and b; the other comparisons exchange u and v, or a and b."""
    left = _sum(reading)
    sign = reading.taken(*COMPARISONS)
    if not sign:
        _refused(reading.here.at, "`where` begins with a comparison, as in where(x < 1, y, 0)", " ".join(COMPARISONS))
    right, values = _sum(reading), []
    while reading.taken(","):
        values.append(_sum(reading))
    _close(reading, at + len("where"))
    if len(values) != 2:
        _refused(at, f"`where` takes two values after its comparison, not {len(values)}", "where(x < 1, y, 0)")
    if sign.text in ("<", ">="):
        left, right = right, left
    if sign.text in ("<=", ">="):
        values.reverse()
    difference = _node(reading, "sum", sign.at, left, _node(reading, "negative", sign.at, right))
    return _node(reading, "call", at, difference, *values, name="where")


def _close(reading: _Reading, opened: int) -> None:
    kind, text, at = reading.here
    if text in COMPARISONS:
        _refused(at, COMPARED)
    if kind == "end":
        _refused(opened, "this bracket is never closed")
    if not reading.taken(")"):
        words = "an operator is missing before" if text != "," else "a bracket is missing, or too much, before"
        _refused(at, f"{words} `{text[:40]}`")
