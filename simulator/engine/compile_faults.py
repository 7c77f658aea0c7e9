"""What numba says of a formula that it cannot compile, with the file and the line of the user's own."""

import ast
import linecache
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isfunction
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from errsurf.errors import RecordError
from errsurf.portable.rewriting import definition
from errsurf.records import listing
from errsurf.records.faults import RecordFault, record_line
from errsurf.system.parsing import parsed

_PLACE = re.compile(r'File "(<errsurf_\w+>)", line (\d+)')
_COLOURS = re.compile(r"\x1b\[\d+m")
REMEDY = "formulas hold numbers and named tuples of numbers, and each name has one type whatever a choice gives"


@contextmanager
def named_faults() -> Iterator[None]:
    """Raise RecordError with file and line where numba cannot compile a formula of the user's own."""
    try:
        yield
    except Exception as error:
        if "numba" in sys.modules and (fault := compile_fault(error)):
            raise RecordError(fault) from error
        raise


def compile_fault(error: Exception) -> RecordFault | None:
    """The fault that an exception of numba is about; None for anything else."""
    from numba.core.errors import NumbaError  # type: ignore[attr-defined, unused-ignore]

    if not isinstance(error, NumbaError):
        return None
    text = _COLOURS.sub("", str(error))
    places = _PLACE.findall(text)
    for name, line in places:
        for file, found in _own_lines(name, int(line)):
            return RecordFault(file, found, f"numba cannot compile this: {_reason(text)}", REMEDY)
    for module in _own_modules() if places else ():
        home = Path(str(module.__file__))
        if any(f"_{home.stem}_" in name for name, _ in places):
            problem = f"numba cannot compile its kernel: {_reason(text)}"
            return RecordFault(str(home), record_line(home), problem, REMEDY)
    return None


def _reason(text: str) -> str:
    """The line of a long message that says most."""
    lines = [line.strip(" >*-") for line in text.splitlines()]
    telling = (line for line in lines if line and not line.startswith(("Failed in", "During", "File", "There are")))
    return re.sub(r" for '\$[^']*'|, defined at <.*", "", next(telling, "types do not fit"))[:300]


def _own_lines(name: str, line: int) -> Iterator[tuple[str, int]]:
    """Where a line of a linked module comes from, in files of the user's own."""
    text = "".join(linecache.getlines(name))
    for node in parsed(text).body if text else ():
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            for function in _functions(re.sub(r"^w\d+_", "", node.name)):
                yield str(function.__code__.co_filename), _same_statement(function, node, line)


def _same_statement(function: FunctionType, linked: ast.FunctionDef, line: int) -> int:
    """The line of a function's statement that became the one on a line of the linked function."""
    tree = definition(function).tree
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    starts = [node.lineno for node in linked.body] + [sys.maxsize]
    place = next((k for k, (first, after) in enumerate(pairwise(starts)) if first <= line < after), 0)
    return body[place].lineno if len(body) == len(linked.body) else tree.lineno


def _functions(name: str) -> Iterator[FunctionType]:
    """Functions of the user's records that a linked module calls so."""
    for module in _own_modules():
        for holder in (getattr(module, "RECORD", None), module):
            found: Any = getattr(holder, name, None)
            if isfunction(found) and found.__module__ == module.__name__:
                yield found


def _own_modules() -> Iterator[ModuleType]:
    for package, folders in listing.added().items():
        for file in (file for folder in folders for file in Path(folder).glob("*.py")):
            if module := sys.modules.get(f"{package}.{file.stem}"):
                yield module
