"""Problems, settings and runs of the engine for its tests, and the orders of examples in plain Python."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import product
from threading import Event
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from errsurf.engine import blocks, group_plan
from errsurf.engine.examples import Problem
from errsurf.engine.kernel_sources import LANES
from errsurf.engine.random_lanes import Order
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.sampling.batches import BatchPlan
from errsurf.schedules import ScheduleTable, cosine, rates
from errsurf.settings.gradient_options import Clip, Noise
from errsurf.surfaces import surface, surface_names
from errsurf.surfaces.grid import node_losses
from errsurf.surfaces.shared.examples import generic_examples
from errsurf.wrappers import Wrapping
from helpers import reference_loops
from helpers.breadth import ALL

Array = NDArray[Any]
MASK = 0xFFFFFFFF
SEED = 0x5EED_1234_5678_9ABC
# No symmetry, and no curvature beyond what rates near 0.02 can stand.
SURFACE_SETTINGS: dict[str, dict[str, Any]] = {
    "ackley": {"a": 5.0, "b": 0.4, "c": 3.0, "smoothing": 0.2},
    "beale": {"at_x": 1.2, "at_y": 0.3},
    "goldstein_price": {"height": 1e-4},
    "himmelblau": {"a": 3.0, "b": 2.0},
    "monkey_saddle": {"depth": 0.05, "radius": 1.3},
    "quadratic_bowl": {"condition": 7.0, "sharpness": 1.5, "angle": 30.0},
    "rastrigin": {"amplitude": 0.3},
    "ravine": {"elongation": 20.0, "sharpness": 4.0, "width": 0.3, "angle": 30.0},
    "rosenbrock": {"a": 0.9, "b": 1.0},
    "saddle": {"down": 0.8, "up": 1.3},
}
# Pairs that tests of the engine run anyway.
FAMILIAR = {"linear_regression": "sgd", "quadratic_bowl": "langevin", "wells": "adam"}
OPTIMIZER_SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    "dadapt_sgd": ({"d0": 0.3, "momentum": 0.5, "weight_decay": 0.05}, {"d0": 0.1}),
    "mechanic": ({"s_init": 0.3, "eps": 0.1, "momentum": 0.5}, {"s_init": 0.1, "eps": 0.1}),
    "bfgs": ({"lr": 0.02, "min_curvature": 0.9}, {"lr": 0.01, "min_curvature": 0.9}),
    "yogi": ({"lr": 0.005, "eps": 0.05, "bias_correction": False}, {"lr": 0.005, "bias_correction": False}),
    "prodigy": ({"d0": 0.3, "eps": 0.05, "weight_decay": 0.05}, {"d0": 0.1, "eps": 0.05}),
    "sgd": (
        {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.05},
        {"momentum": 0.8, "nesterov": True},
        {"dampening": 0.4},
        {"momentum": 0.9, "weight_decay": 0.05, "movement": True},
    ),
    "adagrad": (
        {"lr_decay": 0.02, "weight_decay": 0.05, "initial_accumulator_value": 0.3, "eps": 1e-3},
        {},
        {"root_mean_square": True},
    ),
    "rmsprop": (
        {"lr": 0.005, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.05, "eps": 0.1},
        {"lr": 0.005, "alpha": 0.8, "centered": True, "eps": 0.1},
        {"lr": 0.002},
        {"lr": 0.002, "first_value": True, "raw_momentum": True, "momentum": 0.5},
    ),
    "rprop": (
        {"lr": 0.005, "step_sizes": (1e-6, 0.05)},
        {"lr": 0.002, "etas": (0.6, 1.1), "step_sizes": (1e-5, 0.1)},
    ),
    "adam": (
        {"betas": (0.8, 0.95), "weight_decay": 0.05, "amsgrad": True, "eps": 1e-3},
        {},
        {"bias_correction": False},
    ),
}


def _cases() -> tuple[tuple[str, str], ...]:
    """Surfaces and the optimizers they meet.

    A kernel takes seconds to compile, and links a formula and a rule that know nothing of each other: each
    surface and each optimizer comes at least once, and all pairs only with ERRSURF_TESTS=all.
    """
    surfaces, rules = surface_names(), optimizer_names()
    if ALL:
        return tuple((kind, rule) for kind in surfaces for rule in rules)
    surfaces = tuple(kind for kind in surfaces if kind not in FAMILIAR)
    rules = tuple(rule for rule in rules if rule not in FAMILIAR.values())
    count = max(len(surfaces), len(rules))
    pairs = {(surfaces[k % len(surfaces)], rules[k % len(rules)]) for k in range(count)}
    return tuple(sorted(pairs | FAMILIAR.items()))


def of_one_gradient(rule: str) -> bool:
    """Whether a rule sees one gradient and nothing else; other rules have tests of their own."""
    record = optimizer(rule)
    return not (record.probe or record.takes("curvature") or record.takes("normal"))


def smooth(rule: str) -> bool:
    """Whether nearby gradients give nearby updates.

    A sign does not, a Hessian or an estimate of it may be singular, a movement of set length turns sharply near a
    critical point, and mechanic's bets depend on rounding.
    """
    record = optimizer(rule)
    singular = record.takes("curvature") or rule in ("bfgs", "conjugate_gradient")
    return not singular and "sign" not in record.update.__globals__ and rule not in ("lamb", "lars", "mechanic", "muon")


CASES = _cases()


def kernels_of(kind: str, rule: str) -> tuple[tuple[str, str], ...]:
    """Precisions and loops, "own" or "shared", with which tests take a case: both precisions and both loops.

    One loop in float32 and the other in float64, in turn, because each kernel takes a second to compile; all four for
    familiar cases and tables, and with ERRSURF_TESTS=all.
    """
    every = tuple(product(("float32", "float64"), ("own", "shared")))
    if FAMILIAR.get(kind) == rule or surface(kind).lookup or ALL:
        return every
    turn = CASES.index((kind, rule)) % 2 == 1
    return tuple(pair for pair in every if (pair in (every[1], every[2])) == turn)


class NumpyDraw:
    """Random numbers for example tables, from NumPy."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def normal(self, *shape: int) -> Array:
        return self._generator.normal(size=shape)

    def uniform(self, *shape: int) -> Array:
        return self._generator.uniform(size=shape)


@cache
def example_problem(kind: str, count: int) -> Problem:
    """A surface with settings that leave no symmetry, and examples that differ in all columns."""
    settings = surface(kind).settings(**SURFACE_SETTINGS.get(kind, {}))
    record = surface(kind, settings)
    draw = NumpyDraw(count)
    if record.examples:
        table, terms = record.examples(settings, count, draw), np.zeros((1, 1))
        if record.lookup:
            terms = record.lookup.coefficients(settings, count, NumpyDraw(count))
        return Problem(kind, record, terms, table, table)
    terms = np.array(record.terms(settings) if record.terms else [settings], np.float64)
    table = generic_examples(count, draw, 0.1, (0.05, -0.1), 1.3, 0.2)
    return Problem(kind, record, terms, table, table)


@cache
def drawn_spline(count: int, example: int) -> RectBivariateSpline:
    """FITPACK's spline through the losses of one drawn example of the surface ``grid``."""
    nodes = node_losses(surface("grid").settings(), count, NumpyDraw(count))
    return RectBivariateSpline(nodes.x, nodes.y, nodes.loss[example].T, s=0)


def spline_parts(count: int, example: int, theta: Array, orders: Sequence[tuple[int, int]]) -> Array:
    """Derivatives of these orders along x and y."""
    spline = drawn_spline(count, example)
    return np.array([float(spline(theta[0], theta[1], dx, dy, grid=False)) for dx, dy in orders])


def reference_gradient(problem: Problem) -> Any:
    """Example i's gradient at theta, by the reference loops if they have the surface, or by its own formula."""
    kind, table = problem.kind, problem.train
    if problem.surface.lookup:
        return lambda theta, i: spline_parts(len(table), i, theta, ((1, 0), (0, 1)))
    plain = getattr(reference_loops, f"{kind}_gradient", None) or own_gradient(problem)
    if problem.surface.examples:
        return lambda theta, i: plain(theta, table[i])
    settings = problem.surface.settings(**SURFACE_SETTINGS.get(kind, {}))._asdict()

    def gradient(theta: Array, i: int) -> Array:
        shift_x, shift_y, scale, tilt_x, tilt_y = table[i]
        one = lambda at: plain(at, **settings)  # noqa: E731
        return reference_loops.example_gradient(
            one, theta, scale, np.array([shift_x, shift_y]), np.array([tilt_x, tilt_y])
        )

    return gradient


def own_gradient(problem: Problem) -> Any:
    """A surface's own formula, which tests/test_surfaces.py checks, in the form that the reference loops have."""
    record = problem.surface
    if record.examples:
        return lambda theta, row: np.array(record.gradient(*theta, record.row(*row)))
    terms = [record.row(*row) for row in problem.terms.tolist()]
    return lambda theta, **_settings: np.sum([record.gradient(*theta, row) for row in terms], axis=0)


def reference_hessian(problem: Problem) -> Any:
    """Example i's second derivatives at theta, shape (2, 2), by the reference loops."""
    kind, table = problem.kind, problem.train
    if problem.surface.lookup:
        return lambda theta, i: spline_parts(len(table), i, theta, ((2, 0), (1, 1), (1, 1), (0, 2))).reshape(2, 2)
    plain = getattr(reference_loops, f"{kind}_hessian")
    if problem.surface.examples:
        return lambda theta, i: plain(theta, table[i])
    settings = problem.surface.settings(**SURFACE_SETTINGS.get(kind, {}))._asdict()
    return lambda theta, i: table[i, 2] * plain(theta - table[i, :2], **settings)


def optimizer_settings(kind: str) -> list[Any]:
    """Settings under which paths are not chaotic, chosen here or else near the defaults."""
    record = optimizer(kind).settings
    calm = {"lr": 0.005, "eps": 0.05, "weight_decay": 0.05}
    known = {name: value for name, value in calm.items() if name in record._fields}
    return [record(**{"lr": 0.02} | chosen) for chosen in OPTIMIZER_SETTINGS.get(kind, (known, {"lr": 0.005}))]


def warm_rates(lr: float, updates: int) -> Array:
    """A rate that rises for 20 updates and then falls along a cosine."""
    return rates(ScheduleTable("cosine", cosine.Settings(updates - 20, lr / 10), 20, warmup_factor=0.05), lr, updates)


def starts(particles: int) -> Array:
    """Places around (0.6, 0.5), the same for a particle however many there are."""
    angle = 2.4 * np.arange(particles)
    radius = 0.1 + 0.3 * (np.arange(particles) % 17) / 17
    return np.stack([0.6 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)], axis=1)


@contextmanager
def processors(count: int) -> Iterator[ThreadPoolExecutor]:
    """As on a machine with so many processors."""
    with patch.object(group_plan, "threads", lambda: count), ThreadPoolExecutor(count) as pool:
        yield pool


def run(
    problem: Problem,
    kind: str,
    settings: Any,
    plan: BatchPlan,
    *,
    updates: int = 200,
    sampling: str = "reshuffle",
    shared: bool = False,
    precision: str = "float64",
    particles: int = 20,
    workers: int = 1,
    lanes: int = LANES,
    pieces: Sequence[int] = (),
    frames: Sequence[int] | None = None,
    lr: Array | None = None,
    theta: Array | None = None,
    clip: Clip | None = None,
    noise: Noise | None = None,
    watched: Array | None = None,
    wrappers: Sequence[Wrapping] = (),
) -> tuple[Array, Array]:
    """Positions (frames, particles, 2) after the updates in ``frames``, all of them by default, and ``diverged``.

    The run is cut at the updates ``pieces``.
    """
    marks = np.arange(1, updates + 1) if frames is None else np.array(frames)
    lr = warm_rates(settings.lr, updates) if lr is None else lr
    order = Order(sampling, plan.examples, SEED, plan.used)
    begin = starts(particles) if theta is None else theta
    with processors(workers) as pool:
        job = group_plan.group_plan(
            problem,
            kind,
            settings,
            lr,
            plan,
            order,
            particles,
            shared=shared,
            precision=precision,
            clip=clip,
            noise=noise,
            watched=watched,
            lanes=lanes,
            wrappers=wrappers,
        )
        state = blocks.initial_state(job, begin)
        out = np.full((len(marks), particles, 2), np.nan, precision)
        for last in (*pieces, updates):
            here = (marks > state.update) & (marks <= last)
            part = blocks.empty_frames(job, marks[here])
            assert blocks.advance(job, state, last, part, pool, Event(), lambda _updates: None)
            out[here] = part.position
    return out, state.diverged


def plain_philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 of Salmon et al. 2011, one counter of four words at a time."""
    a, b, c, d = counter
    k, m = key
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * a, 1 << 32)
        high_1, low_1 = divmod(0xCD9E8D57 * c, 1 << 32)
        a, b, c, d = high_1 ^ b ^ k, low_1, high_0 ^ d ^ m, low_0
        k, m = (k + 0x9E3779B9) % (1 << 32), (m + 0xBB67AE85) % (1 << 32)
    return a, b, c, d


def plain_word(seed: int, particle: int, epoch: int, slot: int) -> int:
    """The random word of a slot."""
    return plain_philox((slot // 4, epoch, particle, 0), (seed & MASK, seed >> 32))[slot % 4]


def plain_shuffle(seed: int, particle: int, epoch: int, count: int) -> list[int]:
    """An epoch's order: each slot takes the example that its digit counts off among those left."""
    left, order = list(range(count)), []
    for k in range(0, count, 2):
        digit, rest = divmod(plain_word(seed, particle, epoch, k // 2) * (count - k), 2**32)
        order.append(left.pop(digit))
        if left:
            order.append(left.pop(rest * (count - k - 1) // 2**32))
    return order


def plain_network(seed: int, particle: int, epoch: int, count: int, sides: tuple[int, int]) -> list[int]:
    """An epoch's order by Feistel rounds on pairs, walking on while the index is too large."""
    a, b = sides
    rounds = 2 * next(turns for turns in range(2, 99) if a ** (turns - 2) >= 20_000)
    keys = [plain_word(seed, particle, epoch, k) for k in range(rounds)]

    def mixed(half: int, key: int, side: int) -> int:
        h = (half + key % 2**16) % 2**16 * 0x6A6D % 2**16
        h = (h ^ h >> 7 ^ key // 2**16) * 0xB5B9 % 2**16
        return h * side // 2**16

    def image(at: int) -> int:
        left, right = divmod(at, b)
        for k in range(0, rounds, 2):
            left = (left + mixed(right, keys[k], a)) % a
            right = (right + mixed(left, keys[k + 1], b)) % b
        at = left * b + right
        return at if at < count else image(at)

    return [image(at) for at in range(count)]


@cache
def plain_epoch(
    sampling: str, count: int, particle: int, epoch: int, seed: int = SEED, used: int | None = None
) -> list[int]:
    """The examples of one epoch in their order; with replacement, of so many slots."""
    from errsurf.sampling.orders import sides

    if sampling == "replacement":
        return [plain_word(seed, particle, epoch, slot) * count // 2**32 for slot in range(used or count)]
    epoch = 0 if sampling == "once" else epoch
    if count <= 128:
        return plain_shuffle(seed, particle, epoch, count)
    return plain_network(seed, particle, epoch, count, sides(count))


def plain_batches(plan: BatchPlan, sampling: str, particle: int, updates: int) -> list[list[list[int]]]:
    """The accumulated batches of every update, each a list of examples; a batch of all is just that."""
    made: list[list[list[int]]] = []
    epoch = 0
    while len(made) < updates:
        whole = plan.size >= plan.examples and sampling != "replacement"
        order = (
            list(range(plan.examples))
            if whole
            else plain_epoch(sampling, plan.examples, particle, epoch, used=plan.used)
        )
        batches = [order[k : k + plan.size] for k in range(0, plan.used, plan.size)]
        made += [batches[k : k + plan.accumulate] for k in range(0, len(batches), plan.accumulate)]
        epoch += 1
    return made[:updates]
