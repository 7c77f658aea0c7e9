"""A scenario: everything that decides a run, with every value resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from simulator.gradient_options import Clip, Noise
from simulator.scenario.schedule import AnySchedule
from simulator.scenario.tables import FONT_FILES, Output, Picture, Point, Sampling
from surfaces._table import DataFile


class Draws(NamedTuple):
    """The training or the test examples of a surface.

    ``shift`` and ``tilt`` are standard deviations of what differs between examples, ``scale`` a geometric
    one; ``offset`` moves all examples alike.  A surface with examples of its own ignores these four.
    """

    examples: int
    settings: Any
    shift: float = 0.0
    offset: Point = (0.0, 0.0)
    scale: float = 1.0
    tilt: float = 0.0


class Surface(NamedTuple):
    """The error surface: ``settings`` is the record's named tuple, the same as ``train.settings``."""

    kind: str
    settings: Any
    train: Draws
    test: Draws


class Swarm(NamedTuple):
    """Where the particles start, in all groups alike.

    ``point``: all at ``at``.  ``points``: particle p at ``points[p % len(points)]``.  ``cloud``: normally
    distributed around ``at`` with standard deviation ``spread``.  ``grid``: on a grid of width and height
    ``size`` around ``at``.  ``ring``: evenly on the circle of ``radius`` around ``at``.
    """

    particles: int
    start: str
    at: Point = (0.0, 0.0)
    spread: float = 0.0
    points: tuple[Point, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0


class Run(NamedTuple):
    """How long a run is and what it records; exactly one of ``epochs`` and ``updates`` is a number."""

    epochs: int | None
    updates: int | None
    precision: str
    sampling: Sampling
    frames: int | str
    record: tuple[str, ...] = ()


class OptimizerGroup(NamedTuple):
    """One ``[[optimizer]]`` table; ``settings`` is the record's named tuple.

    Its ``lr`` is already scaled with the batch, the schedule's durations are counted in updates, and none of the
    schedule's settings is None.
    """

    label: str
    kind: str
    batch: int | str
    accumulate: int
    clip: Clip | None
    noise: Noise | None
    schedule: AnySchedule
    settings: Any


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says.  Two are equal when they give the same run, whatever their files are called."""

    name: str = field(compare=False)
    folder: Path | None = field(compare=False)
    title: str
    about: str
    seed: int
    surface: Surface
    swarm: Swarm
    run: Run
    optimizer: tuple[OptimizerGroup, ...]
    picture: Picture
    output: Output


def batch_size(batch: int | str, examples: int) -> int:
    """Examples in a batch: ``full`` is all of them."""
    return examples if isinstance(batch, str) else batch


def updates_per_epoch(batch: int | str, accumulate: int, examples: int) -> int:
    """Updates of one epoch: a last, smaller batch is kept, and accumulation ends with the epoch."""
    batches = -(-examples // batch_size(batch, examples))
    return -(-batches // accumulate)


def examples_an_update(batch: int | str, accumulate: int, examples: int) -> int:
    """Examples that a whole update uses; accumulation ends with the epoch."""
    return min(batch_size(batch, examples) * accumulate, examples)


def total_updates(run: Run, group: OptimizerGroup, examples: int) -> int:
    """Updates that a group makes in a run over this many training examples."""
    if run.updates is not None:
        return run.updates
    assert run.epochs is not None
    return run.epochs * updates_per_epoch(group.batch, group.accumulate, examples)


def font_file(picture: Picture, folder: Path | None) -> Path | None:
    """The file of the picture's font, in the scenario's folder; None where it names a family, or nothing."""
    if picture.font is None or not picture.font.lower().endswith(FONT_FILES):
        return None
    return (folder or Path()) / picture.font


def data_files(scenario: Scenario) -> dict[str, Path]:
    """The files a scenario reads, by the names under which a result folder keeps its copies."""
    font = font_file(scenario.picture, scenario.folder)
    files: dict[str, Path] = {font.name: font} if font else {}
    taken = {"scenario.toml", "summary.json", "table.csv", "figure.png", "examples.npz"}
    for path in dict.fromkeys(Path(file) for draws in scenario.surface[2:] for file in data_values(draws.settings)):
        name, k = path.name, 2
        while name.lower() in taken:
            name, k = f"{path.stem}-{k}{path.suffix}", k + 1
        files[name] = path
        taken.add(name.lower())
    return files


def data_values(settings: Any) -> Iterator[DataFile]:
    """The data files among settings, at any depth."""
    if isinstance(settings, DataFile):
        yield settings
    elif isinstance(settings, tuple | dict):
        for value in settings.values() if isinstance(settings, dict) else settings:
            yield from data_values(value)
