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

    ``about`` says what the theme is for.  ``background`` is around names, trails and dots and, unless there is other
    ``paper``, behind everything.  ``lightness`` (L*) and ``chroma`` are those of CIE Lab, of the map where the loss is
    lowest and highest, unless ``colours`` names one of ``COLORMAPS``; ``groups`` are the colours of the groups in
    order, ``full`` is that of full batch, and ``ramp`` the ends and the turns of the colours of batch sizes, from small
    to large.
    """

    background: Colour
    foreground: Colour
    grey: Colour
    pale: Colour
    warning: Colour
    lightness: tuple[float, float]
    chroma: tuple[float, float]
    groups: tuple[Colour, ...]
    full: Colour
    ramp: tuple[Colour, ...]
    type: float = 1.0
    line: float = 1.0
    colours: str = "theme"
    paper: Colour | None = None
    about: str = ""

    @property
    def behind(self) -> Colour:
        """The colour behind everything."""
        return self.background if self.paper is None else self.paper


# For usual eyes and for those without red, green or blue cones any two of ``groups`` and ``full`` are 18 or more apart
# in CIE Lab, and the first six and ``full`` 3.5 in lightness, which is left in grey; lightness alone orders ``ramp``.
# tests/test_drawing_colours.py has the eyes and the distances.
_LIGHT = Theme(
    about="dark lines on white, for paper and bright rooms",
    background=(255, 255, 255),
    foreground=(34, 38, 46),
    grey=(82, 88, 98),
    pale=(216, 219, 224),
    warning=(176, 0, 32),
    lightness=(51.0, 98.5),
    chroma=(30.0, 3.0),
    groups=(
        (230, 82, 0), (0, 57, 145), (0, 125, 70), (192, 81, 146),
        (113, 4, 1), (68, 22, 88), (144, 48, 252), (120, 120, 228),
    ),
    full=(30, 34, 42),
    ramp=((226, 90, 0), (200, 44, 92), (120, 36, 150), (24, 36, 120)),
)  # fmt: skip
_DARK = Theme(
    about="bright lines on near black, for screens",
    background=(20, 23, 29),
    foreground=(240, 243, 248),
    grey=(172, 180, 192),
    pale=(58, 64, 75),
    warning=(255, 128, 136),
    lightness=(6.0, 52.0),
    chroma=(16.0, 24.0),
    groups=(
        (250, 126, 31), (116, 144, 239), (26, 229, 145), (227, 146, 197),
        (254, 221, 0), (143, 89, 255), (252, 48, 72), (168, 252, 120),
    ),
    full=(238, 241, 246),
    ramp=((240, 92, 24), (240, 112, 140), (190, 158, 250), (168, 222, 255)),
)  # fmt: skip
_PROJECTOR = Theme(
    about="white, with larger type, thicker lines and stronger colours, for projectors",
    background=(255, 255, 255),
    foreground=(0, 0, 0),
    grey=(48, 52, 60),
    pale=(196, 200, 208),
    warning=(160, 0, 24),
    lightness=(51.0, 98.5),
    chroma=(30.0, 3.0),
    groups=(
        (206, 66, 0), (0, 44, 132), (0, 108, 58), (172, 62, 128),
        (94, 0, 0), (56, 12, 76), (156, 12, 252), (132, 108, 204),
    ),
    full=(16, 18, 24),
    ramp=((206, 78, 0), (178, 28, 76), (102, 20, 134), (14, 22, 104)),
    type=1.35,
    line=1.4,
)  # fmt: skip
_PROJECTOR_DARK = _DARK._replace(
    about="black, with larger type, thicker lines and stronger colours, for projectors in dark rooms",
    background=(0, 0, 0),
    foreground=(255, 255, 255),
    grey=(200, 207, 218),
    pale=(72, 79, 92),
    lightness=(6.0, 53.0),
    type=_PROJECTOR.type,
    line=_PROJECTOR.line,
)
_THEMES = {"light": _LIGHT, "dark": _DARK, "projector": _PROJECTOR, "projector_dark": _PROJECTOR_DARK}

COLORMAPS = {"blue_red": "RdYlBu_r", "viridis": "viridis", "cividis": "cividis", "magma": "magma", "grey": "gray"}
"""Maps that a scenario may name beside a theme's own, and what matplotlib calls them."""
TONES = 9
"""Tones of each colour of a map, from in the shade to lit; the middle one is that of level ground."""
_HUE = np.radians(262.0)
_TONE, _INK = 1.25, 0.28
_GROUND, _CURVE = 0.3, 0.25


def theme_names() -> tuple[str, ...]:
    """Names of the themes."""
    return tuple(_THEMES)


def theme(name: str, colours: str = "theme") -> Theme:
    """The theme that ``picture.theme`` names, with the map's colours that ``picture.colormap`` names; or KeyError."""
    return _THEMES[name]._replace(colours=colours)


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
        coded = np.array(colormaps[COLORMAPS[chosen.colours]](np.linspace(0.0, 1.0, count)))[:, None, :3]
        lab = _lab(coded) + np.stack([shifts, 0 * shifts, 0 * shifts], axis=-1)
    areas = np.rint(255 * _coded(lab)).astype(np.uint8)
    lines = areas + _INK * (np.array(chosen.foreground) - areas.astype(np.float64))
    return areas, np.rint(lines).astype(np.uint8)


def profile_tones(chosen: Theme) -> tuple[Pixels, Pixels]:
    """Areas below and above the curve of a profile, and the line between them, each (2, 1, 3)."""
    ground = mixed(chosen.background, chosen.grey, _GROUND)
    areas, lines = (ground, chosen.background), (mixed(chosen.foreground, ground, _CURVE),) * 2
    return np.array(areas, np.uint8)[:, None], np.array(lines, np.uint8)[:, None]


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


def unlike(now: Pixels, before: Pixels) -> NDArray[np.bool_]:
    """Which pixels differ, (rows, columns); ``np.any`` over three colours takes twenty times as long."""
    differ = np.asarray(now != before)
    return differ if differ.ndim == 2 else np.asarray(differ[..., 0] | differ[..., 1] | differ[..., 2])


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
