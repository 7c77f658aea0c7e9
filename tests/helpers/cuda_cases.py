"""Runs that a GPU and the CPU must agree on, and examples that tell by their gradient which ones were used."""

from typing import Any, NamedTuple

import numpy as np

from errsurf.engine.examples import Problem
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import ClipNorm, ClipValue, Isotropic, Matched, Stable
from errsurf.surfaces import surface
from helpers.engine_cases import Array


class Run(NamedTuple):
    """A surface, an optimizer and the number of its settings, a plan, threads a particle, and what else there is."""

    surface: str
    optimizer: str
    plan: BatchPlan
    lanes: int
    options: dict[str, Any]
    settings: int = 0


# Most pairs are those of engine_cases.CASES, whose kernels for the CPU are compiled for other tests too.
# Threads a particle from one to a whole block, batches and numbers of examples that are no multiple of anything.
LANES = (
    Run("saddle", "sgd", BatchPlan(20, 20), 1, {"updates": 8, "particles": 33}),
    Run("wells", "adam", BatchPlan(19, 7, 2), 2, {"updates": 8, "precision": "float32"}),
    Run("wells", "adam", BatchPlan(201, 77), 32, {"updates": 3, "particles": 3}),
    Run("wells", "adam", BatchPlan(150, 131), 64, {"updates": 3, "particles": 2, "precision": "float32"}),
    Run(
        "linear_regression",
        "sgd",
        BatchPlan(1500, 1100),
        1024,
        {"updates": 1, "lr": np.array([0.05]), "particles": 1, "precision": "float32"},
    ),
    Run("linear_regression", "sgd", BatchPlan(1100, 1100), 512, {"updates": 2, "particles": 1}),
)
ORDERS = (
    Run("wells", "adam", BatchPlan(20, 3), 1, {"updates": 16, "sampling": "once"}, 1),
    Run("wells", "adam", BatchPlan(23, 6), 2, {"updates": 9, "sampling": "replacement"}, 2),
    Run("wells", "adam", BatchPlan(20, 3, 2, "drop"), 2, {"updates": 9}, 1),
    Run("wells", "adam", BatchPlan(23, 6, 2, "draw"), 2, {"updates": 9, "sampling": "replacement"}, 2),
    Run("rosenbrock", "adam", BatchPlan(301, 13, 3), 4, {"updates": 4, "particles": 5}, 1),
    Run("sine_fit", "rmsprop", BatchPlan(131, 5), 1, {"updates": 30, "shared": True, "particles": 5}, 1),
    Run("saddle", "sgd", BatchPlan(1, 1), 1, {"updates": 5}),
)
OPTIONS = (
    Run(
        "quadratic_bowl",
        "sgd",
        BatchPlan(20, 7),
        2,
        {"clip": ClipNorm("norm", 0.3), "noise": Isotropic("isotropic", 0.2)},
    ),
    Run("saddle", "adam", BatchPlan(20, 20), 4, {"clip": ClipValue("value", 0.3), "noise": Matched("matched", 3)}),
    Run("quadratic_bowl", "sgd", BatchPlan(20, 7), 2, {"noise": Stable("stable", 0.2, 1.3)}),
    Run("grid", "sgd", BatchPlan(20, 7), 2, {}),
    Run("grid", "newton", BatchPlan(20, 5), 1, {"precision": "float32", "sampling": "replacement"}),
    Run("grid", "sgd", BatchPlan(20, 20), 1, {"noise": Matched("matched", 3)}),
    Run("expression", "adamw", BatchPlan(20, 7), 1, {"shared": True}),
    Run("three_hump_camel", "sam", BatchPlan(20, 7), 2, {}),
    Run("styblinski_tang", "saddle_free_newton", BatchPlan(20, 7), 1, {"shared": True}),
    Run("quadratic_bowl", "langevin", BatchPlan(20, 7), 1, {"precision": "float32"}),
    Run("ackley", "adabelief", BatchPlan(20, 7), 1, {"precision": "float32"}),
    Run("two_layer_tanh", "schedule_free_adamw", BatchPlan(20, 20), 4, {}),
)
SOME = {"updates": 4, "particles": 5}
# Largest differences: rounding, in sums of another order, over a few updates.
TOLERANCE = {"float32": 3e-7, "float64": 1e-14}


def telling(examples: int, value: Array) -> Problem:
    """Examples whose gradient is a number along x and nothing else, so that sgd at lr 1 goes back by their mean."""
    table = np.zeros((examples, 5))
    table[:, 3] = value
    record = surface("saddle")
    return Problem("saddle", record, np.array([record.settings()], np.float64), table, table)


def counted(path: Array, first: Array) -> Array:
    """The mean numbers of the examples that each update of each particle used, shape (updates, particles)."""
    places = np.concatenate([np.zeros((1, path.shape[1])) + first, path[:, :, 0]])
    return -np.diff(places, axis=0)
