"""Colours of a relief: those of the flat map, lighter and darker with the light that falls on them."""

from typing import NamedTuple

import numpy as np

from errsurf.drawing.colours import TONES, Theme, map_tones, mixed
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.heights import LAMP
from errsurf.drawing.relief.camera import View

_TONES = 96
_SHADOW = 0.35


class Shading(NamedTuple):
    """Areas and contours by level and tone (levels - 1, tones, 3), and where one hill ends before another (3,)."""

    areas: Array
    lines: Array
    ridge: Array


def shading(theme: Theme, bands: int) -> Shading:
    """The colours between so many contours; a horizontal face has exactly the flat map's colour."""
    gain = _gain((np.arange(_TONES) + 0.5) / _TONES * 2 - 1, theme)[None, :, None]
    areas, lines = (each[:, TONES // 2, None].astype(np.float64) for each in map_tones(theme, bands))
    ridge = np.array(mixed(theme.pale, theme.foreground, 0.45), dtype=np.float64)
    return Shading(np.clip(areas * gain, 0, 255), np.clip(lines * gain, 0, 255), ridge)


def light(view: View) -> Array:
    """Where the light comes from, x, y and height, (3,): it goes around with the viewer."""
    right, away, up = LAMP / np.linalg.norm(LAMP)
    return np.array([right * view.cos - away * view.sin, right * view.sin + away * view.cos, up])


def walls(view: View, theme: Theme) -> Array:
    """Colours of the two side walls that are seen, one across x and one across y, (2, 3)."""
    x, y, _ = light(view)
    lit = np.array([x, y]) * -np.sign(np.array([-view.sin, view.cos]))
    wall = np.array(mixed(theme.pale, theme.background, 0.3), dtype=np.float64)
    return np.clip(wall * _gain(lit, theme)[:, None] ** 0.45, 0, 255)


def _gain(lit: Array, theme: Theme) -> Array:
    """Factor of a colour as it is coded, 1 for a horizontal face; dark colours need more of it to be told apart."""
    flat = _SHADOW + (1 - _SHADOW) * (LAMP / np.linalg.norm(LAMP))[2]
    power = 1 / 2.2 if theme.lightness[1] > 75 else 1.05
    return np.asarray(((_SHADOW + (1 - _SHADOW) * np.maximum(lit, 0.0)) / flat) ** power)
