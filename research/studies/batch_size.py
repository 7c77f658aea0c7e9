"""Updates to a target loss by batch size, against the noise scale: Shallue et al. 2019, McCandlish et al. 2018."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit
from scipy.stats import t

import errsurf
from errsurf.drawing.sweep_figures import Axis, SweepPlot
from research.studies.table import Row, distinct, markdown

Array = NDArray[np.float64]
STARTS = 64


class Fit(NamedTuple):
    """``steps = fewest (1 + critical / B)``, each with a 95% interval, and the farthest point, as a share."""

    fewest: tuple[float, float, float]
    critical: tuple[float, float, float]
    off: float

    def steps(self, batch: Array) -> Array:
        """The law's updates at these batch sizes."""
        return self.fewest[0] * (1 + self.critical[0] / batch)


def kept(tables: dict[str, Any], rows: Sequence[Row]) -> list[Row]:
    """For each batch size and rate the updates until the mean loss is at the target, and until a particle's is."""
    lowest = _surface(tables).loss(np.array([_minimum(tables)]))[0]
    found = []
    for batch in distinct(rows, "optimizer.batch"):
        for rate in distinct(rows, "optimizer.lr"):
            some = [row for row in rows if (row["optimizer.batch"], row["optimizer.lr"]) == (batch, rate)]
            size = tables["surface"]["examples"] if batch == "full" else int(batch)
            steps = _crossing(some, lowest, _target(tables))
            found.append({"batch": size, "lr": rate, "mean": steps, "touch": some[-1]["first_passage"]})
    return found


def _crossing(rows: Sequence[Row], lowest: float, target: float) -> float:
    """After how many updates the mean loss is at a target: linear in the logarithm of what it is above the lowest."""
    known = [(row["run.updates"], row["mean_loss"]) for row in rows if row["mean_loss"] != ""]
    below = next((k for k, (_, loss) in enumerate(known) if loss <= target), 0)
    if below == 0:
        return inf
    heights = np.log([known[k][1] - lowest for k in (below, below - 1)])
    return float(np.interp(np.log(target - lowest), heights, [known[k][0] for k in (below, below - 1)]))


def _surface(tables: dict[str, Any]) -> errsurf.Landscape:
    settings = dict(tables["surface"])
    return errsurf.surface(settings.pop("kind"), seed=tables["seed"], **settings)


def _hessian(surface: errsurf.Landscape) -> Array:
    xx, xy, yy = surface.hessian(np.zeros((1, 2))).ravel()
    return np.array([[xx, xy], [xy, yy]])


def _minimum(tables: dict[str, Any]) -> Array:
    surface = _surface(tables)
    return np.linalg.solve(_hessian(surface), -surface.gradient(np.zeros((1, 2)))[0])


def _target(tables: dict[str, Any]) -> float:
    return float(next(each["loss"] for each in tables["measure"] if "loss" in each))


def best(rows: Sequence[Row], column: str) -> list[Row]:
    """For each batch size the row with the fewest updates."""
    return [
        min((row for row in rows if row["batch"] == batch), key=lambda row: float(row[column]))
        for batch in distinct(rows, "batch")
    ]


def log_law(size: Array, fewest: float, critical: float) -> Array:
    """The logarithm of ``fewest (1 + critical / size)``, both given by their logarithms."""
    return np.asarray(fewest + np.log1p(np.exp(critical) / size))


def fit(rows: Sequence[Row]) -> Fit:
    """The law through the fewest updates of each batch size, by least squares of logarithms."""
    batch, steps = (np.array([row[key] for row in rows]) for key in ("batch", "mean"))
    found, covariance = curve_fit(log_law, batch, np.log(steps), [np.log(steps.min()), np.log(16.0)])
    half = np.sqrt(np.diag(covariance)) * t.ppf(0.975, len(rows) - 2)
    ends = [tuple(np.exp([value, value - w, value + w]).tolist()) for value, w in zip(found, half, strict=True)]
    return Fit(ends[0], ends[1], float(np.abs(np.exp(log_law(batch, *found)) / steps - 1).max()))


class Scales(NamedTuple):
    """tr(C) / |g|^2, and tr(H C) / g^T H g, along a path of full-batch descent: one number an update and start."""

    simple: Array
    curved: Array


def scales(tables: dict[str, Any], rate: float) -> list[Scales]:
    """The noise scales of each update from the circle of starts to the target, the means over starts."""
    surface, swarm = _surface(tables), tables["swarm"]
    hessian, angle = _hessian(surface), 2 * np.pi * np.arange(STARTS) / STARTS
    points = np.array(swarm["at"]) + swarm["radius"] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    found: list[Scales] = []
    while surface.loss(points).mean() > _target(tables):
        slope, (xx, xy, yy) = surface.gradient(points), surface.covariance(points).T
        traces = xx * hessian[0, 0] + 2 * xy * hessian[0, 1] + yy * hessian[1, 1]
        curved = traces.mean() / np.einsum("ni,ij,nj->n", slope, hessian, slope).mean()
        found.append(Scales((xx + yy).mean() / (slope**2).sum(axis=1).mean(), curved))
        points = points - rate * slope
    return found


def plot(scenario: errsurf.Scenario, tables: dict[str, Any], rows: Sequence[Row]) -> SweepPlot:
    """Updates to the target by batch size: measured, the law, perfect scaling, and first touches."""
    tuned, touched = best(rows, "mean"), best(rows, "touch")
    batch = np.array([row["batch"] for row in tuned])
    law, steps = fit(tuned), np.array([row["mean"] for row in tuned])
    value = np.array([[steps, law.steps(batch), steps[0] * batch[0] / batch, [row["touch"] for row in touched]]])
    lines = Axis("updates", ("best lr", "the law", "1 / B", "first touch"))
    nothing = np.full(value.shape, np.nan)
    says = f"updates until the mean loss of {tables['swarm']['particles']} particles is {_target(tables)}"
    note = "each batch size with its best lr"
    return SweepPlot(
        scenario, tables["title"], says, Axis("batch", tuple(batch.tolist())), lines, ("",), value, nothing, nothing,
        nothing[:, :, 0], True, "", note,
    )  # fmt: skip


def page(tables: dict[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    """What came out, in numbers."""
    tuned, touched = best(rows, "mean"), best(rows, "touch")
    law = fit(tuned)
    heads = ("batch", "best lr", "updates", "the law", "examples", "updates until half have touched the level")
    yield from markdown(heads, [_cells(a, b, law) for a, b in zip(tuned, touched, strict=True)])
    yield ""
    yield from _verdicts(tables, tuned, touched, law)


def _cells(row: Row, touch: Row, law: Fit) -> list[str]:
    steps = law.steps(np.array(row["batch"]))
    texts = [f"{row['batch']:.0f}", f"{row['lr']:.3g}", f"{row['mean']:.0f}", f"{steps:.0f}"]
    return [*texts, f"{row['batch'] * row['mean']:,.0f}", f"{touch['touch']:.0f}"]


def _verdicts(tables: dict[str, Any], tuned: list[Row], touched: list[Row], law: Fit) -> Iterator[str]:
    shrinks = [tuned[k + 1]["mean"] / tuned[k]["mean"] for k in (0, len(tuned) - 2)]
    span = tuned[-1]["batch"] / tuned[0]["batch"]
    yield (
        f"* **The law holds.** `updates = {law.fewest[0]:.1f} (1 + {law.critical[0]:.1f} / B)` is at most "
        f"{100 * law.off:.0f}% off over a factor of {span:.0f} in B. From batch 1 to 2 the updates fall to "
        f"{shrinks[0]:.2f} of what they were, and from the last batch but one to {shrinks[1]:.2f}: perfect "
        "scaling, the "
        "bend, and hardly a gain. Without replacement large batches have less noise than C / B, full batch has none, "
        "so the last ones are a little better than the law."
    )
    yield from _scaled(tables, tuned[-1]["lr"], law)
    edge = 2 / np.linalg.eigvalsh(_hessian(_surface(tables)))[-1]
    yield (
        f"* **The best lr grows with B, and then stops**: by {tuned[3]['lr'] / tuned[0]['lr']:.1f} from batch 1 "
        "to 8, and "
        f"by {tuned[-1]['lr'] / tuned[-3]['lr']:.1f} over the last two doublings, below the largest stable one, "
        f"2 / sharpness = {edge:.2f}."
    )
    yield (
        "* **First passage hides the bend here.** Half of the particles have touched the level once after "
        f"{touched[0]['touch']:.0f} updates at batch 1 and {touched[-1]['touch']:.0f} at full batch "
        "(`time_to_loss`, at "
        "its own best lr): with two parameters a wide cloud meets the level by chance, at rates at which its mean loss "
        "never gets there. The loss of a large network is an average over many directions, so the mean over particles "
        "is what compares with the papers."
    )


def _scaled(tables: dict[str, Any], rate: float, law: Fit) -> Iterator[str]:
    """The critical batch size and the noise scales."""
    path = scales(tables, rate)
    simple, curved = (np.array([getattr(each, name) for each in path]) for name in ("simple", "curved"))
    size, low, high = law.critical
    flattest = float(np.linalg.eigvalsh(_hessian(_surface(tables)))[0])
    bound = rate * flattest * simple[-1]
    yield (
        f"* **The bend is not at the noise scale itself.** The critical batch size is {size:.1f} ({low:.1f} to "
        f"{high:.1f}, 95%). `tr(C) / |g|^2` is {simple[0]:.1f} at the starts and {simple[-1]:.0f} at the last update "
        f"before the target, its mean over the {len(path)} updates of full-batch descent {simple.mean():.0f}, as "
        f"McCandlish et al. average it; that with the Hessian, `tr(H C) / g^T H g`, has a mean of "
        f"{curved.mean():,.0f}. "
        "Their argument lets each update have the lr that is best for its gradient. Here one lr serves the whole run "
        "and is bounded by the sharp direction, while what is left to descend lies along the flat one."
    )
    yield (
        f"* **Why.** With a constant lr the noise holds the mean loss at about lr tr(C) / (4 B) above the "
        "lowest, which "
        f"must stay below the target, and the flat direction needs about 1 / (lr lambda_min) updates. Small batches "
        f"are bounded by the first, large ones by the stability of the sharp direction. The two meet where B is about "
        f"lr lambda_min tr(C) / |g|^2 with the lr of full batch and the noise scale at the target, an estimate "
        f"without the logarithms of losses: {bound:.1f}, where the fit has {size:.1f}."
    )
