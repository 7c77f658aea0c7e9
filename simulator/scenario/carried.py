"""A scenario's text inside another file: how pictures carry what made them, and how it is found again."""

import mmap
import re
from pathlib import Path

from errsurf.scenario.scenario import Scenario

MAX_BYTES = 1_000_000
PICTURES = (b"GIF8", b"\x89PNG", b"RIFF", b"%PDF", b"\x1aE\xdf\xa3", b"<?xml", b"<svg", b"<!doctype html", b"\xff\xd8")

_BEGIN = "# errsurf scenario, version "
_END = "# end of errsurf scenario"


def carried_text(scenario: Scenario) -> str:
    """A scenario with every value resolved, as ASCII text for a picture's metadata; it is TOML itself.

    Letters beyond ASCII, and those that XML, HTML and PDF write otherwise, stand as TOML's escapes, ``\\u`` and four
    digits: they occur in texts in quotes only.
    """
    from importlib.metadata import version

    from errsurf.scenario.writing import toml

    text = re.sub(r"[^\x00-\x7f]|[&<>()]", _escaped, toml(scenario))
    return f"{_BEGIN}{version('errsurf')}\n{text}{_END}\n"


def carried_by(path: Path) -> str | None:
    """The text that a file carries, None if it carries none; raises OSError.

    It is looked for between its first and its last line, whatever stands around it.
    """
    if not path.stat().st_size:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        begin = content.find(_BEGIN.encode())
        if begin < 0:
            return None
        found = _joined(content, begin - 1) if content[:4] == b"GIF8" else content[begin : begin + MAX_BYTES]
        end = found.find(_END.encode())
        if end < 0:
            return None
        return _unescaped(found[:end]) if content[:4] == b"%PDF" else found[:end].decode("ascii", "replace")


def is_picture(path: Path) -> bool:
    """Whether a file begins as pictures, videos and pages do; raises OSError."""
    with path.open("rb") as file:
        head = file.read(16)
    return head[4:8] == b"ftyp" or head.lower().startswith(tuple(mark.lower() for mark in PICTURES))


def _escaped(letter: re.Match[str]) -> str:
    code = ord(letter[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _joined(content: mmap.mmap, place: int) -> bytes:
    """The sub-blocks of a GIF's comment, each after its length (GIF89a, section 15)."""
    parts: list[bytes] = []
    while content[place : place + 1] not in (b"", b"\0") and len(parts) * 255 < MAX_BYTES:
        length = content[place]
        parts.append(content[place + 1 : place + 1 + length])
        place += 1 + length
    return b"".join(parts)


def _unescaped(text: bytes) -> str:
    """A string of PDF as it was written: after a backslash stands n for a line end, or the character itself."""
    plain = re.sub(
        rb"\\(\r?\n|.)", lambda found: {b"n": b"\n", b"r": b""}.get(found[1], found[1]), text, flags=re.DOTALL
    )
    return plain.decode("ascii", "replace")
