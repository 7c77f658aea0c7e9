"""Fonts for texts in any script: the one that comes with matplotlib, one that is asked for, and the system's."""

import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.ft2font import FT2Font

BOXES = "\N{REPLACEMENT CHARACTER}"
# Where fontconfig is missing: families that many machines have, tried before all others.
_KNOWN = ("microsoft yahei", "pingfang sc", "hiragino sans gb", "heiti sc", "noto sans cjk sc", "meiryo")
_ANSWER = "%{file}\n%{index}\n"


class Face(NamedTuple):
    """One font: its file, and which of the fonts in that file."""

    file: str
    number: int = 0


class Faces(NamedTuple):
    """Fonts in the order in which characters are looked for, for regular and for bold type.

    ``missing`` are the characters that none of them has; ``problem`` says why the font that was asked for is not used.
    """

    regular: tuple[Face, ...]
    bold: tuple[Face, ...]
    missing: str = ""
    problem: str = ""


def faces(texts: Iterable[str], font: str | Path | None = None) -> Faces:
    """Fonts that together have all characters of the texts, as far as this machine can.

    ``font`` comes first, a family's name or a file; then DejaVu Sans, which has Latin, Greek and Cyrillic
    letters and is always there; then what fontconfig finds or, without it, matplotlib's list of fonts.
    """
    asked, problem = _asked(font) if font else ((), "")
    wanted = sorted({c for text in texts for c in text if needs_glyph(c)})
    found = []
    for bold in (False, True):
        have = [*(asked[bold : bold + 1] or asked[:1]), bundled_face(bold=bold)]
        while lacking := [c for c in wanted if not any(has(face, c) for face in have)]:
            face = _of_system("".join(lacking[:200]), bold)
            if face is None:
                break
            have.append(face)
        found.append((tuple(have), "".join(lacking)))
    return Faces(found[0][0], found[1][0], found[0][1], problem)


def bundled_face(*, bold: bool = False) -> Face:
    """The font that matplotlib brings."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Face(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name))


def has(face: Face, character: str) -> bool:
    """Whether a font has a sign for a character."""
    font = _opened(face.file)
    return font is not None and font.get_char_index(ord(character)) > 0


def needs_glyph(character: str) -> bool:
    """Whether a character shows: no space, control or joiner."""
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


@lru_cache(maxsize=64)
def _opened(file: str) -> FT2Font | None:
    """A font whose letters have outlines; None for others, and for what is no font."""
    try:
        font = FT2Font(file)
    except (OSError, RuntimeError, ValueError):
        return None
    return font if font.scalable else None


def _asked(font: str | Path) -> tuple[tuple[Face, ...], str]:
    """Regular and bold face of a family or file, or why there are none."""
    if isinstance(font, Path):
        return ((Face(str(font)),), "") if _opened(str(font)) else ((), f"{font} is no font with outlines")
    found = [face for bold in (False, True) if (face := _of_family(font, bold))]
    return tuple(found), "" if found else f"this machine has no font family {font}"


@lru_cache(maxsize=64)
def _of_family(family: str, bold: bool) -> Face | None:
    if _program("fc-match"):
        name = "".join("\\" + c if c in "\\-:,=" else c for c in family)
        known = _asked_fontconfig("fc-list", f":family={name}")
        faces = _asked_fontconfig("fc-match", f"{name}{':bold' if bold else ''}")
        return faces[0] if known and faces else None
    same = [entry for entry in _listed() if entry.name.lower() == family.lower()]
    same.sort(key=lambda entry: (entry.style != "normal", abs(_weight(entry.weight) - (700 if bold else 400))))
    return Face(same[0].fname) if same else None


@lru_cache(maxsize=64)
def _of_system(characters: str, bold: bool) -> Face | None:
    """The font that fontconfig or the list of fonts offers for characters, if it has at least one of them."""
    if _program("fc-match"):
        offered: Iterable[Face] = (face for some in (characters, *characters[:20]) for face in _matches(some, bold))
    else:
        offered = _by_list(characters)
    return next((face for face in offered if any(has(face, c) for c in characters)), None)


def _matches(characters: str, bold: bool) -> Sequence[Face]:
    charset = " ".join(f"{ord(c):x}" for c in characters)
    language = _language(characters)
    return _asked_fontconfig(
        "fc-match", f"sans{':bold' if bold else ''}{f':lang={language}' if language else ''}:charset={charset}"
    )


def _language(characters: str) -> str:
    """Han characters have other shapes in other languages."""
    names = {unicodedata.name(c, "").partition(" ")[0] for c in characters}
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return "ko" if "HANGUL" in names else "zh-cn" if "CJK" in names else ""


def _program(name: str) -> str | None:
    """Where a program is; None unless at an absolute path: Windows also looks in the working folder."""
    found = shutil.which(name)
    return found if found and Path(found).is_absolute() else None


def _asked_fontconfig(program: str, pattern: str) -> list[Face]:
    """The faces that one of fontconfig's programs names."""
    path = _program(program)
    if path is None:
        return []
    try:
        command = [path, "-f", _ANSWER, pattern]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=True)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return []
    lines = done.stdout.split("\n")
    return [Face(file, int(index) & 0xFFFF) for file, index in zip(lines[::2], lines[1::2], strict=False) if index]


def _by_list(characters: str) -> list[Face]:
    """The upright fonts of matplotlib's list that have most of the characters, known families first."""

    def rank(entry: "_Entry") -> tuple[int, int, str]:
        family = entry.name.lower()
        known = _KNOWN.index(family) if family in _KNOWN else len(_KNOWN) + ("sans" not in family)
        return known, abs(_weight(entry.weight) - 400), entry.fname

    upright = sorted((entry for entry in _listed() if entry.style == "normal"), key=rank)
    counted = [(sum(has(Face(entry.fname), c) for c in characters[:50]), entry.fname) for entry in upright]
    most = max((count for count, _ in counted), default=0)
    return [Face(file) for count, file in counted if count == most > 0]


class _Entry(NamedTuple):
    name: str
    fname: str
    style: str
    weight: int | str


def _listed() -> list[_Entry]:
    from matplotlib.font_manager import fontManager

    return [_Entry(e.name, e.fname, e.style, e.weight) for e in fontManager.ttflist]


def _weight(weight: int | str) -> int:
    return weight if isinstance(weight, int) else {"bold": 700, "light": 300, "black": 900}.get(weight, 400)
