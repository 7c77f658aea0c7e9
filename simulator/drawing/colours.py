"""Colours: themes whose groups colour-blind eyes can tell apart, on maps quiet enough to carry them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]


class Theme(NamedTuple):
    """Colours of a picture, and how many times larger than usual its type and its lines are.

    ``background`` is behind everything and around names, trails and dots; ``lightness`` and ``chroma`` are those of
    OKLab, of the map where the loss is lowest and highest; ``groups`` are the colours of the groups in order, ``full``
    is that of full batch, and ``ramp`` the ends and the turns of the colours of batch sizes, from small to large.
    """

    background: Colour
    foreground: Colour
    grey: Colour
    pale: Colour
    warning: Colour
    contour: Colour
    lightness: tuple[float, float]
    chroma: tuple[float, float]
    groups: tuple[Colour, ...]
    full: Colour
    ramp: tuple[Colour, ...]
    type: float = 1.0
    line: float = 1.0


# For usual eyes and for those without red, green or blue cones any two of ``groups`` and ``full`` are 18 or more apart
# in CIE Lab, and the first six and ``full`` 3.5 in lightness, which is left in grey; lightness alone orders ``ramp``.
# tests/test_drawing_colours.py has the eyes and the distances.
_LIGHT = Theme(
    background=(255, 255, 255),
    foreground=(34, 38, 46),
    grey=(82, 88, 98),
    pale=(216, 219, 224),
    warning=(176, 0, 32),
    contour=(163, 171, 184),
    lightness=(0.82, 0.985),
    chroma=(0.027, 0.003),
    groups=(
        (230, 82, 0), (0, 57, 145), (0, 125, 70), (192, 81, 146),
        (113, 4, 1), (68, 22, 88), (144, 48, 252), (120, 120, 228),
    ),
    full=(30, 34, 42),
    ramp=((226, 90, 0), (200, 44, 92), (120, 36, 150), (24, 36, 120)),
)  # fmt: skip
_DARK = Theme(
    background=(20, 23, 29),
    foreground=(240, 243, 248),
    grey=(172, 180, 192),
    pale=(58, 64, 75),
    warning=(255, 128, 136),
    contour=(84, 93, 108),
    lightness=(0.19, 0.34),
    chroma=(0.02, 0.02),
    groups=(
        (250, 126, 31), (116, 144, 239), (26, 229, 145), (227, 146, 197),
        (254, 221, 0), (143, 89, 255), (252, 48, 72), (168, 252, 120),
    ),
    full=(238, 241, 246),
    ramp=((240, 92, 24), (240, 112, 140), (190, 158, 250), (168, 222, 255)),
)  # fmt: skip
_PROJECTOR = Theme(
    background=(255, 255, 255),
    foreground=(0, 0, 0),
    grey=(48, 52, 60),
    pale=(196, 200, 208),
    warning=(160, 0, 24),
    contour=(150, 158, 172),
    lightness=(0.87, 1.0),
    chroma=(0.024, 0.0),
    groups=(
        (206, 66, 0), (0, 44, 132), (0, 108, 58), (172, 62, 128),
        (94, 0, 0), (56, 12, 76), (156, 12, 252), (132, 108, 204),
    ),
    full=(16, 18, 24),
    ramp=((206, 78, 0), (178, 28, 76), (102, 20, 134), (14, 22, 104)),
    type=1.35,
    line=1.4,
)  # fmt: skip


def theme(name: str) -> Theme:
    """The theme that ``picture.theme`` names; KeyError for any other."""
    return {"light": _LIGHT, "dark": _DARK, "projector": _PROJECTOR}[name]


def group_colours(chosen: Theme, numbers: Iterable[int]) -> Pixels:
    """The colours of the groups with these numbers, counted from 0, shape (groups, 3); beyond eight they repeat."""
    return np.array([chosen.groups[k % len(chosen.groups)] for k in numbers], dtype=np.uint8)


def ramp_colours(chosen: Theme, count: int) -> Pixels:
    """So many colours in even steps along the theme's ramp, whose end is kept free for ``full``, shape (count, 3)."""
    at = np.linspace(0, len(chosen.ramp) - 1, count, endpoint=False)
    turns = np.array(chosen.ramp, dtype=np.float64)
    parts = [np.interp(at, np.arange(len(turns)), each) for each in turns.T]
    return np.asarray(np.rint(np.stack(parts, axis=1)).astype(np.uint8))


def colour_list(colours: Pixels) -> list[Colour]:
    """Colours (n, 3) one by one."""
    return [(red, green, blue) for red, green, blue in colours.tolist()]


def map_colours(chosen: Theme, count: int) -> list[tuple[float, float, float]]:
    """Fill colours from low loss to high, even steps of OKLab lightness, a bluish grey, each in [0, 1]^3."""
    lightness, chroma = np.linspace(*chosen.lightness, count), np.linspace(*chosen.chroma, count)
    hue = np.radians(255.0)
    linear = _linear_rgb(lightness, chroma * np.cos(hue), chroma * np.sin(hue))
    coded = np.where(linear > 0.0031308, 1.055 * np.clip(linear, 0, 1) ** (1 / 2.4) - 0.055, 12.92 * linear)
    return [(float(r), float(g), float(b)) for r, g, b in np.clip(coded, 0, 1)]


def mixed(colour: Pixels | Colour, other: Colour, share: float) -> Colour:
    """``colour`` with this share of ``other`` in it."""
    r, g, b = (round(float(c) * (1 - share) + o * share) for c, o in zip(colour, other, strict=True))
    return r, g, b


@lru_cache(maxsize=256)
def contrasting(colour: Colour, chosen: Theme) -> Colour:
    """Of foreground and background the one that is read more easily on a colour."""
    return max((chosen.foreground, chosen.background), key=lambda each: contrast(each, colour))


def contrast(one: Pixels | Colour, other: Pixels | Colour) -> float:
    """Contrast of two colours, from 1 to 21: the ratio of relative luminances (WCAG 2.2)."""
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def hexadecimal(colour: Pixels | Colour) -> str:
    """A colour as ``#rrggbb``."""
    return "#" + "".join(f"{int(c):02x}" for c in colour)


def _luminance(colour: Pixels | Colour) -> float:
    coded = np.array(colour, dtype=np.float64) / 255
    linear = np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _linear_rgb(lightness: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab to linear sRGB (Ottosson 2020, bottosson.github.io/posts/oklab)."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return np.stack(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ],
        axis=-1,
    )
