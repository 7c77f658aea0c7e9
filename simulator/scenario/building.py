"""A scenario from keyword arguments, with types that editors complete."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypedDict

from errsurf.scenario.reading import scenario_from
from errsurf.scenario.scenario import Scenario

Table: TypeAlias = Mapping[str, Any]


class SurfaceKeys(TypedDict, total=False):
    """Keys that most surfaces take."""

    kind: str
    examples: int
    shift: float | Sequence[float]
    scale: float
    tilt: float
    seed: int
    test: Table


class GroupKeys(TypedDict, total=False):
    """Keys that every optimizer takes."""

    kind: str
    label: str
    batch: int | Literal["full"]
    accumulate: int
    lr: float
    schedule: Table
    clip: Table
    noise: Table
    changes: Sequence[Table]


class SwarmKeys(TypedDict, total=False):
    """Keys of the particles' starts."""

    particles: int
    start: str
    at: Sequence[float]
    spread: float
    points: Sequence[Sequence[float]]
    size: Sequence[float]
    radius: float
    seed: int


class RunKeys(TypedDict, total=False):
    """Keys of a run."""

    epochs: int
    updates: int
    precision: Literal["float32", "float64"]
    rounding: Literal["fast", "portable"]
    seed: int
    sampling: Literal["reshuffle", "once", "replacement"] | Table
    frames: int | Literal["all"] | Sequence[int]
    losses: bool
    record: Sequence[Literal["gradient", "movement", "effective_rate", "iterate", "memory"]]
    record_particles: int | Literal["all"]


def build_scenario(
    *,
    surface: str | SurfaceKeys | Table,
    optimizer: str | GroupKeys | Table | Sequence[GroupKeys | Table],
    run: RunKeys | Table,
    swarm: SwarmKeys | Table | None = None,
    seed: int = 0,
    title: str | None = None,
    about: str = "",
    picture: Table | None = None,
    output: Table | None = None,
    claim: Sequence[Table] = (),
    measure: Sequence[Table] = (),
    sweep: Table | None = None,
    compare: Table | None = None,
    translation: Sequence[Table] = (),
    region: Sequence[Table] = (),
    folder: str | Path | None = None,
    name: str = "scenario",
) -> Scenario:
    """A scenario from the tables of a scenario file: each argument is a table, a dict with the file's keys.

    ``surface`` and ``optimizer`` may be the name of a kind whose settings keep their defaults, and ``optimizer`` is a
    list where there are several groups.  What is left out has the file's defaults.  The types name the keys that all
    kinds share, so that editors complete them; ``describe`` tells the settings of one kind.  ``folder`` and ``name``
    are as for ``scenario_from``.  Raises ScenarioError, with all faults, if anything is wrong.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.build_scenario(
        ...     surface={"kind": "wells", "tilt": 1.0},
        ...     optimizer=[{"kind": "sgd", "lr": 0.05}, {"kind": "adam", "lr": 0.01, "batch": 2}],
        ...     swarm={"particles": 100, "start": "cloud", "spread": 0.5},
        ...     run={"epochs": 20},
        ... )
        >>> [group.label for group in scenario.optimizer]
        ['sgd, full batch', 'adam, batch 2']
    """
    groups = optimizer if isinstance(optimizer, Sequence) and not isinstance(optimizer, str) else [optimizer]
    tables = {
        "surface": _table(surface),
        "optimizer": [_table(group) for group in groups],
        "run": run,
        "swarm": swarm,
        "seed": seed,
        "title": title,
        "about": about,
        "picture": picture,
        "output": output,
        "claim": claim,
        "measure": measure,
        "sweep": sweep,
        "compare": compare,
        "translation": translation,
        "region": region,
    }
    return scenario_from({key: table for key, table in tables.items() if table is not None}, folder, name)


def _table(kind: object) -> object:
    """The table of a kind that is given by its name."""
    return {"kind": kind} if isinstance(kind, str) else kind
