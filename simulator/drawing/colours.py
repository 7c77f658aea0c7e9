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
    OKLab, of the map where the loss is lowest and highest; ``groups`` are the colours of the groups in order.
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
    type: float = 1.0
    line: float = 1.0


# Okabe and Ito 2008, "Color universal design", for the first four; the purple is a little darker than theirs.  Sky blue
# and yellow vanish on a pale map and gave way; amber comes last.  Any two are more than 12 apart in CIE Lab for eyes
# without red or green cones.
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
        (213, 94, 0), (0, 114, 178), (0, 140, 100), (170, 60, 140),
        (60, 64, 72), (66, 36, 190), (112, 44, 8), (230, 159, 0),
    ),
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
        (255, 150, 60), (80, 170, 255), (40, 200, 150), (240, 130, 210),
        (250, 225, 90), (225, 230, 238), (150, 120, 255), (190, 140, 95),
    ),
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
        (200, 72, 0), (0, 88, 170), (0, 118, 78), (158, 32, 124),
        (30, 34, 42), (60, 20, 200), (104, 36, 0), (226, 150, 0),
    ),
    type=1.35,
    line=1.4,
)  # fmt: skip


def theme(name: str) -> Theme:
    """The theme that ``picture.theme`` names; KeyError for any other."""
    return {"light": _LIGHT, "dark": _DARK, "projector": _PROJECTOR}[name]


def group_colours(chosen: Theme, numbers: Iterable[int]) -> Pixels:
    """The colours of the groups with these numbers, counted from 0, shape (groups, 3); beyond eight they repeat."""
    return np.array([chosen.groups[k % len(chosen.groups)] for k in numbers], dtype=np.uint8)


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
