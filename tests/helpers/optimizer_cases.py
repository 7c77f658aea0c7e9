"""What an optimizer's paths are compared with: torch's own, and straight loops for what torch has not.

A rule is run in plain Python, one number at a time, or by the engine; ``worst_difference`` is the one
comparison that all tests of rules use.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.examples import Problem
from errsurf.optimizers import Optimizer, optimizer
from errsurf.surfaces import surface
from helpers import reference_loops

Array = NDArray[np.float64]
TORCH_PATHS = Path(__file__).parents[1] / "reference" / "torch_paths.npz"
TOLERANCE = 1e-10
# Forms that torch has not: schedule and settings, each on every surface.
OWN: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "sgd": (
        ("cosine", {"lr": 0.02, "momentum": 0.9, "movement": True}),
        ("step", {"lr": 0.03, "momentum": 0.5, "weight_decay": 0.1, "movement": True}),
    ),
    "adagrad": (
        ("exponential", {"lr": 0.03, "root_mean_square": True}),
        ("cosine", {"lr": 0.02, "root_mean_square": True, "lr_decay": 0.01, "weight_decay": 0.1, "eps": 0.05}),
    ),
    "rmsprop": (
        ("cosine", {"lr": 0.005, "first_value": True, "eps": 0.1}),
        ("exponential", {"lr": 0.002, "raw_momentum": True, "momentum": 0.8, "eps": 0.2}),
        ("step", {"lr": 0.001, "first_value": True, "raw_momentum": True, "momentum": 0.9, "alpha": 0.9, "eps": 0.3}),
    ),
    "adam": (
        ("cosine", {"lr": 0.01, "bias_correction": False}),
        ("step", {"lr": 0.02, "bias_correction": False, "amsgrad": True, "betas": (0.8, 0.99), "eps": 0.1}),
    ),
    "lion": (
        ("constant", {"lr": 0.004}),
        ("cosine", {"lr": 0.02, "betas": (0.95, 0.98)}),
        ("exponential", {"lr": 0.01, "weight_decay": 0.5}),
        ("step", {"lr": 0.01, "betas": (0.5, 0.9), "weight_decay": 0.1}),
        ("cosine", {"lr": 0.03, "betas": (0.0, 0.5)}),
    ),
    "signsgd": (
        ("constant", {"lr": 0.004}),
        ("cosine", {"lr": 0.02, "momentum": 0.9}),
        ("exponential", {"lr": 0.01, "weight_decay": 0.5}),
        ("step", {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.1}),
        ("cosine", {"lr": 0.03, "momentum": 0.98, "weight_decay": 0.02}),
    ),
}


class Case(NamedTuple):
    """A run and where it should be: ``theta`` and, for ASGD, ``ax`` (checkpoints, 2) after ``update`` updates."""

    optimizer: str
    settings: Mapping[str, Any]
    surface: str
    rates: Array
    update: Array
    theta: Array
    ax: Array


@cache
def stored() -> dict[str, Any]:
    """The file of torch's paths, as tests/reference/write_torch_paths.py describes it."""
    with np.load(TORCH_PATHS) as file:
        texts = {name: json.loads(str(file[name])) for name in ("surfaces", "schedules")}
        return {name: file[name] for name in file.files} | texts


@cache
def torch_cases(name: str) -> tuple[Case, ...]:
    """torch's paths of this optimizer; none if torch has it not."""
    chosen = [(json.loads(str(text)), k) for k, text in enumerate(stored()["cases"])]
    return tuple(
        _case(case["optimizer"], case["settings"], case["surface"], case["schedule"])._replace(
            theta=stored()["theta"][k], ax=stored()["ax"][k]
        )
        for case, k in chosen
        if case["optimizer"] == name
    )


@cache
def own_cases(name: str) -> tuple[Case, ...]:
    """Paths of the straight loops, for settings and optimizers that torch has not."""
    return tuple(
        case._replace(theta=loop_path(case))
        for schedule, settings in OWN.get(name, ())
        for case in (_case(name, settings, kind, schedule) for kind in stored()["surfaces"])
    )


def cases(name: str) -> tuple[Case, ...]:
    """All cases of an optimizer."""
    return torch_cases(name) + own_cases(name)


def _case(name: str, settings: Mapping[str, Any], kind: str, schedule: str) -> Case:
    lists_as_tuples = {key: tuple(v) if isinstance(v, list) else v for key, v in settings.items()}
    lr = optimizer(name).settings(**lists_as_tuples).lr
    rates = lr * stored()["factors"][stored()["schedules"].index(schedule)]
    update = stored()["update"]
    nothing = np.full((len(update), 2), np.nan)
    return Case(name, lists_as_tuples, kind, rates, update, nothing, nothing)


def loop_path(case: Case, updates: int = 1000) -> Array:
    """Theta at the checkpoints up to ``updates`` by the straight loops of reference_loops.py, (checkpoints, 2)."""
    plain = getattr(reference_loops, f"{case.surface}_gradient")
    own = stored()["surfaces"][case.surface]

    def gradient(theta: Array, example: int) -> Array:
        shift_x, shift_y, scale, tilt_x, tilt_y = stored()["examples"][example]
        return reference_loops.example_gradient(
            lambda at: plain(at, **own["settings"]),
            theta,
            scale,
            np.array([shift_x, shift_y]),
            np.array([tilt_x, tilt_y]),
        )

    rule, batches = getattr(reference_loops, case.optimizer), [[[0, 1]]] * updates
    path = reference_loops.trajectory(rule, case.settings, case.rates[:updates], gradient, batches, own["start"])
    return path[case.update[case.update <= updates]]


@cache
def case_problem(kind: str) -> Problem:
    """The surface of the stored paths with its two examples."""
    record = surface(kind)
    settings = record.settings(**stored()["surfaces"][kind]["settings"])
    terms = np.array(record.terms(settings) if record.terms else [settings], np.float64)
    return Problem(kind, record, terms, stored()["examples"], stored()["examples"])


def start_of(kind: str) -> Array:
    """Where the stored paths on this surface start."""
    return np.array(stored()["surfaces"][kind]["start"])


def full_gradient(kind: str) -> Callable[[float, float], tuple[float, float]]:
    """The mean of the two examples' gradients, by the surface's own formula on plain numbers."""
    problem = case_problem(kind)
    (row,) = (problem.surface.row(*map(float, term)) for term in problem.terms)
    table: list[list[float]] = problem.train.tolist()

    def gradient(x: float, y: float) -> tuple[float, float]:
        gx = gy = 0.0
        for shift_x, shift_y, scale, tilt_x, tilt_y in table:
            zx, zy = problem.surface.gradient(x - shift_x, y - shift_y, row)
            gx, gy = gx + scale * zx + tilt_x, gy + scale * zy + tilt_y
        return gx / len(table), gy / len(table)

    return gradient


def first_memory(record: Optimizer, settings: Any) -> Any:
    """What the rule remembers before the first update."""
    return record.start(settings) if record.start else record.memory()


def all_step_constants(record: Optimizer, rates: Array, settings: Any) -> list[Any]:
    """What each update needs, as the engine hands it to the rule: plain numbers."""
    constants = record.step_constants(np.arange(1, len(rates) + 1), rates, settings)
    rows = np.stack([np.broadcast_to(value, rates.shape) for value in constants], axis=1).astype(float)
    kind = get_type_hints(record.step_constants)["return"]
    return [kind(*row) for row in rows.tolist()]


@cache
def takes_noise(update: Callable[..., Any]) -> bool:
    """Whether a rule asks for a normal number."""
    return "normal" in signature(update).parameters


def updated(
    record: Optimizer, theta: float, gradient: float, memory: Any, constants: Any, settings: Any
) -> tuple[float, Any]:
    """One update of one parameter; a rule that asks for noise gets none."""
    noise = (0.0,) if takes_noise(record.update) else ()
    theta, memory = record.update(theta, gradient, memory, constants, settings, *noise)
    return float(theta), memory


def plain_path(record: Optimizer, case: Case, updates: int) -> tuple[Array, Array]:
    """Theta, and ``ax`` if the rule has it, at the checkpoints up to ``updates``: each (checkpoints, 2)."""
    settings = record.settings(**case.settings)
    memories = [first_memory(record, settings)] * 2
    gradient, theta = full_gradient(case.surface), start_of(case.surface).tolist()
    marks, path = set(case.update.tolist()), []
    for t, constants in enumerate(all_step_constants(record, case.rates, settings)[:updates], 1):
        both = zip(theta, gradient(*theta), memories, strict=True)
        changed = [record.update(at, slope, memory, constants, settings) for at, slope, memory in both]
        theta, memories = [float(at) for at, _ in changed], [memory for _, memory in changed]
        if t in marks:
            path.append([theta, [getattr(memory, "ax", np.nan) for memory in memories]])
    both_paths = np.array(path)
    return both_paths[:, 0], both_paths[:, 1]


def engine_path(case: Case, updates: int = 1000, precision: str = "float64") -> Array:
    """Theta at the checkpoints up to ``updates`` by the compiled engine, (checkpoints, 2)."""
    from errsurf.sampling.batches import BatchPlan
    from helpers.engine_cases import run

    settings = optimizer(case.optimizer).settings(**case.settings)
    position, _ = run(
        case_problem(case.surface),
        case.optimizer,
        settings,
        BatchPlan(2, 2),
        updates=updates,
        precision=precision,
        particles=1,
        frames=[int(u) for u in case.update if u <= updates],
        lr=case.rates[:updates],
        theta=start_of(case.surface)[None],
    )
    return position[:, 0]


def worst_difference(path: Array, expected: Array) -> float:
    """The largest distance between two paths' points, in the expected point's distance from the origin.

    Infinity if a point is not finite.  Expected points that are not known, NaN, are left out.
    """
    known = np.isfinite(expected).all(axis=1)[: len(path)]
    difference = np.linalg.norm(path - expected[: len(path)], axis=1) / np.linalg.norm(expected[: len(path)], axis=1)
    return float(np.where(np.isfinite(difference), difference, np.inf)[known].max(initial=0.0))


def rule_difference(record: Optimizer, case: Case, updates: int = 1000) -> float:
    """How far a rule, run in plain Python, is from where it should be."""
    theta, ax = plain_path(record, case, updates)
    return max(worst_difference(theta, case.theta), worst_difference(ax, case.ax))
