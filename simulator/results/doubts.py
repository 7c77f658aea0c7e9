"""What a scenario or its run does that its author may not mean; `errsurf check`, `run` and `sweep` say it alike."""

import shlex
from collections.abc import Iterator
from itertools import islice
from math import inf

import numpy as np
from numpy.typing import NDArray

from errsurf import optimizers
from errsurf.analysis.hessian import eigenvalues
from errsurf.engine.landscape import Landscape
from errsurf.engine.landscape import surface as landscape_of
from errsurf.engine.plain_landscape import PlainLandscape
from errsurf.measures.intervals import FEWEST
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.stalled import LEVEL
from errsurf.scenario.overlays import has_stability_limit
from errsurf.scenario.scenario import OptimizerGroup, Scenario, segments
from errsurf.scenario.uneven import uneven_batches
from errsurf.settings.learning_rates import each_lr
from errsurf.settings.value_lists import value_word
from errsurf.starts import positions
from errsurf.statistics import statistic
from errsurf.surfaces.shared.examples import is_generic
from errsurf.sweeps.cells import Cells
from errsurf.system.numbers import counted, number_text

MOST_STARTS = 256
MOST_CELLS = 64
"""So many cells of a sweep are looked at for doubts."""
Array = NDArray[np.float64]


def doubts(scenario: Scenario) -> list[str]:
    """Sentences, none for most scenarios, each with the scenario's name and a group's label in front.

    That is a rate of 0, one each for x and y that no label tells, one that is too large for the curvature at the start,
    examples that are all alike, a loss that is undefined at the start, a start at a saddle without noise, numbers too
    far apart for float32, too few particles for intervals, and uneven batches.
    """
    landscape = PlainLandscape(landscape_of(scenario).problem)
    found = [uneven_batches(scenario), *(f"{scenario.name}: {words}" for words in _of_all(scenario, landscape))]
    for group in scenario.optimizer:
        found += [f"{scenario.name}: {group.label}: {words}" for words in _of_group(scenario, group, landscape)]
    return [words for words in found if words]


def doubts_of_cells(cells: Cells) -> list[str]:
    """The doubts of a sweep: those of some of the cells in which one key differs from the first one, each once."""
    some = islice(cells.beside_the_first(), MOST_CELLS)
    return list(dict.fromkeys(text for k in some for text in doubts(cells.scenario(k))))


def lost_groups(findings: Findings) -> list[str]:
    """Sentences for groups of which more than half of the particles diverged, or came to where there is no loss."""
    result, found = findings.result, []
    for group, undefined in zip(result.groups, findings.undefined, strict=True):
        gone = group.diverged[group.diverged >= 0]
        if 2 * len(gone) > len(group.diverged):
            undefined_for = 2 * undefined > len(gone)
            how = "came to where the loss is undefined" if undefined_for else "diverged"
            way = "another start or a smaller lr" if undefined_for else "a smaller lr"
            count = f"{len(gone):,} of {counted(len(group.diverged), 'particle')}"
            words = f"{count} {how}, the first one at update {int(gone.min()):,}; {way} may keep them"
            found.append(f"{result.scenario.name}: {group.label}: {words}")
    return found


def unentered_regions(findings: Findings) -> list[str]:
    """Sentences for the regions that no particle of any group was ever in."""
    result, found = findings.result, []
    for k, region in enumerate(result.scenario.regions):
        if all(len(group.entered) > k and (group.entered[k] < 0).all() for group in result.groups):
            keys = ("name",) if region.name else (region.kind, "radius")
            values = {key: value for key in keys if (value := getattr(region, key)) is not None}
            place = ", ".join(f"{key} {value_word(value)}" for key, value in values.items())
            found.append(f"{result.scenario.name}: no particle ever entered the region with {place}")
    return found


def _of_all(scenario: Scenario, landscape: Landscape) -> Iterator[str]:
    count, sizes = (
        scenario.surface.train.examples,
        {part.batch for group in scenario.optimizer for part in segments(group)},
    )
    if count > 1 and len(sizes) > 1 and _alike(landscape):
        way = "; surface.tilt or surface.shift makes them differ" if is_generic(landscape.problem.surface) else ""
        yield f"all {count:,} examples are alike, so every batch has the same gradient as all of them{way}"
    yield from _one_each(scenario)
    particles = scenario.swarm.particles
    asked = any(not statistic(claim.statistic).pooled for claim in scenario.claim)
    drawn = any(part.batch != "full" for group in scenario.optimizer for part in segments(group))
    if asked and particles < FEWEST and (drawn or particles > 1):
        yield f"claims have no intervals over {counted(particles, 'particle')}; {FEWEST} or more have them"


def _of_group(scenario: Scenario, group: OptimizerGroup, landscape: Landscape) -> Iterator[str]:
    if all(max(each_lr(part.settings.lr)) == 0 for part in segments(group)):
        yield "lr is 0, so its particles stay where they start"
        return
    theta = _starts(scenario, group)
    slope = landscape.gradient(theta)
    lost = int(np.count_nonzero(~np.isfinite(landscape.loss(theta))))
    if lost:
        yield f"the loss is undefined at {lost:,} of {counted(len(theta), 'start')}"
        return
    if _rests(scenario, group, landscape, theta, slope):
        yield "starts where the full gradient is 0, so nothing but rounding moves it"
        return
    yield from _too_large(group, landscape, theta)
    yield from _too_coarse(scenario, group, theta, slope)


def _one_each(scenario: Scenario) -> Iterator[str]:
    """A rate for x and one for y, of which a group's label says nothing: a list may have been meant as two groups."""
    given = [(group.label, each_lr(group.settings.lr)) for group in scenario.optimizer]
    untold = [(label, lr) for label, lr in given if len(lr) > 1 and not all(f"{rate:g}" in label for rate in lr)]
    for label, (x, y) in untold[:1]:
        key = label if len({lr for _, lr in given}) > 1 else "optimizer"
        instead = shlex.quote(f"{key}.lr={x:g},{y:g}")
        yield f"lr of x is {x:g}, of y {y:g}; a label with both says so, and --set {instead} makes a group of each"


def _starts(scenario: Scenario, group: OptimizerGroup) -> Array:
    """Where some particles of a group start."""
    swarm = scenario.swarm._replace(particles=min(scenario.swarm.particles, MOST_STARTS))
    found: Array = np.asarray(positions(swarm, scenario.start_seed, group.at, scenario.run.rounding), np.float64)
    return found


def _rests(scenario: Scenario, group: OptimizerGroup, landscape: Landscape, theta: Array, slope: Array) -> bool:
    """Whether full batches without noise start at saddles or maxima, so that nothing but rounding moves them."""
    noise = group.noise is not None or optimizers.optimizer(group.kind).takes("normal")
    if noise or any(part.batch != "full" for part in segments(group)):
        return False
    hessian, digits = landscape.hessian(theta), np.finfo(scenario.run.precision).eps
    level = 8 * digits * np.abs(hessian).max(axis=-1) * np.maximum(1.0, np.abs(theta).max(axis=1))
    flat = np.hypot(*slope.T) <= level
    return bool((flat & (eigenvalues(hessian)[:, 0] < 0)).all())


def _too_large(group: OptimizerGroup, landscape: Landscape, theta: Array) -> Iterator[str]:
    """A rate of plain gradient descent above 2 / sharpness at most starts."""
    settings, limit = group.settings, optimizers.optimizer(group.kind).max_stable_sharpness
    plain = has_stability_limit(group.kind, group.wrappers, settings.lr) and getattr(settings, "momentum", 0.0) == 0
    if not plain or limit is None or group.clip or group.schedule.warmup or settings.lr == 0:
        return
    sharpness = _median(eigenvalues(landscape.hessian(theta))[:, -1])
    if sharpness > limit(settings.lr, settings):
        most = number_text(2 / sharpness)
        yield f"lr {settings.lr:g} is above {most}, 2 / sharpness at the start: updates overshoot there"


def _too_coarse(scenario: Scenario, group: OptimizerGroup, theta: Array, slope: Array) -> Iterator[str]:
    """Numbers of the run's precision that are too far apart at the starts for updates of plain gradient descent."""
    if group.kind != "sgd" or scenario.run.precision != "float32":
        return
    steps = np.spacing(np.abs(theta).astype(np.float32)).astype(np.float64)
    most = max(max(each_lr(part.settings.lr)) for part in segments(group))
    lr = most / (1 - min(group.settings.momentum, 0.999))
    lost, first = _median(steps.max(axis=1) / 2 / lr), _median(np.hypot(*slope.T))
    if float(np.spacing(np.float32(1))) / 2 / lr < LEVEL * first < lost < inf:
        far = number_text(float(np.abs(theta).max()))
        yield (
            f"float32 has steps of {steps.max():.2g} near {far}, so no slope below {number_text(lost)} moves it; "
            'run.precision = "float64" does'
        )


def _alike(landscape: Landscape) -> bool:
    """Whether all training examples have one loss."""
    rows, problem = landscape.train, landscape.problem
    if problem.surface.lookup:
        tables = problem.terms[: len(rows)]
        return bool((tables == tables[:1]).all())
    return bool((rows == rows[:1]).all())


def _median(values: Array) -> float:
    """That of numpy loads numpy.ma, which takes 30 ms of the 450 of a check."""
    middle = slice((len(values) - 1) // 2, len(values) // 2 + 1)
    return float(np.sort(values)[middle].mean())
