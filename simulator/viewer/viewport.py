"""The part of the plane that the map shows: conversion between pixels and theta, zooming, moving, reshaping."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.window import Window

_FINEST, _WIDEST = 1e-9, 1e9


def theta_at(window: Window, area: Box, place: tuple[float, float]) -> tuple[float, float]:
    """Theta at a pixel of the window."""
    (x0, x1), (y0, y1) = window
    return (
        x0 + (place[0] - area.left) / area.width * (x1 - x0),
        y1 - (place[1] - area.top) / area.height * (y1 - y0),
    )


def pixel_of(window: Window, area: Box, theta: tuple[float, float]) -> tuple[float, float]:
    """The pixel of theta."""
    (x0, x1), (y0, y1) = window
    return (
        area.left + (theta[0] - x0) / (x1 - x0) * area.width,
        area.top + (y1 - theta[1]) / (y1 - y0) * area.height,
    )


def zoomed(window: Window, at: tuple[float, float], factor: float) -> Window:
    """The window scaled by ``factor`` around a fixed point; unchanged at the limits of floating-point numbers."""
    made = tuple((t - (t - low) * factor, t + (high - t) * factor) for (low, high), t in zip(window, at, strict=True))
    wide = all(_FINEST * max(abs(low), abs(high), _FINEST) < high - low < _WIDEST for low, high in made)
    return (made[0], made[1]) if wide else window


def moved(window: Window, area: Box, by: tuple[int, int]) -> Window:
    """The window after a drag by so many pixels."""
    (x0, x1), (y0, y1) = window
    x, y = by[0] / area.width * (x1 - x0), by[1] / area.height * (y1 - y0)
    return (x0 - x, x1 - x), (y0 + y, y1 + y)


def reshaped(window: Window, before: Box, after: Box) -> Window:
    """The same centre and width for a map of another shape, with the same ratio of the axes."""
    (x0, x1), (y0, y1) = window
    half = (y1 - y0) / 2 * (after.height / before.height) * (before.width / after.width)
    return (x0, x1), ((y0 + y1) / 2 - half, (y0 + y1) / 2 + half)
