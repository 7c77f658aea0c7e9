"""Colours: groups that colour-blind eyes can tell apart, on a map quiet enough to carry them."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]

INK = (34, 38, 46)
GREY = (82, 88, 98)
PALE = (216, 219, 224)
WHITE = (255, 255, 255)
WARNING = (176, 0, 32)
CONTOUR = "#a3abb8"

# Okabe and Ito 2008, "Color universal design"; sky blue and yellow vanish on a pale map and gave way to
# a dark slate, and the reddish purple is a little darker than theirs.
_GROUPS = ((213, 94, 0), (0, 114, 178), (0, 140, 100), (170, 60, 140), (230, 159, 0), (60, 64, 72))


def group_colours(count: int) -> Pixels:
    """One colour a group, shape (count, 3); beyond six they repeat."""
    return np.array([_GROUPS[k % len(_GROUPS)] for k in range(count)], dtype=np.uint8)


def map_colours(count: int) -> list[tuple[float, float, float]]:
    """Fill colours from low loss to high, even steps of OKLab lightness and nearly grey, each in [0, 1]^3."""
    share = np.linspace(0.0, 1.0, count)
    lightness = 0.82 + 0.165 * share
    chroma, hue = 0.024 * (1 - share) + 0.003, np.radians(255.0)
    linear = _linear_rgb(lightness, chroma * np.cos(hue), chroma * np.sin(hue))
    coded = np.where(linear > 0.0031308, 1.055 * np.clip(linear, 0, 1) ** (1 / 2.4) - 0.055, 12.92 * linear)
    return [(float(r), float(g), float(b)) for r, g, b in np.clip(coded, 0, 1)]


def mixed(colour: Pixels | tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    """``colour`` with this share of ``other`` in it."""
    r, g, b = (round(float(c) * (1 - share) + o * share) for c, o in zip(colour, other, strict=True))
    return r, g, b


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
