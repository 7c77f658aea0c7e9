"""Scenarios at the limits of what a run can be, and the keys that switch each overlay on."""

from typing import Any

BOWL = {"kind": "quadratic_bowl", "examples": 6}
LINE = {"kind": "linear_regression", "examples": 1}


def formula(loss: str, **more: Any) -> dict[str, Any]:
    """A surface from a formula, on a small window."""
    return {"kind": "expression", "loss": loss, "window": {"x": [-2.0, 2.0], "y": [-1.5, 1.5]}} | more


def case(surface: dict[str, Any], particles: int = 12, updates: int = 8, **group: Any) -> dict[str, Any]:
    """Two groups, one with full batch, and all that a run can record of its updates."""
    at = group.pop("at", [1.0, 0.7])
    both = [{"kind": "sgd", "lr": 0.1, "batch": batch} | group for batch in (1, "full")]
    return {
        "title": "At the limit",
        "surface": surface,
        "swarm": {"particles": particles, "start": "cloud", "spread": 0.05, "at": at},
        "run": {"updates": updates, "frames": "all", "record": ["gradient", "movement", "effective_rate", "iterate"]},
        "optimizer": [each | {"label": label} for each, label in zip(both, ("one", "all"), strict=True)],
        "picture": {"size": [320, 240], "seconds": 0.2, "near": {"at": [0.0, 0.0], "radius": 0.5}},
        "claim": [
            {"says": "The loss falls", "statistic": "train_loss", "group": ["one", "all"], "below": 1.0},
            {"says": "One example is worse", "statistic": "test_loss", "group": "one", "above": "all", "times": 1.5},
        ],
    }


CASES = {
    "one value": case(formula("max(x, 1e6) - 1e6 + 1", examples=4)),
    "zero": case(formula("max(x*y, 1e6)*0.0 + min(abs(x), 0)", examples=4)),
    "flat lines": case(formula("x^2", examples=4)),
    "all diverge": case(BOWL, lr=1e20, updates=12),
    "one update to infinity": case(BOWL, updates=1, lr=1e30, at=[1e15, 1e15]),
    "all undefined": case(formula("log(y) + 1/(2*y^2) + x^2/2"), at=[0.5, -0.8]),
    "undefined everywhere": case(formula("log(-1 - x^2) + y")),
    "some undefined": case(formula("(y - 0.3)^2 + x*log(x)"), at=[0.1, 0.7]),
    "one particle": case(BOWL, particles=1),
    "one update": case(BOWL, updates=1),
    "one example": case(BOWL | {"examples": 1}),
    "one of each": case(LINE | {"test": {"examples": 1}}, particles=1, updates=1),
    "undefined test": case(formula("x^2 + y^2 + sqrt(a)", columns={"a": 1.0}, test={"columns": {"a": -1.0}})),
}
OVERLAYS: dict[str, dict[str, Any]] = {
    "test": {"test": True},
    "members": {"members": True},
    "update_arrows": {"arrows": "update"},
    "batch_arrows": {"arrows": "batch"},
    "rates": {"rates": True},
    "stability": {"stability": True},
    "noise": {"noise": True},
    "batch_surface": {"surface": "batch"},
    "test_surface": {"surface": "test"},
    "beside": {"beside": "batch"},
    "flows": {"overlays": ["gradient_flow", "central_flow"]},
    "markers": {"markers": [0, 1], "panels": True},
}
NEVER: list[dict[str, Any]] = [
    {"says": "Half of them leave", "statistic": "time_to_leave", "point": [0.0, 0.0], "radius": 1e6, "below": 5},
    {"says": "The lowest loss comes", "statistic": "time_to_loss", "loss": -1e9, "below": 5},
]
"""Claims about what never comes: their numbers are infinite."""
