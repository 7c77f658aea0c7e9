"""The playground: a live page whose surface is a formula that its user types, with formulas to begin with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from errsurf.drawing.page.live_page import live_page
from errsurf.scenario import Scenario, build_scenario
from errsurf.words import said

TITLE = "Optimizers on your own formula"
ABOUT = "Type a loss of x and y: the map, its minima and the run follow. Each example tilts the surface a little."
Preset = dict[str, Any]


def _preset(
    name: str, loss: str, x: tuple[float, float], y: tuple[float, float], at: tuple[float, float], **more: Any
) -> Preset:
    """A formula with its window, and where particles start; ``more`` are other settings of the surface."""
    changes = {"surface.loss": loss, "surface.window.x": list(x), "surface.window.y": list(y)}
    changes |= {f"surface.{key}": value for key, value in more.items()}
    return {"name": name, "changes": changes | {"swarm.start": "cloud", "swarm.at": list(at), "swarm.spread": 0.05}}


PRESETS = (
    _preset("two minima", "(x^2 - 1)^2 / 4 + y^2 / 2", (-2.0, 2.0), (-1.5, 1.5), (0.1, 1.2)),
    _preset("sharp and flat", "0.1*(x^2 + y^2) - exp(-17*((x + 0.8)^2 + y^2)) - exp(-1.4*((x - 0.8)^2 + y^2))",
            (-2.0, 2.2), (-1.5, 1.5), (-0.8, 0.1), tilt=1.0, scale=2.2),
    _preset("ravine", "x^2/2 + 15*y^2", (-2.0, 2.0), (-1.0, 1.0), (-1.7, 0.6)),
    _preset("turned ravine", "(x + y)^2/4 + 8*(x - y)^2", (-2.0, 2.0), (-1.5, 1.5), (-1.6, -0.9)),
    _preset("saddle", "x^2/2 - y^2/2 + y^4/8", (-2.0, 2.0), (-2.2, 2.2), (1.6, 0.0), tilt=0.1),
    _preset("curved valley", "((1 - x)^2 + 10*(y - x^2)^2) / 10", (-2.0, 2.0), (-1.0, 3.0), (-1.5, 2.3), tilt=0.1),
    _preset("two weights in a row", "(x*y - 1)^2 / 2", (-3.0, 3.0), (-3.0, 3.0), (0.3, -0.6)),
    _preset("ripples", "0.1*(x^2 + y^2) + 0.2*(2 - cos(4*x) - cos(4*y))", (-3.0, 3.0), (-2.5, 2.5), (2.3, 1.9)),
    _preset("plateau", "1 - exp(-(x^2 + y^2))", (-3.0, 3.0), (-2.2, 2.2), (1.6, 1.1), tilt=0.05),
    _preset("kinks", "abs(x) + 3*abs(y)", (-2.0, 2.0), (-1.5, 1.5), (-1.6, 1.0), tilt=0.0),
)  # fmt: skip
"""Formulas by name, with the changes to the page's state that each makes."""


def playground_scenario(language: str = "en") -> Scenario:
    """What the playground begins with: the first formula, full batch, single examples, momentum and Adam."""
    first: Mapping[str, Any] = PRESETS[0]["changes"]
    groups = [
        {"label": "full batch", "kind": "sgd", "lr": 0.05, "batch": "full"},
        {"label": "batch 1", "kind": "sgd", "lr": 0.05, "batch": 1},
        {"label": "momentum", "kind": "sgd", "lr": 0.05, "momentum": 0.9, "batch": "full"},
        {"label": "adam, batch 1", "kind": "adam", "lr": 0.05, "batch": 1},
    ]
    window = {"x": first["surface.window.x"], "y": first["surface.window.y"]}
    made = build_scenario(
        title=said(TITLE, language),
        about=said(ABOUT, language),
        name="playground",
        surface={"kind": "expression", "loss": first["surface.loss"], "window": window, "examples": 32, "tilt": 0.3},
        swarm={"start": "cloud", "at": first["swarm.at"], "spread": first["swarm.spread"], "particles": 500},
        run={"epochs": 60, "frames": 200, "rounding": "portable"},
        picture={"trails": 2},
        optimizer=groups,
    )
    return replace(made, language=language)


def playground_page(language: str = "en", *, embed: bool = False) -> str:
    """The page, in a language of ``errsurf.words.languages``; with ``embed`` it has no title and no footer.

    Its formula is the first of ``PRESETS``, which its user replaces by another, or by one of their own.
    """
    return live_page(playground_scenario(language), embed=embed, presets=PRESETS)
