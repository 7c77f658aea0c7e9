"""The contents of files with damage, for readers of any format: one mutator for all of them."""

import io
import zipfile
from collections.abc import Sequence
from random import Random

from helpers.formula_texts import PIECES

NUMBERS = (b"0", b"-1", b"1e308", b"1e-320", b"nan", b"-inf", b"1_0", b"0x10", b"9" * 400, b"1e999", b"2147483648")
TEXTS = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\n", b'"', b"'"),
    *(b"\x1b]0;t\x07", b"\x1b[2J", b"<script>", b"</script>", b"]]>", b"-->", b"%00", b"&amp;", b"&", b"__proto__"),
    *(b"../../etc/passwd", b"/dev/zero", b"file:///etc/passwd", b"\\\\host\\x", b"CON", b"=cmd()", b"constructor"),
    *(b"[" * 3000, b"{" * 3000, b"(" * 3000, b"a." * 3000, b"a" * 70_000, b"\n" * 5000, b"{'descr': '|O'}"),
)  # fmt: skip
SIZES = tuple(
    number.to_bytes(width, order, signed=False)
    for width in (1, 2, 4, 8)
    for order in ("little", "big")
    for number in (0, 1, 2 ** (8 * width - 1), 2 ** (8 * width) - 1, 2 ** (8 * width) - 2)
)


def damaged_bytes(random: Random, content: bytes, others: Sequence[bytes] = (), near: Sequence[int] = ()) -> bytes:
    """The content with one to six changes, more of them behind the places ``near``; pieces come from ``others`` too."""
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        content = _changed(random, content, others, near)
    return content


def _changed(random: Random, content: bytes, others: Sequence[bytes], near: Sequence[int]) -> bytes:
    at = random.randrange(len(content) + 1)
    if near and random.random() < 0.7:
        at = min(len(content), random.choice(near) + random.randrange(1000))
    length = random.choice((0, 1, 1, 2, 4, 8, 30, 300))
    before, here, after = content[:at], content[at : at + length], content[at + length :]
    match random.randrange(9):
        case 0:
            return random.choice((before, after))
        case 1:
            return before + after
        case 2:
            return before + here * random.choice((2, 3, 50)) + after
        case 3:
            return before + here[::-1] + after
        case 4 | 5:
            return before + bytes(byte ^ (1 << random.randrange(8)) for byte in here) + after
        case 6:
            return before + random.choice(SIZES) + content[at + random.choice((0, 1, 2, 4, 8)) :]
    return before + _piece(random, others or (content,)) + after


def _piece(random: Random, others: Sequence[bytes]) -> bytes:
    """What is put into a file: numbers, texts, or a part of another file."""
    other = random.choice(others)
    start = random.randrange(len(other) + 1)
    letters = random.choice(PIECES).encode("utf-8", "surrogatepass")
    own = other[start : start + random.choice((1, 10, 200))]
    return random.choice((random.choice(NUMBERS), random.choice(TEXTS), letters, own))


def damaged_archive(random: Random, content: bytes) -> bytes:
    """A ZIP archive whose checksums are right, with damage in the names or contents of its files."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(random.choice((1, 1, 2))):
        k = random.randrange(len(files))
        name, inner = files[k]
        if random.random() < 0.15:
            named = damaged_bytes(random, name.encode(), [each.encode() for each, _ in files])
            files[k] = (named.decode("utf-8", "replace")[:60_000] or "x", inner)
        elif random.random() < 0.1:
            files.insert(k, files[k])
        else:
            files[k] = (name, damaged_bytes(random, inner, [each for _, each in files], near=(0,)))
    made = io.BytesIO()
    how = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, inner in files:
            archive.writestr(zipfile.ZipInfo(name), inner, how)
    return made.getvalue()
