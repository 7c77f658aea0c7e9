"""From checked tables to a scenario: what follows from other values, and what several values break together."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import surfaces
from simulator import optimizers
from simulator.philox import Draw, Stream
from simulator.scenario.faults import shown
from simulator.scenario.lines import KeyPath
from simulator.scenario.models import filled
from simulator.scenario.scenario import (
    Draws,
    OptimizerGroup,
    Run,
    Scenario,
    Schedule,
    Surface,
    Swarm,
    total_updates,
    updates_per_epoch,
)
from simulator.scenario.tables import LONGEST, AnySchedule, AnySwarm, AtPoints, RunTable, Sampling
from simulator.scenario.wording import Finding
from surfaces._table import Csv, TableError

TRAIN_EXAMPLES, TEST_EXAMPLES = 20, 500

Sound = Callable[[KeyPath], bool]


def resolved(model: Any, name: str, folder: Path | None, faulty: set[KeyPath]) -> tuple[Scenario | None, list[Finding]]:
    """The scenario of a checked file, None if values break rules together, and which do.

    Nothing is said of tables that hold a faulty path.
    """

    def sound(path: KeyPath) -> bool:
        return not any(path == bad[: len(path)] or bad == path[: len(bad)] for bad in faulty)

    findings: list[Finding] = []
    surface = _surface(model.surface, model.seed, findings)
    findings = [found for found in findings if sound(found.path)]
    examples = surface.train.examples if sound(("surface",)) and not findings else None
    findings += _run_findings(model.run) if sound(("run",)) else []
    findings += _group_findings(model.optimizer, examples, sound)
    if findings or faulty:
        return None, findings
    run = _run(model.run)
    return Scenario(
        name=name,
        folder=folder,
        title=_printable(name) if model.title is None else model.title,
        about=model.about,
        seed=model.seed,
        surface=surface,
        swarm=_swarm(model.swarm),
        run=run,
        optimizer=tuple(_group(group, run, surface.train.examples) for group in model.optimizer),
        picture=model.picture,
        output=model.output,
    ), []


def label_of(label: str | None, kind: str, batch: int | str) -> str:
    """A group's label: the given one, or its kind and batch size."""
    return label or f"{kind}, {'full batch' if batch == 'full' else f'batch {batch}'}"


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:200]


def _surface(model: Any, seed: int, findings: list[Finding]) -> Surface:
    record = surfaces.surface(model.kind)
    settings = filled(record.settings, model)
    if record.examples is None:
        return Surface(model.kind, settings, _generic(model, model, settings), _generic(model.test, model, settings))
    changed = {key: getattr(model.test, key) for key in settings._fields if key in model.test.model_fields_set}
    test = settings._replace(**changed)
    findings += _needless_examples(model, settings, ("surface",)) + _needless_examples(
        model.test, test, ("surface", "test")
    )
    train_rows = _rows(record, settings, ("surface",), seed, findings)
    same_file = _data(test) == _data(settings)
    test_rows = train_rows if same_file else _rows(record, test, ("surface", "test"), seed, findings)
    return Surface(
        model.kind,
        settings,
        Draws(train_rows or model.examples or TRAIN_EXAMPLES, settings),
        Draws(test_rows or model.test.examples or TEST_EXAMPLES, test),
    )


def _generic(draws: Any, train: Any, settings: Any) -> Draws:
    """Generic examples; what the test table leaves open is as in training."""
    shift, scale, tilt = (
        getattr(train if getattr(draws, key) is None else draws, key) for key in ("shift", "scale", "tilt")
    )
    spread, offset = (0.0, shift) if isinstance(shift, tuple) else (shift, (0.0, 0.0))
    return Draws(draws.examples, settings, spread, offset, scale, tilt)


def _data(settings: Any) -> dict[str, Csv]:
    """The settings that name data files."""
    return {key: value for key, value in settings._asdict().items() if isinstance(value, Csv)}


def _needless_examples(model: Any, settings: Any, path: KeyPath) -> list[Finding]:
    if model.examples is None or not _data(settings):
        return []
    problem = f"follows from the data file; take out `examples` or `{next(iter(_data(settings)))}`"
    return [Finding((*path, "examples"), problem, shown(model.examples))]


def _rows(record: Any, settings: Any, path: KeyPath, seed: int, findings: list[Finding]) -> int | None:
    """Number of examples in the data file, None without one or where it cannot be used."""
    for key, file in _data(settings).items():
        try:
            return len(record.examples(settings, 1, Draw(seed, Stream.TRAIN)))
        except (TableError, csv.Error) as error:
            problem = str(error).replace(file, Path(file).name)
            findings.append(Finding((*path, key), problem))
    return None


def _swarm(table: AnySwarm) -> Swarm:
    if isinstance(table, AtPoints):
        return Swarm(table.particles or len(table.points), table.start, points=table.points)
    return Swarm(**table._asdict())


def _run_findings(run: RunTable) -> list[Finding]:
    if run.epochs is None and run.updates is None:
        return [
            Finding(("run",), "needs a length", allowed="either `epochs` or `updates`, a whole number of at least 1")
        ]
    if run.epochs is not None and run.updates is not None:
        problem = f"a run has one length, and `epochs = {run.epochs}` is given too"
        return [Finding(("run", "updates"), problem, str(run.updates), "either `epochs` or `updates`")]
    return []


def _run(run: RunTable) -> Run:
    sampling = Sampling(run.sampling) if isinstance(run.sampling, str) else run.sampling
    return Run(run.epochs, run.updates, run.precision, sampling, run.frames)


def _group_findings(groups: Sequence[Any], examples: int | None, sound: Sound) -> list[Finding]:
    """Labels given twice, batches larger than the examples, settings that do not go together."""
    findings, first = [], dict[str, int]()
    for k, group in enumerate(groups):
        path: KeyPath = ("optimizer", k)
        label = label_of(group.label, group.kind, group.batch)
        if all(sound((*path, key)) for key in ("label", "kind", "batch")) and first.setdefault(label, k) != k:
            problem = f"names optimizer[{first[label] + 1}] too; each group needs a label of its own"
            findings.append(Finding((*path, "label"), problem, shown(label)))
        if examples and group.batch != "full" and group.batch > examples and sound((*path, "batch")):
            words = f'a whole number from 1 to {examples}, the number of training examples, or "full"'
            findings.append(Finding((*path, "batch"), "is larger than there are examples", str(group.batch), words))
        record = optimizers.optimizer(group.kind)
        clash = record.fault(filled(record.settings, group)) if sound(path) else None
        findings += [Finding(path, clash)] if clash else []
    return findings


def _group(model: Any, run: Run, examples: int) -> OptimizerGroup:
    settings = filled(optimizers.optimizer(model.kind).settings, model)
    label = label_of(model.label, model.kind, model.batch)
    group = OptimizerGroup(label, model.kind, model.batch, model.accumulate, Schedule(), settings)
    per_epoch = updates_per_epoch(group.batch, group.accumulate, examples)
    return group._replace(schedule=_schedule(model.schedule, per_epoch, total_updates(run, group, examples)))


def _schedule(table: AnySchedule, per_epoch: int, total: int) -> Schedule:
    """The schedule with every duration in updates; a decay lasts as long as the run unless given otherwise."""
    warmup = _updates(table.warmup, per_epoch, total, 0)
    left, settings = max(1, total - warmup), table._asdict()
    for key, default in {"total": left, "T_max": left, "step_size": left, "t0": max(1, warmup)}.items():
        if key in settings:
            given = settings[key]
            settings[key] = default if given is None else _updates(given, per_epoch, total, 1)
    return Schedule(**settings | {"warmup": warmup})


def _updates(duration: int | str, per_epoch: int, total: int, least: int) -> int:
    """A duration in whole updates: given so, in epochs, or as a share of the whole run."""
    if isinstance(duration, int):
        return duration
    number = float(duration.rstrip("% epochs"))
    updates = number / 100 * total if duration.endswith("%") else number * per_epoch
    return min(max(least, int(updates + 0.5)), LONGEST)
