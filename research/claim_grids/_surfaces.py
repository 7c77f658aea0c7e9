"""Surfaces that several claims are tried on."""

from typing import Any

from errsurf.surfaces import surface
from research.claim_grids._record import Axis, Changes

TIMED = {
    "linear_regression, cheap": {"surface": {"kind": "linear_regression", "examples": 60_000}},
    "wells, two exponentials": {"surface.examples": 60_000},
    "two_layer_tanh, expensive": {"surface": {"kind": "two_layer_tanh", "examples": 60_000}},
}
DISAGREEING = {"shift": 0.2, "scale": 1.5}
RATES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
OWN = ("linear_regression", "logistic_regression", "sine_fit", "two_layer_tanh", "deep_linear")
GENERIC = (
    "quadratic_bowl",
    "ravine",
    "rosenbrock",
    "himmelblau",
    "six_hump_camel",
    "three_hump_camel",
    "styblinski_tang",
    "booth",
    "ackley",
    "rastrigin",
    "griewank",
    "plateau_and_cliff",
)


def everywhere(**more: Any) -> Axis:
    """Models fitted to data and test functions whose examples disagree; starts all over their windows."""
    kinds = {kind: {} for kind in OWN} | dict.fromkeys(GENERIC, DISAGREEING)
    return Axis("surface", {kind: on(kind, {**own, **more}) for kind, own in kinds.items()})


def displaced(share: float, **more: Any) -> Axis:
    """The test functions, tested on surfaces displaced along x by a share of the window's width."""
    found = {}
    for kind in GENERIC:
        (left, right), _ = surface(kind).window
        found[kind] = on(kind, {**DISAGREEING, **more, "test": {"shift": [share * (right - left), 0.0]}})
    return Axis("surface", found)


def better(first: str, second: str, lecture: int, what: str = "train_loss") -> tuple[Changes, Changes]:
    """Two claims, of the lecture and against it: one group ends lower than the other by 1% of what training gains."""
    words = what.replace("train_loss", "training loss")
    both = {"statistic": what, "take": "mean", "by": 0.01}
    lower = "{}: the lower mean {} at the end, by 1% of what training gains."
    return (
        {**both, "says": _sentence(lower.format(first, words)), "lecture": lecture, "group": first, "below": second},
        {**both, "says": _sentence(lower.format(second, words)), "group": second, "below": first},
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def on(kind: str, settings: Changes) -> Changes:
    """A surface and starts on a grid over its window."""
    (x0, x1), (y0, y1) = surface(kind).window
    middle, size = [(x0 + x1) / 2, (y0 + y1) / 2], [x1 - x0, y1 - y0]
    return {
        "surface": {"kind": kind, **settings},
        "swarm": {"start": "grid", "particles": 300, "at": middle, "size": size},
    }
