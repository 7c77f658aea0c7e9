"""Texts that stand in the source, as the catalogues of fixed words key them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Calls whose texts are errors, notices on stderr, help of the command line, or no texts at all.
_OTHER = {"option", "argument", "complain", "say", "compile", "style"}


def texts_of(file: Path) -> Iterator[str]:
    """Every text of several words that a file may show, with ``{}`` for what is filled in.

    Errors, docstrings, annotations and the help of options are left out.
    """
    yield from _texts(ast.parse(file.read_text(encoding="utf-8")))


def strings_of(file: Path) -> Iterator[str]:
    """Every string of a file, with ``{}`` for what is filled in."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield _filled(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _filled(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _texts(node: ast.AST) -> Iterator[str]:
    if (
        (isinstance(node, ast.keyword) and node.arg in _OTHER)
        or isinstance(node, ast.Raise)
        or _is_docstring(node)
        or _is_other_call(node)
    ):
        return
    if isinstance(node, ast.JoinedStr):
        yield from _told(_filled(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part.value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _told(node.value)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _texts(child)


def _told(text: str) -> Iterator[str]:
    """A text that has at least two words."""
    if len(re.findall(r"[A-Za-z]{2,}", text)) > 1 and re.search(r"[a-z]\s", text):
        yield re.sub(r"\{\w*(:,)?\}", "{}", text)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_other_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in _OTHER or name.endswith("Error")
