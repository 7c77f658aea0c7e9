"""A scenario: everything that decides a run, with every value resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from errsurf.sampling.batches import BatchPhase, BatchPlan, phases, updates_to, updates_within
from errsurf.sampling.particles import WATCHED
from errsurf.scenario.claims import Claim
from errsurf.scenario.compared import Compare
from errsurf.scenario.measures import Measure
from errsurf.scenario.picture_tables import Picture
from errsurf.scenario.regions import Region, all_regions
from errsurf.scenario.tables import Sampling, SweepTable
from errsurf.scenario.translations import Texts, Translation
from errsurf.schedules import ScheduleTable
from errsurf.settings.durations import whole_updates
from errsurf.settings.gradient_options import Clip, Noise
from errsurf.settings.kinds import Point
from errsurf.starts import Swarm
from errsurf.system.notebook import shown
from errsurf.words import ENGLISH
from errsurf.wrappers import Wrapping

REST_IS_KEPT = Sampling()


class ExampleSpec(NamedTuple):
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
    """The error surface: ``settings`` is the record's named tuple, the same as ``train.settings``.

    ``axes`` are names of the parameters that the picture gives them, None where it gives none; ``seed`` is that of the
    examples, None where it is the scenario's.
    """

    kind: str
    settings: Any
    train: ExampleSpec
    test: ExampleSpec
    axes: tuple[str, str] | None = None
    seed: int | None = None


class Run(NamedTuple):
    """How long a run is and what it records; exactly one of ``epochs`` and ``updates`` is a number.

    ``seed`` is that of the order of examples and of noise, None where it is the scenario's.
    """

    epochs: int | None
    updates: int | None
    precision: str
    sampling: Sampling
    frames: int | str | tuple[int, ...]
    record: tuple[str, ...] = ()
    frame_spacing: str = "even"
    rounding: str = "fast"
    seed: int | None = None
    losses: bool = True
    record_particles: int | str = WATCHED


class Change(NamedTuple):
    """What is different in a group once it has made ``after`` updates; what is None or not in ``settings`` stays.

    ``settings`` are some of those of the optimizer's record.  A ``schedule`` begins with the change.
    """

    after: int
    batch: int | str | None = None
    accumulate: int | None = None
    schedule: ScheduleTable | None = None
    settings: Mapping[str, Any] = {}


class OptimizerGroup(NamedTuple):
    """One ``[[optimizer]]`` table; ``settings`` is the record's named tuple.

    Its ``lr`` is already scaled with the batch, the schedule's durations are counted in updates, and none of the
    schedule's settings is None.  ``changes`` come later and later.
    """

    label: str
    kind: str
    batch: int | str
    accumulate: int
    clip: Clip | None
    noise: Noise | None
    schedule: ScheduleTable
    settings: Any
    changes: tuple[Change, ...] = ()
    wrappers: tuple[Wrapping, ...] = ()
    color: str | None = None
    at: Point | None = None


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says.  Two are equal when they give the same run, whatever their files are called.

    Each table of the file is an attribute, with every value resolved; ``optimizer`` has one entry a group, whose
    ``settings`` are those of its kind.  Where it is shown in another language, ``own_texts`` are those of its file, and
    ``language`` is that of fixed words.  ``read_scenario``, ``scenario_from`` and ``build_scenario`` make scenarios.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape")
        >>> scenario.surface.kind, scenario.swarm.particles, scenario.picture.size
        ('saddle', 2000, (960, 540))
        >>> scenario.optimizer[2].label, scenario.optimizer[2].batch, scenario.optimizer[2].settings.momentum
        ('batch 1', 1, 0.0)
    """

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
    output: Mapping[str, str]
    claim: tuple[Claim, ...] = ()
    region: tuple[Region, ...] = ()
    measure: tuple[Measure, ...] = ()
    sweep: SweepTable = field(default=SweepTable(), compare=False)
    compare: Compare | None = field(default=None, compare=False)
    translation: tuple[Translation, ...] = ()
    own_texts: Texts | None = field(default=None, compare=False)
    language: str = field(default=ENGLISH, compare=False)

    def _repr_html_(self) -> str:
        """The page that computes it, for notebooks."""
        return str(shown("scenario_html", self))

    def _repr_png_(self) -> bytes:
        """The map with the particles at their starts, for notebooks that trust no page."""
        return bytes(shown("scenario_png", self))

    @property
    def drawn_from(self) -> tuple[Surface, int, str]:
        """What decides the examples and their losses: the arguments of ``errsurf.engine.examples.problem``."""
        return self.surface, self.seed if self.surface.seed is None else self.surface.seed, self.run.rounding

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions of which a run counts entries and exits: its own, and those of claims and measures."""
        return all_regions(self.region, self.claim, self.measure)

    @property
    def start_seed(self) -> int:
        """The seed of the particles' starts."""
        return self.seed if self.swarm.seed is None else self.swarm.seed

    @property
    def run_seed(self) -> int:
        """The seed of the order of examples and of noise."""
        return self.seed if self.run.seed is None else self.run.seed

    @property
    def fixed_seeds(self) -> tuple[str, ...]:
        """Keys of the seeds that are given by themselves, and do not follow the scenario's."""
        given = {"surface": self.surface.seed, "swarm": self.swarm.seed, "run": self.run.seed}
        return tuple(f"{name}.seed" for name, seed in given.items() if seed is not None)

    def reseeded(self, seed: int) -> "Scenario":
        """The scenario with another seed of starts, orders and noise; examples with a seed of their own stay."""
        return replace(self, seed=seed, swarm=self.swarm._replace(seed=None), run=self.run._replace(seed=None))


def require_scenario(given: object) -> None:
    """Raise TypeError, with what to do, for what is no scenario."""
    if not isinstance(given, Scenario):
        example = (
            f"read_scenario({given!r:.80})" if isinstance(given, str) else "read_scenario(file) or result.scenario"
        )
        raise TypeError(f"a scenario is needed, such as {example}, not {type(given).__name__}")


class Segment(NamedTuple):
    """What a group does from update ``first`` on; its schedule counts from update ``begun``."""

    first: int
    batch: int | str
    accumulate: int
    schedule: ScheduleTable
    begun: int
    settings: Any


def segments(group: OptimizerGroup) -> tuple[Segment, ...]:
    """The parts into which its changes cut a group, the first one from update 0 on."""
    segment = Segment(0, group.batch, group.accumulate, group.schedule, 0, group.settings)
    found = [segment]
    for change in group.changes:
        segment = Segment(
            change.after,
            segment.batch if change.batch is None else change.batch,
            change.accumulate or segment.accumulate,
            change.schedule or segment.schedule,
            segment.begun if change.schedule is None else change.after,
            segment.settings._replace(**change.settings),
        )
        found.append(segment)
    return tuple(found)


def rate_each(group: OptimizerGroup) -> bool:
    """Whether x and y have an lr each, at some time."""
    return any(isinstance(segment.settings.lr, tuple) for segment in segments(group))


def batch_size(batch: int | str, examples: int) -> int:
    """Examples in a batch: ``full`` is all of them."""
    return examples if isinstance(batch, str) else batch


def updates_per_epoch(batch: int | str, accumulate: int, examples: int, sampling: Sampling = REST_IS_KEPT) -> int:
    """Updates of one epoch, as ``BatchPlan`` says; accumulation ends with the epoch."""
    return batch_plan(batch, accumulate, examples, sampling).updates_an_epoch


def total_updates(run: Run, group: OptimizerGroup, examples: int) -> int:
    """Updates that a group makes in a run over this many training examples."""
    if run.updates is not None:
        return run.updates
    assert run.epochs is not None
    return updates_to(group_phases(group, examples, run.sampling), run.epochs * examples)


def updates_at(run: Run, group: OptimizerGroup, examples: int, time: int | str) -> int:
    """Updates that a group has made at a time: updates, epochs, or a share of the group's run."""
    found: int = whole_updates(time, examples, total_updates(run, group, examples), 0)
    in_epochs = isinstance(time, str) and not time.endswith("%")
    return updates_within(group_phases(group, examples, run.sampling), found) if in_epochs else found


def group_phases(group: OptimizerGroup, examples: int, sampling: Sampling) -> tuple[BatchPhase, ...]:
    """How a group cuts its epochs of so many training examples into batches, and from which update on."""
    return phases((each.first, batch_plan(each.batch, each.accumulate, examples, sampling)) for each in segments(group))


def batch_plan(batch: int | str, accumulate: int, examples: int, sampling: Sampling) -> BatchPlan:
    """How an epoch is cut into batches and updates."""
    rest = "draw" if sampling.kind == "replacement" else "drop" if sampling.drop_last else "keep"
    return BatchPlan(examples, batch_size(batch, examples), accumulate, "keep" if batch == "full" else rest)
