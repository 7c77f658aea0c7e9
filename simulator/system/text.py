"""Text of other people, made safe to print and to write."""

import re
from pathlib import Path

MAX_LETTERS = 2000
"""Longest message of an exception."""

# Controls (C0 and C1), bidirectional marks, line separators, lone surrogates, noncharacters, and what has no width:
# what moves a cursor, reorders a line, or cannot be seen.  The joiners U+200C and U+200D are part of words and emoji.
_OBEYED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\ufffe\uffff\U000e0000-\U000e007f]"
)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str, most: int | None = None) -> str:
    """A text in one line: what a terminal would obey stands as an escape, such as ``\\x1b``; shortened to ``most``."""
    if most is None:
        return _OBEYED.sub(_escape, text)
    line = _OBEYED.sub(_escape, text[: most + 1])
    return line if len(line) <= most else f"{line[: most - 3]}..."


def xml_text(text: str) -> str:
    """A text with U+FFFD for every character that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def first_line(file: Path) -> str:
    """The first line of a Python file's docstring, without loading the file."""
    return file.read_text(encoding="utf-8").partition('"""')[2].partition("\n")[0].partition('"""')[0]


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
