"""Text in any script, with formulas between dollar signs, as grey masks."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby
from math import ceil
from typing import NamedTuple
from unicodedata import bidirectional

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, features

from errsurf.drawing.colours import Pixels
from errsurf.drawing.lettering.fonts import BOXES, Face, has, needs_glyph
from errsurf.drawing.lettering.formulas import Formula, formula, parts
from errsurf.words import ENGLISH, said

# Scripts whose letters join, stack or run from right to left: Hebrew to Arabic, India to Myanmar, Khmer, Arabic forms.
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE))


class Type(NamedTuple):
    """A size of type, in pixels for capitals and descenders together, and the fonts in order of preference.

    Texts that errsurf knows in ``language`` are measured and drawn in it.
    """

    size: int
    faces: tuple[Face, ...]
    language: str = ENGLISH


class Run(NamedTuple):
    """Characters of one font, their width in pixels, and whether their letters are joined and turned around."""

    text: str
    face: Face
    shaped: bool
    width: float


@lru_cache(maxsize=4096)
def text_width(text: str, kind: Type) -> int:
    """Width in pixels of one line of text."""
    return ceil(sum(piece.width for piece in pieces(text, kind)))


@lru_cache(maxsize=256)
def line_height(kind: Type) -> int:
    """Height in pixels of the mask of one line."""
    ascent, descent = _font(kind.faces[0], kind.size, False).getmetrics()
    return ascent + descent


def ascent(kind: Type) -> int:
    """Pixels from the top of a line to its base."""
    return int(_font(kind.faces[0], kind.size, False).getmetrics()[0])


@lru_cache(maxsize=2048)
def text_mask(text: str, kind: Type, halo: int = 0) -> Pixels:
    """Coverage of a text, shape (line height + 2 halo, width + 2 halo), uint8, thickened by ``halo`` pixels."""
    image = Image.new("L", (text_width(text, kind) + 2 * halo, line_height(kind) + 2 * halo))
    draw, left = ImageDraw.Draw(image), float(halo)
    base = halo + ascent(kind)
    for piece in pieces(text, kind):
        if isinstance(piece, Formula):
            _put(image, piece, round(left), base, halo)
        else:
            font = _font(piece.face, kind.size, piece.shaped)
            draw.text((round(left), base), piece.text, fill=255, font=font, stroke_width=halo, anchor="ls")
        left += piece.width
    mask = np.array(image)
    mask.setflags(write=False)
    return mask


def shortened(text: str, room: int, kind: Type) -> str:
    """The text, or as much of its beginning as fits ``room`` pixels with an ellipsis; empty if none does."""
    text = said(" ".join(text.split()), kind.language)
    if text_width(text, kind) <= room:
        return text
    for end in _ends(text):
        short = text[:end].rstrip(" ,;:.-") + "…"
        if text_width(short, kind) <= room:
            return short
    return ""


def fitted(text: str, room: int, kind: Type) -> tuple[str, Type]:
    """The text in this type or, where only that fits, in one smaller by up to a quarter; shortened in that one."""
    line = " ".join(text.split())
    sizes = [kind._replace(size=max(min(10, kind.size), round(part * kind.size))) for part in (1.0, 0.87, 0.75)]
    best = next((each for each in sizes if text_width(line, each) <= room), sizes[-1])
    return shortened(line, room, best), best


def longest(texts: Sequence[str], room: int, kind: Type) -> str:
    """The first of the texts that fits ``room`` pixels; empty if none does."""
    return next((text for text in texts if text_width(text, kind) <= room), "")


def wrapped(text: str, room: int, kind: Type, most: int) -> list[str]:
    """The text in up to ``most`` lines of at most ``room`` pixels; the last one is shortened if need be."""
    lines: list[str] = []
    rest = said(" ".join(text.split()), kind.language)
    while rest and len(lines) < most - 1 and text_width(rest, kind) > room:
        fits = next((end for end in _breaks(rest) if text_width(rest[:end].rstrip(), kind) <= room), 0)
        if not fits:
            break
        lines.append(rest[:fits].rstrip())
        rest = rest[fits:].lstrip()
    return [*lines, shortened(rest, room, kind)] if rest else lines


def balanced(text: str, room: int, kind: Type, most: int) -> list[str]:
    """The text in as few lines as ``wrapped`` needs, which are about equally long."""
    found = wrapped(text, room, kind, most)
    if len(found) < 2 or found[-1].endswith("…"):
        return found
    low, high, width = 0, room, partial(text_width, kind=kind)
    while low + 1 < high:
        middle = (low + high) // 2
        lines = wrapped(text, middle, kind, most)
        if len(lines) == len(found) and not lines[-1].endswith("…") and max(map(width, lines)) <= middle:
            found, high = lines, middle
        else:
            low = middle
    return found


def unjoined(text: str) -> bool:
    """Whether a text needs letters to be joined or turned around, and Pillow's library for that is missing."""
    return any(map(_needs_shaping, text)) and not features.check("raqm")


@lru_cache(maxsize=256)
def _font(face: Face, size: int, shaped: bool) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if shaped and features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(face.file, size, index=face.number, layout_engine=engine)


@lru_cache(maxsize=2048)
def pieces(text: str, kind: Type) -> tuple[Run | Formula, ...]:
    """One line of text cut into what is drawn at a time."""
    found: list[Run | Formula] = []
    for part, is_formula in parts(said(text, kind.language)):
        ready = formula(part, kind.size, line_height(kind)) if is_formula else None
        found += [ready] if ready else _runs(part.replace("\\$", "$"), kind)
    return tuple(found)


def _runs(text: str, kind: Type) -> list[Run]:
    """A text cut where its font changes and where letters begin to be joined or turned around.

    The runs stand in the direction of the first letter: from right to left where that is so.
    """
    first = kind.faces[0]
    if text.isascii() and text.isprintable() and all(has(first, character) for character in set(text) - {" "}):
        return [_run(text, first, kind.size, shaped=False)] if text else []
    signs: list[tuple[str, Face, bool]] = []
    before = kind.faces[0]
    for place, character in enumerate(text):
        sign, before = _sign(character, before, kind.faces)
        signs.append((sign, before, _is_shaped(text, place)))
    cut = groupby(signs, key=lambda each: each[1:])
    runs = [_run("".join(sign for sign, *_ in part), face, kind.size, shaped) for (face, shaped), part in cut]
    strong = next((found for c in text if (found := bidirectional(c)) in ("L", "R", "AL")), "L")
    return runs if strong == "L" else runs[::-1]


def _is_shaped(text: str, place: int) -> bool:
    """Whether a character belongs to a script of ``_SHAPED``, or stands between such without being a letter itself."""
    if _needs_shaping(text[place]) or text[place].isalnum():
        return _needs_shaping(text[place])
    sides = (reversed(text[:place]), iter(text[place + 1 :]))
    near = [next((c for c in side if c.isalnum()), "") for side in sides]
    return all(c and _needs_shaping(c) for c in near)


def _sign(character: str, before: Face, faces: Sequence[Face]) -> tuple[str, Face]:
    """What is drawn for a character, in which font; spaces and joiners stay with the letters before them."""
    if not needs_glyph(character):
        return (" " if character.isspace() else character if _needs_joiner(character) else ""), before
    face = before if _needs_shaping(character) and has(before, character) else None
    face = face or next((face for face in faces if has(face, character)), None)
    return (character, face) if face else (BOXES, next(face for face in reversed(faces) if has(face, BOXES)))


def _run(text: str, face: Face, size: int, shaped: bool) -> Run:
    return Run(text, face, shaped, _font(face, size, shaped).getlength(text))


def _needs_joiner(character: str) -> bool:
    """Whether it joins letters or keeps them apart."""
    return character in "\u200c\u200d"


def _needs_shaping(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _SHAPED)


def _put(image: Image.Image, piece: Formula, left: int, base: int, halo: int) -> None:
    """Paste a formula over what is there, thickened by ``halo`` pixels; a high one leaves the base line to fit."""
    mask = Image.fromarray(np.pad(piece.mask, halo))
    if halo:
        mask = mask.filter(ImageFilter.MaxFilter(2 * halo + 1))
    top = max(0, min(base - piece.above - halo, image.height - mask.height))
    image.paste(255, (left - halo, top), mask)


def _ends(text: str) -> Iterator[int]:
    """Where a text may be cut, from its end: anywhere but within formulas."""
    yield from (end for end in range(len(text) - 1, 0, -1) if _whole(text, end))


def _breaks(text: str) -> Iterator[int]:
    """Where a line may end, from the text's end: at spaces, and beside characters of scripts without them."""
    for end in _ends(text):
        if (text[end].isspace() or ord(text[end - 1]) >= 0x2E80) and text[end] not in "，。、；：！？）」』》":  # noqa: RUF001
            yield end


def _whole(text: str, end: int) -> bool:
    """Whether a cut leaves all formulas whole."""
    at = 0
    for part, is_formula in parts(text):
        if is_formula and at < end < at + len(part):
            return False
        at += len(part)
    return True
