"""The text of one record file: where its parts are, and what goes wrong when they are called."""

import ast
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cached_property
from inspect import Parameter, signature, unwrap
from io import StringIO
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from errsurf.errors import ErrsurfError
from errsurf.records.faults import RecordFault, raised_at, record_call, record_line, tree_of
from errsurf.records.names import listed, nearest

FAILED = object()
"""What a call gives that failed; its fault is noted."""


class Source:
    """A record file, and the ``faults`` that were found in it so far."""

    def __init__(self, file: Path) -> None:
        self.file, self.faults = file, list[RecordFault]()

    @cached_property
    def tree(self) -> ast.Module:
        """Its tree."""
        return tree_of(self.file)

    def fault(self, line: int, problem: str, remedy: str) -> None:
        """Note a fault, once."""
        found = RecordFault(str(self.file), line, problem, remedy)
        if found not in self.faults:
            self.faults.append(found)

    def line(self, name: str) -> int:
        """Where a name of the file, or else ``RECORD``, is defined."""
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if getattr(node, "name", "") == name or any(isinstance(t, ast.Name) and t.id == name for t in targets):
                return node.lineno
        return record_line(self.file)

    def part(self, field: str) -> int:
        """Where ``RECORD = Kind(...)`` gives a field."""
        call = record_call(self.tree)
        keywords = call.keywords if call else []
        return next((each.value.lineno for each in keywords if each.arg == field), record_line(self.file))

    def of(self, value: Any, field: str) -> int:
        """Where a function or a class of this file begins, or else where the record gives the field."""
        code = getattr(unwrap(value) if callable(value) else value, "__code__", None)
        if code is not None and Path(code.co_filename) == self.file:
            return int(code.co_firstlineno)
        return self.line(value.__name__) if isinstance(value, type) else self.part(field)

    def key(self, settings: type[Any], field: str) -> int:
        """Where a named tuple of this file defines a field."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef) and node.name == settings.__name__:
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and getattr(line.target, "id", "") == field:
                        return line.lineno
        return self.line(settings.__name__)

    def takes(self, function: Any, count: int, what: str, extras: tuple[str, ...] = ()) -> bool:
        """Whether a function takes so many arguments, and these by name; notes a fault if not."""
        try:
            known = signature(function).parameters
        except (TypeError, ValueError):
            return True
        plain = [name for name, each in known.items() if each.kind in _PLAIN]
        needed = [name for name in plain if known[name].default is Parameter.empty and name not in extras]
        many = any(each.kind is Parameter.VAR_POSITIONAL for each in known.values())
        odd = [name for name, each in known.items() if each.kind is Parameter.KEYWORD_ONLY and name not in extras]
        places = len([name for name in plain if name not in extras])
        if odd or len(needed) > count or (places < count and not many):
            self.fault(self.of(function, what), f"`{what}` takes ({', '.join(known)})", f"it gets {count} arguments")
            return False
        return True

    def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a function of the file gives, ``FAILED`` if it raises something, which is noted as its fault."""
        try:
            with np.errstate(all="ignore"), catch_warnings(), redirect_stdout(StringIO()):
                simplefilter("ignore")
                return function(*arguments, **named)
        except (Exception, SystemExit) as error:
            self.raised(error, function)
            return FAILED

    def raised(self, error: BaseException, function: Any = None) -> None:
        """Note what was raised, at the line of this file that it came through."""
        if own := [fault for fault in error.args if isinstance(fault, RecordFault)]:
            self.faults += own
            return
        line = raised_at(self.file, error) or (self.of(function, "") if callable(function) else record_line(self.file))
        self.fault(line, *_words(error))


_PLAIN = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def _words(error: BaseException) -> tuple[str, str]:
    """What is wrong where this was raised, and what to do."""
    match error:
        case AttributeError() if hasattr(error.obj, "_fields"):
            return _no_field(error)
        case AttributeError() if error.name and error.obj is not None:
            near = nearest(error.name, dir(error.obj))
            remedy = f"write `{near}`" if near else "return what the docstring of the record's class says"
            return f"`{error.name}` is asked of a {type(error.obj).__name__}, which has none", remedy
        case NameError():
            return f"`{error.name}` is not defined", "define it, or import it at the top of the file"
        case ValueError() | TypeError():
            return _wrong_type(error)
        case ZeroDivisionError():
            return "divides by zero", "add a small positive setting, such as eps, to the denominator"
        case SystemExit():
            return "ends Python", "remove what calls exit()"
        case ErrsurfError():
            return str(error), "correct what the message names"
    return _raises(error)


def _raises(error: BaseException) -> tuple[str, str]:
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return f"raises {type(error).__name__}: {first[:300]}", "correct this line"


def _no_field(error: AttributeError) -> tuple[str, str]:
    holder: Any = error.obj
    fields, kind = holder._fields, type(holder).__name__
    if error.name in fields:
        return f"`{error.name}` of {kind} is given another value", f"make a new {kind}(...)"
    near = nearest(error.name, fields)
    remedy = f"write `{near}`" if near else f"it has {listed(fields) or 'no fields'}"
    return f"{kind} has no field `{error.name}`", remedy


def _wrong_type(error: ValueError | TypeError) -> tuple[str, str]:
    text = str(error)
    if "truth value" in text:
        return "a choice by an array", "write where(condition, a, b), with `from numpy import where`"
    if "scalar" in text or "real number" in text:
        return f"a function of single numbers gets an array ({text})", "import it from NumPy: from numpy import exp"
    if found := re.search(r"__new__\(\) (.*)", text):
        return f"a named tuple: {found[1]}", "give each of its fields one value"
    if "cannot unpack" in text or "not iterable" in text:
        return f"one value where several are needed ({text})", "return them all, with commas between them"
    return _raises(error)
