"""Escape from a sharp minimum: mean times over B / lr against Xie, Sato, Sugiyama 2021 and against diffusion."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.stats import linregress, t

import errsurf
from errsurf.drawing.sweep_figures import Axis, SweepPlot
from research.studies.table import Row, distinct, markdown

Array = NDArray[np.float64]
NAMES = ("C = H, sharp", "C = H, flatter", "C is constant", "shifted examples")
"""The surfaces of the sweep, by their noise."""
LEFT = 10
"""Particles that must have left, for a time to be used."""
RELAXATIONS = 20.0
"""How many relaxation times, 1 / H, the mean time must be: the well is left rarely."""
EDGE, FARTHEST, POINTS = 0.3, -1.6, 8001
"""Where the region of the sweep ends, and the line along which surfaces are looked at."""
DRAWN = 24.0
"""The smallest B / lr of the picture.  From there on its axis is linear, so that lines are lines."""
LARGE = 500.0
"""Exponents beyond which a time is not worked out."""


class Well(NamedTuple):
    """A well along y = 0: slope, covariance of the examples' gradients and curvature, minimum and saddle."""

    x: Array
    loss: Array
    slope: Array
    covariance: Array
    curvature: Array
    bottom: int
    top: int

    @property
    def barrier(self) -> float:
        """Loss at the saddle minus loss at the minimum."""
        return float(self.loss[self.top] - self.loss[self.bottom])

    @property
    def printed(self) -> tuple[float, float]:
        """The slopes of log time over B / lr of the paper's theorem 3.2, for s of 1 and 0: C is taken to be H."""
        low, high = sorted(2 * self.barrier / abs(self.curvature[k]) for k in (self.bottom, self.top))
        return low, high

    @property
    def exact(self) -> float:
        """The slope of small noise, twice the integral of slope over covariance from minimum to saddle."""
        part = slice(self.bottom, self.top + 1)
        return float(np.trapezoid(2 * self.slope[part] / self.covariance[part], self.x[part]))

    def time(self, temperature: float) -> float:
        """Mean first-passage time from the minimum to the edge of diffusion with lr / B, in lr times updates.

        ``dx = -L'(x) dt + sqrt(lr C(x) / B) dW``, by the double integral of Gardiner 2009, Stochastic Methods, 5.2.
        """
        spread = temperature * self.covariance / 2
        height = cumulative_trapezoid(self.slope / spread, self.x, initial=0)
        height -= height[self.bottom]
        if height[self.bottom :].max() > LARGE:
            return float("nan")
        inner = cumulative_trapezoid(np.exp(-height) / spread, self.x, initial=0)
        return float(np.trapezoid(np.exp(height[self.bottom :]) * inner[self.bottom :], self.x[self.bottom :]))


def well(settings: dict[str, Any], seed: int) -> Well:
    """The well of a surface table."""
    found = errsurf.surface(settings["kind"], seed=seed, **{key: settings[key] for key in settings if key != "kind"})
    x = np.linspace(FARTHEST, EDGE, POINTS)
    points = np.stack([x, np.zeros_like(x)], axis=1)
    slope, curvature = found.gradient(points)[:, 0], found.hessian(points).reshape(POINTS, -1)[:, 0]
    bottom = int(np.flatnonzero((slope[:-1] < 0) & (slope[1:] >= 0))[0])
    top = int(np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))[0])
    return Well(x, found.loss(points), slope, found.covariance(points)[:, 0], curvature, bottom, top)


def kept(_tables: dict[str, Any], rows: Sequence[Row]) -> list[Row]:
    """What the study needs of the sweep's table."""
    surfaces = distinct(rows, "surface")
    columns = ("lr", "batch", "rate", "rate_low", "rate_high", "left", "left_n")
    return [{"surface": NAMES[surfaces.index(row["surface"])]} | {key: row[key] for key in columns} for row in rows]


def used(rows: Sequence[Row], name: str, found: Well) -> list[Row]:
    """The rows of a surface with enough exits, all of them rare, with ``time`` and ``inverse``, B / lr."""
    known = [row for row in rows if row["surface"] == name and row["left"] * row["left_n"] >= LEFT]
    timed = [row | {"time": row["lr"] / row["rate"], "inverse": row["batch"] / row["lr"]} for row in known]
    return [row for row in timed if row["time"] * found.curvature[found.bottom] >= RELAXATIONS]


class Line(NamedTuple):
    """A line through log times over B / lr: its slope with a 95% interval, and the deviation of points from it."""

    slope: float
    half: float
    off: float


def line(rows: Sequence[Row]) -> Line:
    """The line of least squares."""
    x, y = np.array([row["inverse"] for row in rows]), np.log([row["time"] for row in rows])
    fit = linregress(x, y)
    off = float(np.std(y - fit.intercept - fit.slope * x, ddof=2))
    return Line(float(fit.slope), float(fit.stderr * t.ppf(0.975, len(rows) - 2)), off)


def wells(tables: dict[str, Any]) -> list[Well]:
    """The wells of the sweep's surfaces."""
    return [well(settings, tables["seed"]) for settings in tables["sweep"]["vary"]["surface"]]


def plot(scenario: errsurf.Scenario, tables: dict[str, Any], rows: Sequence[Row]) -> SweepPlot:
    """The measured times of each batch size, and those of diffusion, over B / lr."""
    each = {name: used(rows, name, found) for name, found in zip(NAMES, wells(tables), strict=True)}
    x = sorted({float(f"{row['inverse']:.6g}") for some in each.values() for row in some if row["inverse"] >= DRAWN})
    batches = sorted(distinct(rows, "batch"))
    value = np.full((len(NAMES), len(batches) + 1, len(x)), np.nan)
    for k, (name, found) in enumerate(zip(NAMES, wells(tables), strict=True)):
        for row in each[name]:
            if row["inverse"] >= DRAWN:
                value[k, batches.index(row["batch"]), x.index(float(f"{row['inverse']:.6g}"))] = row["time"]
        value[k, -1] = [found.time(1 / inverse) for inverse in x]
    value[:, -1][value[:, -1] > 10 * np.nanmax(value[:, :-1])] = np.nan
    lines = Axis("times", (*(f"batch {batch:.0f}" for batch in batches), "diffusion"))
    nothing = np.full(value.shape, np.nan)
    note = "1,000 particles each, times of those that stay are censored"
    says = "mean time of escape, in lr times updates, over B / lr"
    return SweepPlot(
        scenario, tables["title"], says, Axis("B / lr", tuple(x)), lines, NAMES, value, nothing, nothing,
        nothing[:, :, 0], True, "", note,
    )  # fmt: skip


def page(tables: dict[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    """What came out, in numbers."""
    found = wells(tables)
    some = [used(rows, name, each) for name, each in zip(NAMES, found, strict=True)]
    lines = [line(each) for each in some]
    heads = ("noise", "H at the minimum", "at the saddle", "C there", "", "barrier", "cells", "slope measured",
             "paper, s from 1 to 0", "integral", "points off the line by")  # fmt: skip
    yield from markdown(heads, [_cells(*each) for each in zip(NAMES, found, some, lines, strict=True)])
    yield ""
    yield from _verdicts(found, some, lines)


def _cells(name: str, found: Well, some: list[Row], fit: Line) -> list[str]:
    ends = (found.bottom, found.top)
    numbers = [*(found.curvature[k] for k in ends), *(found.covariance[k] for k in ends)]
    low, high = found.printed
    measured = f"{fit.slope:.4f} ± {fit.half:.4f}"
    texts = [f"{number:.2f}" for number in numbers] + [f"{found.barrier:.3f}", str(len(some)), measured]
    return [name, *texts, f"{low:.4f} to {high:.4f}", f"{found.exact:.4f}", f"{100 * np.expm1(fit.off):.0f}%"]


def _verdicts(found: list[Well], some: list[list[Row]], lines: list[Line]) -> Iterator[str]:
    inside = [each.printed[0] <= fit.slope <= each.printed[1] for each, fit in zip(found, lines, strict=True)]
    worst = 100 * max(abs(fit.slope / each.exact - 1) for each, fit in zip(found[:3], lines[:3], strict=True))
    constant = found[2]
    wrong = 100 * abs(constant.covariance[constant.bottom] / constant.curvature[constant.bottom] - 1)
    yield (
        "* **Log time is a line in B / lr** for the first three kinds of noise, and its slope is the integral's to "
        f"{worst:.0f}%. It lies between the paper's two ends in {sum(inside[:2])} of the two cases that "
        f"the paper is about; with noise that is the same everywhere it {'does too' if inside[2] else 'does not'}, "
        f"though there C = H is wrong by {wrong:.0f}% at the minimum. The paper leaves s open; the integral does not."
    )
    ratio = lines[1].slope / lines[0].slope
    theory = found[0].curvature[found[0].bottom] / found[1].curvature[found[1].bottom]
    yield (
        "* **Sharp minima are left exponentially sooner.** Of two wells that are equally deep the one that is "
        f"{theory:.2f} times as sharp has a slope {ratio:.2f} times smaller: the paper's barrier over curvature."
    )
    yield from _diffusion(found[:3], some[:3])
    yield from _shifted(found[3], some[3], lines[3])


def _diffusion(found: list[Well], some: list[list[Row]]) -> Iterator[str]:
    """How far all times of the first three kinds are from those of diffusion."""
    pairs = [(each, row) for each, rows in zip(found, some, strict=True) for row in rows]
    ratios = [row["time"] / each.time(1 / row["inverse"]) for each, row in pairs]
    coarse = max(row["lr"] * each.curvature[each.bottom] for each, row in pairs)
    yield (
        f"* **Diffusion is a good model there.** Over all {len(pairs)} cells measured times are {min(ratios):.2f} to "
        f"{max(ratios):.2f} times those of the exact integral for diffusion, with no number fitted, although lr H "
        f"reaches {coarse:.2f}."
    )


def _shifted(found: Well, some: list[Row], fit: Line) -> Iterator[str]:
    """What goes wrong where the noise is small on the way."""
    part = slice(found.bottom, found.top + 1)
    least = part.start + int(np.argmin(found.covariance[part]))
    first, second = _alike(some)
    low, high = found.printed
    step = max(row["lr"] / row["batch"] ** 0.5 for row in some) * found.covariance[found.bottom] ** 0.5
    yield (
        f"* **With shifted examples it fails.** Times are no function of B / lr: at B / lr = "
        f"{first['inverse']:.0f} the "
        f"particles with lr {first['lr']:.3g} leave {second['time'] / first['time']:,.0f} times as soon as those with "
        f"{second['lr']:.3g}. A line through all cells has a slope of {fit.slope:.3f}, where the integral says "
        f"{found.exact:.3f} and the paper {low:.3f} to {high:.3f}, and times at the same rates are far below those of "
        f"diffusion. The covariance falls from {found.covariance[found.bottom]:.2f} at the minimum to "
        f"{found.covariance[least]:.2f} at x = {found.x[least]:.2f}, where the surface bends from valley to hill, and "
        "there diffusion would hardly get on. But updates are not small: their standard deviation at the minimum is up "
        f"to {step:.2f}, and from there to the saddle it is {found.x[found.top] - found.x[found.bottom]:.2f}, so "
        "that a few of them jump across; the larger the lr, the easier."
    )


def _alike(rows: list[Row]) -> tuple[Row, Row]:
    """The two rows with the same B / lr whose times differ most, the shorter one first."""
    pairs = [(a, b) for a in rows for b in rows if abs(a["inverse"] / b["inverse"] - 1) < 1e-6]
    return max(pairs, key=lambda pair: float(pair[1]["time"] / pair[0]["time"]))
