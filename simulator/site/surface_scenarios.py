"""A scenario for each surface: four optimizers from all over its window, at rates that suit it."""

import tomllib
from functools import cache
from math import floor, log10
from typing import Any

import numpy as np

from errsurf.drawing.page.playground import ABOUT, TITLE, playground_scenario
from errsurf.engine.examples import problem
from errsurf.engine.landscape import Landscape
from errsurf.scenario import Scenario, scenario_from
from errsurf.site.templates import FOLDER, text_of
from errsurf.surfaces import summary, surface
from errsurf.words import languages, said

PARTICLES, UPDATES, EXAMPLES, SIDE = 256, 200, 20, 24
TILT, ADAM = 0.5, 0.01
OWN = "expression"
"""The surface of one's own formula."""
LABELS = ("gradient descent", "batch 1", "momentum", "Adam")
STABLE = 0.5
"""The share of the largest stable lr that gradient descent has."""


def surface_scenario(name: str) -> Scenario:
    """Starts on a grid over the surface's window; for formulas, the playground."""
    if name == OWN:
        return _playground()
    (x0, x1), (y0, y1) = surface(name).window
    sharpness, slope = _scales(name)
    lr, across = _rounded(2 * STABLE / sharpness), min(x1 - x0, y1 - y0)
    examples = {} if surface(name).examples else {"examples": EXAMPLES, "tilt": _rounded(TILT * slope)}
    tables = {
        "title": title(name),
        "about": summary(name),
        "seed": 1,
        "surface": {"kind": name, **examples},
        "swarm": {
            "particles": PARTICLES,
            "start": "grid",
            "at": [(x0 + x1) / 2, (y0 + y1) / 2],
            "size": [0.9 * (x1 - x0), 0.9 * (y1 - y0)],
        },
        "run": {"updates": UPDATES, "frames": "all"},
        "optimizer": [
            {"label": LABELS[0], "kind": "sgd", "batch": "full", "lr": lr},
            {"label": LABELS[1], "kind": "sgd", "batch": 1, "lr": lr},
            {"label": LABELS[2], "kind": "sgd", "batch": "full", "lr": lr, "momentum": 0.9},
            {"label": LABELS[3], "kind": "adam", "batch": "full", "lr": _rounded(ADAM * across)},
        ],
        "picture": {"clock": "updates", "trails": 4, "chart": "loss", "window": {"x": [x0, x1], "y": [y0, y1]}},
        "translation": [_translation(name, language) for language in languages()[1:]],
    }  # fmt: skip
    return scenario_from(tables, name=name)


def _playground() -> Scenario:
    texts = [
        {"lang": language, "title": said(TITLE, language), "about": said(ABOUT, language)}
        for language in languages()[1:]
    ]  # fmt: skip
    return scenario_from(playground_scenario(), name=OWN, changes={"translation": texts})


def title(name: str) -> str:
    """What a surface is called."""
    return name.replace("_", " ").capitalize()


def _translation(name: str, language: str) -> dict[str, Any]:
    texts = _texts(language).get(name, {"title": title(name), "about": summary(name)})
    return {"lang": language, **texts, "labels": [said(label, language) for label in LABELS]}


@cache
def _texts(language: str) -> dict[str, dict[str, str]]:
    file = FOLDER / f"surfaces.{language}.toml"
    return tomllib.loads(text_of(file.name)) if file.is_file() else {}


def _scales(name: str) -> tuple[float, float]:
    """How sharp a surface is over its window, at nine of ten places, and its slope at one of five."""
    (x0, x1), (y0, y1) = surface(name).window
    tables = {"surface": {"kind": name}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd", "lr": 1.0}]}
    scenario = scenario_from(tables)
    landscape = Landscape(problem(*scenario.drawn_from))
    places = np.stack(np.meshgrid(np.linspace(x0, x1, SIDE), np.linspace(y0, y1, SIDE)), axis=-1).reshape(-1, 2)
    xx, xy, yy = landscape.hessian(places).T
    sharp = np.abs((xx + yy) / 2) + np.hypot((xx - yy) / 2, xy)
    slope = np.hypot(*landscape.gradient(places).T)
    return max(_typical(sharp, 0.9), 1e-6), max(_typical(slope, 0.2), 1e-6)


def _typical(values: Any, share: float) -> float:
    finite = values[np.isfinite(values)]
    return float(np.quantile(finite, share)) if len(finite) else 1.0


def _rounded(value: float) -> float:
    """To one of 1, 2, 5 times a power of ten, downwards."""
    power = 10.0 ** floor(log10(value))
    step = next(step for step in (5, 2, 1) if step * power <= value * (1 + 1e-9))
    return float(f"{step * power:.1g}")
