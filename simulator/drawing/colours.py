"""Colours: themes whose groups colour-blind eyes can tell apart, on maps quiet enough to carry them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from matplotlib import colormaps
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]


class Theme(NamedTuple):
    """Colours of a picture, and how many times larger than usual its type and its lines are.

    ``background`` is around names, trails and dots and, unless there is other ``paper``, behind everything.
    ``lightness`` (L*) and ``chroma`` are those of CIE Lab, of the map where the loss is lowest and highest, unless
    ``colours`` names one of ``COLOUR_MAPS``; ``groups`` are the colours of the groups in order.
    """

    background: Colour
    foreground: Colour
    grey: Colour
    pale: Colour
    warning: Colour
    lightness: tuple[float, float]
    chroma: tuple[float, float]
    groups: tuple[Colour, ...]
    type: float = 1.0
    line: float = 1.0
    colours: str = "theme"
    paper: Colour | None = None

    @property
    def behind(self) -> Colour:
        """The colour behind everything."""
        return self.background if self.paper is None else self.paper


# Okabe and Ito 2008, "Color universal design", for the first four; the purple is a little darker than theirs.  Sky blue
# and yellow vanish on a pale map and gave way; amber comes last.  Any two are more than 12 apart in CIE Lab for eyes
# without red or green cones.
_LIGHT = Theme(
    background=(255, 255, 255),
    foreground=(34, 38, 46),
    grey=(82, 88, 98),
    pale=(216, 219, 224),
    warning=(176, 0, 32),
    lightness=(51.0, 98.5),
    chroma=(11.0, 1.0),
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
    lightness=(6.0, 52.0),
    chroma=(7.0, 9.0),
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
    lightness=(51.0, 98.5),
    chroma=(11.0, 1.0),
    groups=(
        (200, 72, 0), (0, 88, 170), (0, 118, 78), (158, 32, 124),
        (30, 34, 42), (60, 20, 200), (104, 36, 0), (226, 150, 0),
    ),
    type=1.35,
    line=1.4,
)  # fmt: skip
_PROJECTOR_DARK = _DARK._replace(
    background=(0, 0, 0),
    foreground=(255, 255, 255),
    grey=(200, 207, 218),
    pale=(72, 79, 92),
    lightness=(6.0, 53.0),
    type=_PROJECTOR.type,
    line=_PROJECTOR.line,
)
_THEMES = {"light": _LIGHT, "dark": _DARK, "projector": _PROJECTOR, "projector_dark": _PROJECTOR_DARK}

COLOUR_MAPS = {"blue_red": "RdYlBu_r", "viridis": "viridis", "cividis": "cividis", "magma": "magma", "grey": "gray"}
"""Maps that a scenario may name beside a theme's own, and what matplotlib calls them."""
TONES = 9
"""Tones of each colour of a map, from in the shade to lit; the middle one is that of level ground."""
_HUE = np.radians(262.0)
_TONE, _INK = 1.25, 0.28


def theme(name: str, colours: str = "theme") -> Theme:
    """The theme that ``picture.theme`` names, with the map's colours that ``picture.colour_map`` names; or KeyError."""
    return _THEMES[name]._replace(colours=colours)


def group_colours(chosen: Theme, numbers: Iterable[int]) -> Pixels:
    """The colours of the groups with these numbers, counted from 0, shape (groups, 3); beyond eight they repeat."""
    return np.array([chosen.groups[k % len(chosen.groups)] for k in numbers], dtype=np.uint8)


def colour_list(colours: Pixels) -> list[Colour]:
    """Colours (n, 3) one by one."""
    return [(red, green, blue) for red, green, blue in colours.tolist()]


def map_colours(chosen: Theme, count: int) -> Pixels:
    """Colours of a map from low loss to high, shape (count, 3); a theme's own are even in lightness."""
    return map_tones(chosen, count)[0][:, TONES // 2]


def map_tones(chosen: Theme, count: int) -> tuple[Pixels, Pixels]:
    """Areas between contours and the lines at them, each (count, TONES, 3): low loss to high, in the shade to lit."""
    step = (chosen.lightness[1] - chosen.lightness[0]) / max(count - 1, 1)
    # Lightnesses of bands and tones lie on one lattice, so that a palette of few colours holds all of them.
    shift = step / max(1, round(abs(step) / _TONE)) if count < 100 else _TONE
    shifts = np.arange(-(TONES // 2), TONES // 2 + 1) * min(shift, 1.5 * _TONE)
    if chosen.colours == "theme":
        lightness = np.linspace(*chosen.lightness, count)[:, None] + shifts
        share = (lightness - chosen.lightness[0]) / (chosen.lightness[1] - chosen.lightness[0])
        chroma = np.clip(chosen.chroma[0] + share * (chosen.chroma[1] - chosen.chroma[0]), 0.0, None)
        lab = np.stack([np.clip(lightness, 0, 100), chroma * np.cos(_HUE), chroma * np.sin(_HUE)], axis=-1)
    else:
        coded = np.array(colormaps[COLOUR_MAPS[chosen.colours]](np.linspace(0.0, 1.0, count)))[:, None, :3]
        lab = _lab(coded) + np.stack([shifts, 0 * shifts, 0 * shifts], axis=-1)
    areas = np.rint(255 * _coded(lab)).astype(np.uint8)
    lines = areas + _INK * (np.array(chosen.foreground) - areas.astype(np.float64))
    return areas, np.rint(lines).astype(np.uint8)


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
    return float(_linear(np.array(colour, dtype=np.float64) / 255) @ [0.2126, 0.7152, 0.0722])


def _linear(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)


# IEC 61966-2-1, sRGB to XYZ of the white point D65, and CIE 15:2004, CIE Lab.
_XYZ = np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
_WHITE, _SLOPE = _XYZ.sum(axis=0), 841 / 108


def _lab(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE Lab of colours in [0, 1], (..., 3)."""
    part = _linear(coded) @ _XYZ / _WHITE
    f = np.where(part > (6 / 29) ** 3, np.cbrt(part), _SLOPE * part + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def _coded(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colours in [0, 1], (..., 3), of CIE Lab; the nearest in each of red, green and blue where there is none."""
    middle = (lab[..., 0] + 16) / 116
    f = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    part = np.where(f > 6 / 29, f**3, (f - 4 / 29) / _SLOPE)
    linear = np.clip(part * _WHITE @ np.linalg.inv(_XYZ), 0, 1)
    return np.asarray(np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear))
