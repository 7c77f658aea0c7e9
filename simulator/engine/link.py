"""Formulas and rules, written as plain Python, joined into the source of one compiled module.

A kernel is a template, a function of this folder that calls ``gradient``, ``update`` and the like by
name.  Linking makes one module with the template and all functions it needs, in which every
number of a formula has the kernel's precision (a bare ``0.5`` would make a float32 kernel float64),
``x**2`` is a product, and ``exp`` is the packed one.  The module's name holds a hash of its text, so
machine code of it is found in the cache exactly when nothing changed.

The texts are in the folder ``kernels`` of the cache folder, which ``errsurf doctor`` names: open one to see what runs.
"""

import ast
import hashlib
import inspect
import linecache
import marshal
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import MAGIC_NUMBER
from itertools import product
from threading import Lock
from types import CodeType, ModuleType
from typing import Any, NamedTuple, cast

from errsurf.engine.cache_folder import kernel_folder, load, save
from errsurf.engine.typed_numbers import TypedNumbers
from errsurf.errors import RecordError
from errsurf.system.atomic_write import whole_file
from errsurf.system.parsing import parsed

ONE_AT_A_TIME = Lock()

# Without forceinline the gradient loop stays scalar: 0.06e9 instead of 1.1e9 example gradients/s on one core
# (three wells, float32).
HEADER = """\
# Linked by errsurf; may be deleted at any time.  Packed functions: {lane_math}.
from collections import namedtuple
import math
import numpy as np
from numba import njit
from numpy import float32, float64, int32, int64, uint8, uint16, uint32, uint64
from errsurf.engine.kernel_cache import cached_njit
from errsurf.engine.lane_math import ROUND_32, ROUND_64, bits
from errsurf.engine.hardware import flush_denormals, restore_denormals, use_whole_registers
from errsurf.engine.inner_functions import InnerCompiler

real = {precision}
FLAGS = {flags}
INNER = {{"fastmath": FLAGS, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}}
INNER["pipeline_class"] = InnerCompiler
called = njit(nogil=True, **INNER)
inlined = njit(forceinline=True, **INNER)
kernel = cached_njit(fastmath=FLAGS, error_model="numpy", nogil=True, no_cfunc_wrapper=True)
"""


class Target(NamedTuple):
    """What sources are linked for.

    How a module begins, the modules in which elementary functions are sought, what LLVM may do to sums and products
    of floats, as text, and the statement with which functions begin that have a loop.
    """

    header: str
    functions: tuple[str, ...]
    flags: str = ""
    opening: str = ""


FUNCTIONS = ("errsurf.engine.lane_math", "errsurf.engine.lane_special")
KNOWN = (
    "sqrt, exp, log, log1p, sin, cos, arctan, sinh, cosh, tanh, floor, minimum, maximum, where, erf, abs, min and max"
)
"""What formulas may call, as messages say it."""
OPENING = "use_whole_registers()"
CPU = Target(HEADER, FUNCTIONS, '{"contract", "nsz"}', OPENING)
PORTABLE = Target(HEADER, FUNCTIONS, "set()", OPENING)
"""Every operation rounds by itself, as IEEE 754 says, so that all processors compute the same bits."""
ROUNDINGS = {"fast": CPU, "portable": PORTABLE}


class Sources(dict[str, str]):
    """Sources by the name they define, in the order in which they must stand."""

    def __init__(self, target: Target = CPU) -> None:
        super().__init__()
        self.target = target

    def add(self, name: str, source: str) -> None:
        """Adds a definition; RecordError if another one has the name already."""
        if self.setdefault(name, source) != source:
            raise RecordError(f"`{name}` is defined twice, once by the engine or by the other formula; rename one")

    def add_tuple(self, name: str, fields: Iterable[str]) -> None:
        """Adds a named tuple."""
        self.add(name, f'{name} = namedtuple("{name}", "{" ".join(fields)}")\n')

    def add_inlined(self, head: str, *lines: str) -> None:
        """Adds a function that is inlined where it is called; ``head`` is ``name(arguments)``."""
        has_loop = any(line.startswith("for ") for line in lines)
        opening = [self.target.opening] if has_loop and self.target.opening else []
        self.add(head.partition("(")[0], "\n    ".join([f"@inlined\ndef {head}:", *opening, *lines]) + "\n")

    def add_plain(
        self,
        function: Callable[..., Any],
        decorator: str = "inlined",
        name: str = "",
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        """Adds a function as it stands, without annotations and docstring, perhaps under another name.

        ``renamed`` gives other names to what it calls; statements that call what it names "" are left out.
        """
        name = name or function.__name__
        tree = _bare(function, name, decorator)
        if any(isinstance(node, ast.For | ast.While) for node in ast.walk(tree)):
            tree.body[:0] = ast.parse(self.target.opening).body
        self.add(name, ast.unparse(_Renamed(renamed or {}).visit(tree)) + "\n")

    def add_formula(self, function: Callable[..., Any], name: str, precision: str, mine: str = "") -> None:
        """Adds a formula under a name, and whatever it calls, with all numbers in one precision.

        Names of what its own module defines then begin with ``mine``, so that two modules may use the same.
        """
        _add_formula(function, name, precision, self, mine)


def _add_formula(function: Callable[..., Any], name: str, precision: str, parts: Sources, mine: str) -> None:
    tree = _bare(function, name, "inlined")
    own = {argument.arg for argument in tree.args.args} | _assigned(tree)
    numbers = {key: value for key, value in function.__globals__.items() if type(value) in (int, float)}
    numbers = {key: value for key, value in numbers.items() if key not in own}
    tree = ast.fix_missing_locations(TypedNumbers(precision, numbers).visit(tree))
    called = {
        node.id
        for part in tree.body
        for node in ast.walk(part)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for free in sorted(called - own):
        _add_name(function, free, precision, parts, mine if _is_own(function, free) else "")
    renamed = {free: mine + free for free in called - own if mine and _is_own(function, free)}
    parts.add(name, ast.unparse(_Renamed(renamed).visit(tree)) + "\n")


def _is_own(function: Callable[..., Any], name: str) -> bool:
    """Whether the module of a formula defines this name itself."""
    return getattr(function.__globals__.get(name), "__module__", None) == function.__module__


class _Renamed(ast.NodeTransformer):
    """Gives other names to functions and tuples, and leaves calls out."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_Expr(self, node: ast.Expr | ast.Assign) -> ast.AST | None:
        """A call that is left out is a statement of its own, perhaps with names for what it returns."""
        called = node.value.func if isinstance(node.value, ast.Call) else None
        left_out = isinstance(called, ast.Name) and self.names.get(called.id) == ""
        return None if left_out else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """The same."""
        return self.visit_Expr(node)


def _add_name(function: Callable[..., Any], name: str, precision: str, parts: Sources, mine: str = "") -> None:
    """Adds what a formula means by one of its free names, which then begins with ``mine``."""
    if name in {precision, "uint32", "min", "max", "abs"}:
        return
    if name.startswith("power_"):
        _add_power(int(name.removeprefix("power_")), parts)
        return
    if inspect.isfunction(value := function.__globals__.get(name)):
        _add_formula(value, mine + name, precision, parts, mine)
    elif isinstance(value, type) and hasattr(value, "_fields"):
        parts.add_tuple(mine + name, value._fields)
    else:
        function_of = packed(name, precision, parts.target.functions)
        if function_of is None:
            place = f"{inspect.getsourcefile(function)}:{function.__code__.co_firstlineno}"
            raise RecordError(f"{place}: {function.__name__}: kernels do not know `{name}`; they know {KNOWN}")
        _add_packed(function_of, name, parts)


def packed(name: str, precision: str, modules: Iterable[str] = FUNCTIONS) -> Callable[..., Any] | None:
    """The elementary function of this name that kernels use; None if they have none."""
    places = product(map(import_module, modules), (f"{name}_{precision}", name))
    return next((getattr(*place) for place in places if inspect.isfunction(getattr(*place, None))), None)


def _add_packed(function: Callable[..., Any], name: str, parts: Sources) -> None:
    """Adds a packed function and those of its neighbours that it calls."""
    tree = _bare(function, name, "inlined")
    for used in sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}):
        neighbour = function.__globals__.get(used)
        if inspect.isfunction(neighbour) and used not in parts:
            _add_packed(neighbour, used, parts)
    parts.add(name, ast.unparse(tree) + "\n")


def _add_power(power: int, parts: Sources) -> None:
    """Adds the function that raises to a whole power by products."""
    if power > 3:
        _add_power(power // 2, parts)
    half = f"h = power_{power // 2}(x)" if power > 3 else "h = x"
    parts.add_inlined(f"power_{power}(x)", half, "return h * h" + (" * x" if power % 2 else ""))


def _bare(function: Callable[..., Any], name: str, decorator: str) -> ast.FunctionDef:
    tree = parsed(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.name = name
    tree.returns = None
    tree.decorator_list = [ast.Name(decorator, ast.Load())]
    for argument in tree.args.args:
        argument.annotation = None
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:]
    return tree


def _assigned(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def linked(name: str, precision: str, parts: tuple[str, ...], target: Target = CPU) -> ModuleType:
    """The module made of these sources; its file, for people to read, is in the cache folder, or None.

    The same sources give the same module, to every thread that asks.
    """
    with ONE_AT_A_TIME:
        return _linked(name, precision, parts, target)


@cache
def _linked(name: str, precision: str, parts: tuple[str, ...], target: Target) -> ModuleType:
    from errsurf.engine.inner_functions import share

    text = _text(precision, parts, target)
    name = f"errsurf_{name}_{precision}_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    module = ModuleType(name)
    module.__file__ = _written(f"{name}.py", text.encode())
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(keepends=True), f"<{name}>")
    sys.modules[name] = module
    exec(_code(name, text), module.__dict__)
    share(module)
    return module


def _code(name: str, text: str) -> CodeType:
    """The code of a module, from the cache if it is there: to make it takes milliseconds."""
    file = f"{name}.{MAGIC_NUMBER.hex()}.code"
    if (saved := load(file)) is not None:
        return cast(CodeType, marshal.loads(saved))
    code = compile(text, f"<{name}>", "exec")
    save(file, marshal.dumps(code))
    return code


def _text(precision: str, parts: tuple[str, ...], target: Target) -> str:
    modules = (*target.functions, *("errsurf.engine.hardware",) * bool(target.opening))
    functions = "".join(inspect.getsource(import_module(module)) for module in modules)
    version = hashlib.sha256(functions.encode()).hexdigest()[:16]
    return "\n".join([target.header.format(precision=precision, lane_math=version, flags=target.flags), *parts])


def _written(name: str, text: bytes) -> str | None:
    """The file of the cache folder that holds a text; None if it cannot be written."""
    try:
        file = kernel_folder() / name
        if not file.is_file() or file.read_bytes() != text:
            with whole_file(file) as part:
                part.write(text)
    except OSError:
        return None
    return str(file)


def is_compiled(module: ModuleType, entry: str) -> bool:
    """Whether there is machine code of a linked module's function in the cache; never without a cache folder."""
    from errsurf.engine.kernel_cache import is_cached

    return module.__file__ is not None and is_cached(module.__name__, entry)
