"""In which line of a TOML text each key stands."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]

TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
    |(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<sign>[=\[\]{},.\n])
    |(?P<word>[^\s=\[\]{},."'#]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass
class _Scan:
    """Where a scan stands: the open arrays and inline tables, and what the next tokens mean."""

    found: dict[KeyPath, int] = field(default_factory=dict)
    open: list[tuple[str, KeyPath]] = field(default_factory=lambda: [("file", ())])
    path: KeyPath = ()
    parts: list[str] = field(default_factory=list)
    in_key: bool = True
    brackets: int = 0
    tables: dict[KeyPath, int] = field(default_factory=dict)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line, counted from 1, of every key, table and array entry of a TOML text that tomllib accepts.

    A path holds keys and, inside arrays and arrays of tables, indices counted from 0.
    """
    scan = _Scan()
    for token, line in _tokens(text):
        if scan.in_key:
            _key(scan, token, line)
        else:
            _value(scan, token, line)
    return scan.found


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match.group(), line
        line += match.group().count("\n")


def _key(scan: _Scan, token: str, line: int) -> None:
    path = scan.open[-1][1]
    if token == "[":
        scan.brackets += 1
    elif token == "]" and scan.parts:
        scan.open = [("file", _header(scan, line))]
        scan.parts, scan.brackets = [], 0
    elif token == "}":
        scan.open.pop()
        scan.in_key = False
    elif token == "=":
        for part in scan.parts:
            path = (*path, part)
            scan.found.setdefault(path, line)
        scan.path, scan.parts, scan.in_key = path, [], False
    elif token not in ("]", ".", ",", "\n"):
        scan.parts.append(_unquoted(token))


def _header(scan: _Scan, line: int) -> KeyPath:
    """Path of the table that a header opens; below an array of tables it is in the last one."""
    path: KeyPath = ()
    for k, part in enumerate(scan.parts, 1):
        path = (*path, part)
        scan.found.setdefault(path, line)
        if k == len(scan.parts) and scan.brackets == 2:
            scan.tables[path] = scan.tables.get(path, -1) + 1
        if path in scan.tables:
            path = (*path, scan.tables[path])
            scan.found.setdefault(path, line)
    return path


def _value(scan: _Scan, token: str, line: int) -> None:
    """A token of a value or behind it; an array's frame holds the path of its current entry."""
    kind, path = scan.open[-1]
    if token in "]}":
        scan.open.pop()
    elif token == "\n":
        scan.in_key = kind == "file"
    elif token == "," and kind == "array":
        scan.path = (*path[:-1], int(path[-1]) + 1)
        scan.open[-1] = (kind, scan.path)
    elif token == ",":
        scan.in_key = True
    else:
        scan.found.setdefault(scan.path, line)
        _opened(scan, token)


def _opened(scan: _Scan, token: str) -> None:
    if token == "[":
        scan.path = (*scan.path, 0)
        scan.open.append(("array", scan.path))
    elif token == "{":
        scan.open.append(("table", scan.path))
        scan.in_key = True


def _unquoted(token: str) -> str:
    return str(tomllib.loads(f"key = {token}")["key"]) if token[0] in "\"'" else token
