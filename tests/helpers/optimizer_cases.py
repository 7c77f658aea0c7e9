"""What an optimizer's paths are compared with: those of torch and other packages, else of straight loops.

A rule is run in plain Python, one number at a time, or by the engine; ``worst_difference`` is the one
comparison that all tests of rules use.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.examples import Problem
from errsurf.optimizers import Hessian, Optimizer, Pair, optimizer
from errsurf.own_records.plain_rule import all_step_constants, first_memories, first_memory, updated_pair
from errsurf.surfaces import surface
from errsurf.wrappers import Wrapping, wrapper
from helpers import reference_loops

Array = NDArray[np.float64]
REFERENCE = Path(__file__).parents[1] / "reference"
TOLERANCE = 1e-10
# Forms that no stored path has: schedule and settings, each on every surface.
OWN: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "sgd": (
        ("cosine", {"lr": 0.02, "momentum": 0.9, "movement": True}),
        ("step", {"lr": 0.03, "momentum": 0.5, "weight_decay": 0.1, "movement": True}),
    ),
    "adagrad": (
        ("cosine", {"lr": 0.02, "eps": 0.0}),
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
        ("cosine", {"lr": 0.01, "eps": 0.0}),
    ),
    "lion": (
        ("constant", {"lr": 0.004}),
        ("cosine", {"lr": 0.02, "betas": (0.95, 0.98)}),
        ("exponential", {"lr": 0.01, "weight_decay": 0.5}),
        ("step", {"lr": 0.01, "betas": (0.5, 0.9), "weight_decay": 0.1}),
        ("cosine", {"lr": 0.03, "betas": (0.0, 0.5)}),
    ),
    "yogi": (
        ("cosine", {"lr": 0.02, "bias_correction": False, "eps": 0.1}),
        ("step", {"lr": 0.02, "bias_correction": False, "betas": (0.8, 0.9), "weight_decay": 0.1, "eps": 0.2}),
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
    """A run and where it should be after ``update`` updates: ``theta`` and ``shown``, each (checkpoints, 2).

    ``shown`` is the point that the rule shows where it is not theta, else NaN; ``package`` is where they come from.
    """

    optimizer: str
    settings: Mapping[str, Any]
    surface: str
    rates: Array
    update: Array
    theta: Array
    shown: Array
    package: str = ""
    wrappers: tuple[Wrapping, ...] = ()


@cache
def stored() -> dict[str, Any]:
    """The file of torch's paths, as tests/reference/write_torch_paths.py describes it."""
    with np.load(REFERENCE / "torch_paths.npz") as file:
        texts = {name: json.loads(str(file[name])) for name in ("surfaces", "schedules")}
        return {name: file[name] for name in file.files} | texts


@cache
def torch_cases(name: str) -> tuple[Case, ...]:
    """torch's paths of this optimizer; none if torch has it not."""
    return _stored_cases(name, stored()["cases"], stored()["theta"], stored()["ax"])


@cache
def package_cases(name: str) -> tuple[Case, ...]:
    """Another package's paths of this optimizer, as tests/reference/write_package_paths.py describes them."""
    path = REFERENCE / "packages" / f"{name}.npz"
    if not path.exists():
        return ()
    with np.load(path) as file:
        return _stored_cases(name, file["cases"], file["theta"], file["shown"])


@cache
def wrapper_cases(name: str) -> tuple[Case, ...]:
    """Another package's paths of optimizers in this wrapper."""
    path, found = REFERENCE / "wrappers" / f"{name}.npz", []
    if not path.exists():
        return ()
    with np.load(path) as file:
        for text, theta, shown in zip(file["cases"], file["theta"], file["shown"], strict=True):
            described = json.loads(str(text))
            settings = described["settings"]
            around = (Wrapping(name, wrapper(name).settings(**settings.pop("wrapper"))),)
            case = _case(settings.pop("optimizer"), settings, described["surface"], described["schedule"])
            given = {"theta": theta, "shown": shown, "package": described["package"], "wrappers": around}
            found.append(case._replace(**given))
    return tuple(found)


def _stored_cases(name: str, texts: Array, theta: Array, shown: Array) -> tuple[Case, ...]:
    described = [json.loads(str(text)) for text in texts]
    return tuple(
        _case(name, case["settings"], case["surface"], case["schedule"])._replace(
            theta=theta[k], shown=shown[k], package=case.get("package", "torch.optim")
        )
        for k, case in enumerate(described)
        if case["optimizer"] == name
    )


@cache
def own_cases(name: str) -> tuple[Case, ...]:
    """Paths of the straight loops, for settings and optimizers that no stored path has."""
    return tuple(
        case._replace(theta=loop_path(case))
        for schedule, settings in OWN.get(name, ())
        for case in (_case(name, settings, kind, schedule) for kind in stored()["surfaces"])
    )


def cases(name: str) -> tuple[Case, ...]:
    """All cases of an optimizer."""
    return torch_cases(name) + package_cases(name) + own_cases(name)


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


def full_derivatives(kind: str) -> tuple[Callable[[float, float], Pair], Callable[[float, float], Hessian]]:
    """The means of the two examples' gradients and Hessians, by the surface's own formulas on plain numbers."""
    problem = case_problem(kind)
    (row,) = (problem.surface.row(*map(float, term)) for term in problem.terms)
    table: list[list[float]] = problem.train.tolist()

    def gradient(x: float, y: float) -> Pair:
        gx = gy = 0.0
        for shift_x, shift_y, scale, tilt_x, tilt_y in table:
            zx, zy = problem.surface.gradient(x - shift_x, y - shift_y, row)
            gx, gy = gx + scale * zx + tilt_x, gy + scale * zy + tilt_y
        return Pair(gx / len(table), gy / len(table))

    def curvature(x: float, y: float) -> Hessian:
        each = [problem.surface.hessian(x - line[0], y - line[1], row) for line in table]
        return Hessian(*(np.array([line[2] for line in table]) @ np.array(each) / len(table)))

    return gradient, curvature


def answer(record: Optimizer, theta: Pair, memories: list[Any]) -> Pair:
    """The point that a rule shows."""
    if not record.shown:
        return theta
    if record.pair:
        return Pair(*(float(getattr(memories[0], f"{record.shown}_{axis}")) for axis in "xy"))
    return Pair(*(float(getattr(memory, record.shown)) for memory in memories))


class Around:
    """A wrapper that acts after updates, in plain Python."""

    def __init__(self, wrapping: Wrapping, rates: Array, theta: Pair) -> None:
        self.record, self.settings = wrapper(wrapping.kind), wrapping.settings
        self.constants = all_step_constants(self.record, rates, self.settings)
        self.memories = [
            first_memory(self.record, self.settings, at) for at in ((theta,) if self.record.pair else theta)
        ]

    def after(self, before: Pair, theta: Pair, gradient: Pair, t: int) -> Pair:
        """Theta after update t, of which the rule made ``theta``."""
        assert self.record.after
        assert self.record.before is None
        given = [(before, theta, gradient)] if self.record.pair else [*zip(before, theta, gradient, strict=True)]
        made = [
            self.record.after(*each, memory, self.constants[t - 1], self.settings)
            for each, memory in zip(given, self.memories, strict=True)
        ]
        self.memories = [memory for _, memory in made]
        new = made[0][0] if self.record.pair else [at for at, _ in made]
        return Pair(*map(float, new))

    def answer(self) -> Pair:
        """The point that the wrapper shows."""
        return Pair(*(float(getattr(memory, self.record.shown)) for memory in self.memories))


def plain_path(record: Optimizer, case: Case, updates: int) -> tuple[Array, Array]:
    """Theta, and the point that the rule shows, at the checkpoints up to ``updates``: each (checkpoints, 2)."""
    settings, theta = record.settings(**case.settings), Pair(*start_of(case.surface).tolist())
    memories = first_memories(record, settings, theta)
    gradient, curvature = full_derivatives(case.surface)
    wrapped = [Around(each, case.rates, theta) for each in case.wrappers]
    marks, path = set(case.update.tolist()), []
    for t, constants in enumerate(all_step_constants(record, case.rates, settings)[:updates], 1):
        bend = curvature(*theta) if record.takes("curvature") else None
        before, slope = theta, gradient(*theta)
        theta, memories = updated_pair(record, theta, slope, memories, constants, settings, bend)
        for around in wrapped:
            theta = around.after(before, theta, slope, t)
        if t in marks:
            last = wrapped[-1] if wrapped and wrapped[-1].record.shown else None
            path.append([theta, last.answer() if last else answer(record, theta, memories)])
    both_paths = np.array(path)
    return both_paths[:, 0], both_paths[:, 1]


def engine_path(case: Case, updates: int = 1000, precision: str = "float64") -> Array:
    """The shown point at the checkpoints up to ``updates`` by the compiled engine, (checkpoints, 2)."""
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
        wrappers=case.wrappers,
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
    theta, shown = plain_path(record, case, updates)
    return max(worst_difference(theta, case.theta), worst_difference(shown, case.shown))
