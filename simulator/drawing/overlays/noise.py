"""Ellipses of the noise that a batch puts on the gradient, around where the mean gradient leads."""

import numpy as np

from errsurf.analysis.noise import batch_covariance
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Drawing
from errsurf.drawing.colours import Colour
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps, View
from errsurf.drawing.map.strokes import ellipse
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.drawing.overlays.batch_arrows import pixel_length


def ready(maps: Maps) -> Ready:
    """Two ellipses on the first map or on each group's; their middle is the tip of the mean gradient's arrow."""
    length = pixel_length(maps)

    def lines(view: View, clock: float) -> Drawing:
        follower = maps.followers[view.follow]
        theta = follower.theta(clock)
        if view.second or not np.isfinite(theta).all():
            return Drawing([], [])
        middle = theta - length * maps.result.landscape.gradient(theta)
        half = length * noise_axes(maps, follower, theta, follower.update(clock))
        return ellipses(maps, view.area, middle, half, follower.tone)

    def sample(width: int, height: int) -> Drawing:
        half = np.array([[0.45 * width, 0.0], [0.0, 0.34 * height]])
        return _two(np.array([width, height]) / 2, half / 2, 0.6 * maps.plan.style.line, own)

    own = maps.followers[maps.follow].tone
    texts = ("noise of the batch: 1 and 2 standard deviations", "batch noise: 1, 2 deviations", "batch noise: 1, 2 SD")
    return line_overlay(maps, lines, (Entry(texts, sample),))


def ellipses(maps: Maps, area: Box, middle: Array, half: Array, colour: Colour) -> Drawing:
    """One and two standard deviations, half axes (2, 2) in theta as rows, around a middle (2,)."""
    axes = maps.moved(area, half)
    if not np.abs(axes).max() > 0.3:
        return Drawing([], [])
    return _two(maps.pixels(area, middle), axes, 0.8 * maps.style.line, colour)


def noise_axes(maps: Maps, follower: Follower, theta: Array, update: int) -> Array:
    """Half axes of one standard deviation of the gradient of a group's update at theta (2,), as rows (2, 2)."""
    landscape, plan = maps.result.landscape, follower.members.plan(update)
    replacement = follower.members.order(update).kind == "replacement"
    covariance, size = landscape.covariance(theta), plan.examples_an_update
    xx, xy, yy = batch_covariance(covariance, plan.examples, size, replacement=replacement)
    values, axes = np.linalg.eigh([[xx, xy], [xy, yy]])
    return np.asarray((axes * np.sqrt(np.maximum(values, 0.0))).T)


def _two(middle: Array, half: Array, radius: float, colour: Colour) -> Drawing:
    return Drawing([ellipse(middle, times * half, radius) for times in (1.0, 2.0)], [colour])


RECORD = Overlay(wanted=lambda picture: picture.noise, ready=ready, entries=1)
