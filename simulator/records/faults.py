"""Faults of record files, each with its file, its line, what is wrong and what to write instead."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple

from errsurf.errors import RecordError
from errsurf.records.names import listed, nearest
from errsurf.system.parsing import parsed


class RecordFault(NamedTuple):
    """One fault of a record file; ``line`` counts from 1, and is 0 for the file as a whole."""

    file: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        """All of it in one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.problem}; {self.remedy}"


def load_faults(file: Path, error: BaseException, kind: type[Any]) -> list[RecordFault]:
    """What is wrong with a file that raised this while it was loaded, and should have made a record of this kind."""
    if isinstance(error, RecordError):
        return [fault for fault in error.args if isinstance(fault, RecordFault)]
    line = raised_at(file, error)
    if isinstance(error, TypeError) and (found := list(call_faults(file, kind))):
        return found
    if isinstance(error, SyntaxError):
        return [_syntax_fault(file, error)]
    return [RecordFault(str(file), line or 1, *_words(file, error))]


def raised_at(file: Path, error: BaseException) -> int:
    """The innermost line of a file that an exception came through, 0 if it did not."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if Path(frame.filename) == file]
    return (lines[-1] or 0) if lines else 0


def record_line(file: Path) -> int:
    """The line on which ``RECORD`` is defined, or the last one."""
    calls = [
        node.lineno for node in tree_of(file).body if isinstance(node, ast.Assign | ast.AnnAssign) and _defines(node)
    ]
    return calls[-1] if calls else max(1, file.read_bytes().rstrip().count(b"\n") + 1)


def tree_of(file: Path) -> ast.Module:
    """The tree of a file that Python has read."""
    return parsed(file.read_text(encoding="utf-8-sig"))


def call_faults(file: Path, kind: type[Any]) -> Iterator[RecordFault]:
    """Fields that ``RECORD = Kind(...)`` lacks, and names in it that are none."""
    call = record_call(tree_of(file))
    if call is None or not is_dataclass(kind) or not _names(call.func, kind.__name__):
        return
    known = [field.name for field in fields(kind)]
    needed = {field.name for field in fields(kind) if field.default is field.default_factory is MISSING}
    given = [keyword.arg for keyword in call.keywords]
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg not in known:
            near = nearest(keyword.arg, set(known) - {*given})
            remedy = f"write `{near}`" if near else f"there are {listed(known)}"
            yield RecordFault(str(file), keyword.lineno, f"{kind.__name__} has no field `{keyword.arg}`", remedy)
            needed.discard(near)
    missing = [name for name in known[len(call.args) :] if name in needed - {*given}]
    if missing and None not in given:
        words = ", ".join(f"{name}=..." for name in missing)
        yield RecordFault(str(file), call.lineno, f"RECORD lacks {listed(missing)}", f"write {words} in it")
    if len(call.args) > len(known):
        yield RecordFault(str(file), call.lineno, "RECORD has too many arguments", f"its fields are {listed(known)}")


def record_call(tree: ast.Module) -> ast.Call | None:
    """The call of ``RECORD = Kind(...)``."""
    values = [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and _defines(node)]
    return next((value for value in reversed(values) if isinstance(value, ast.Call)), None)


def no_record(file: Path, kind: type[Any], found: Any) -> RecordFault:
    """The fault of a file whose ``RECORD`` is missing or of another kind."""
    name = kind.__name__
    if found is None:
        problem = f"has no RECORD = {name}(...)"
        return RecordFault(str(file), record_line(file), problem, f"end the file with RECORD = {name}(...)")
    wrong = f"RECORD is {'the class ' if isinstance(found, type) else 'of type '}"
    wrong += found.__name__ if isinstance(found, type) else type(found).__name__
    return RecordFault(str(file), record_line(file), f"{wrong}: has no RECORD = {name}(...)", f"write a {name} there")


def name_fault(file: Path, taken: bool) -> RecordFault | None:
    """The fault of a file's name, if it has one: scenarios name records by it."""
    if taken:
        return RecordFault(str(file), 0, f"there is a `{file.stem}` already", "give the file another name")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", file.stem):
        plain = re.sub(r"\W+", "_", file.stem, flags=re.ASCII).strip("_")
        plain = plain if plain[:1].isalpha() else f"my_{plain}"
        problem = "the name of a record is made of letters a to z, digits and _, and begins with a letter"
        return RecordFault(str(file), 0, problem, f"rename the file, for example to {plain}.py")
    return None


def _defines(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(_names(target, "RECORD") for target in targets)


def _names(node: ast.expr, name: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Attribute) and node.attr == name)


def _syntax_fault(file: Path, error: SyntaxError) -> RecordFault:
    data = file.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError as found:
        line = data.count(b"\n", 0, found.start) + 1
        problem = f"is not UTF-8 text: byte 0x{data[found.start]:02x}"
        return RecordFault(str(file), line, problem, "save the file as UTF-8 in the editor")
    wrong = (error.text or "").strip()
    shown = f"correct `{wrong}`" if wrong else "correct the line"
    return RecordFault(str(file), error.lineno or 1, f"cannot be loaded: {error.msg}", shown)


def _words(file: Path, error: BaseException) -> tuple[str, str]:
    """What is wrong with a line that raised this, and what to do."""
    match error:
        case ModuleNotFoundError():
            return f"cannot be loaded: there is no module `{error.name}`", _module_remedy(file, error.name or "")
        case ImportError():
            found = re.search(r"cannot import name '(\w+)' from '([\w.]+)'", str(error))
            if found:
                near = _nearest_in(found[1], dir(sys.modules.get(found[2])))
                remedy = f"write `{near}`" if near else f"there is no `{found[1]}` in it; define it in this file"
                return f"cannot be loaded: {found[2]} has no `{found[1]}`", remedy
        case NameError():
            return f"cannot be loaded: `{error.name}` is not defined", "define it above this line, or import it"
        case TypeError() if found := re.search(r"Non-default namedtuple field '?(\w+)'?", str(error)):
            return f"`{found[1]}` has no default", "write = and its value, as the fields above it have one"
        case SystemExit():
            return "cannot be loaded: it ends Python", "remove what calls exit(); a file of records only defines things"
    return f"cannot be loaded ({type(error).__name__}: {error})", "correct this line"


def _nearest_in(name: str, known: list[str]) -> str:
    """The name that was meant, one that begins with a capital only if the given one does."""
    return nearest(name, [each for each in known if each[:1].isupper() == name[:1].isupper()]) or nearest(name, known)


def _module_remedy(file: Path, name: str) -> str:
    if name.startswith("errsurf."):
        known = sorted(each for each in sys.modules if each.startswith("errsurf."))
        near = nearest(name, [each for each in known if each.count(".") == name.count(".")])
        return (
            f"write `{near}`" if near else "docs/adding_a_surface.md and docs/adding_an_optimizer.md show what there is"
        )
    if (file.parent / f"{name}.py").exists():
        return f"copy what is needed of {name}.py into this file"
    return f"install it (python -m pip install {name.partition('.')[0]}), or do without it"
