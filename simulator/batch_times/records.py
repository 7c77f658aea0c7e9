"""The measurements: seconds of one update by batch size on each device, and a small batch against a large one."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from errsurf.measures.intervals import Estimate
from errsurf.scenario import Scenario, updates_per_epoch

FLAT = 1.5


@dataclass(frozen=True)
class Series:
    """Seconds of one update of one particle on a device: the median of the repeats and its 95% interval.

    ``device`` is "serial", one lane of one core; "cpu", the engine's packed loops; or "cuda".  Where batches are
    ``drawn``, each update uses its own of all examples, and drawing it counts; else the examples of the batch lie side
    by side.
    """

    device: str
    drawn: bool
    batches: tuple[int, ...]
    update: tuple[Estimate, ...]

    def epoch(self, examples: int) -> tuple[Estimate, ...]:
        """Seconds of the updates of one epoch, for each batch size."""
        return tuple(
            Estimate(*(updates_per_epoch(batch, 1, examples) * value for value in seconds))
            for batch, seconds in zip(self.batches, self.update, strict=True)
        )

    @property
    def flat_to(self) -> int:
        """The largest batch up to which no update takes longer than FLAT times that of the smallest batch."""
        longer = (k for k, each in enumerate(self.update) if each.value > FLAT * self.update[0].value)
        return self.batches[next(longer, len(self.batches)) - 1]


class Row(NamedTuple):
    """One line of the lecture's table: the numbers of the small and of the large batch, and a word for each.

    ``what`` says which number it is, ``here`` are the words that the numbers give, ``lecture`` those of the lecture.
    ``unit`` is "s", or empty.
    """

    name: str
    what: str
    unit: str
    small: Estimate
    large: Estimate
    here: tuple[str, str]
    lecture: tuple[str, str]


@dataclass(frozen=True)
class BatchTimes:
    """All measurements; ``missing`` says which devices were not measured, and why."""

    scenario: Scenario
    processor: str
    threads: int
    repeats: int
    series: tuple[Series, ...]
    missing: dict[str, str]
    small: int
    large: int
    epochs: int
    particles: int
    diverged: int
    rows: tuple[Row, ...]

    @property
    def examples(self) -> int:
        """Number of training examples."""
        return self.scenario.surface.train.examples

    def document(self) -> dict[str, Any]:
        """Everything as dicts, tuples and numbers; a number with its 95% interval is (value, low, high)."""
        group = self.scenario.optimizer[0]
        return {
            "surface": self.scenario.surface.kind,
            "optimizer": group.kind,
            "lr": group.settings.lr,
            "seed": self.scenario.seed,
            "precision": self.scenario.run.precision,
            "examples": self.examples,
            "processor": self.processor,
            "threads": self.threads,
            "repeats": self.repeats,
            "series": [self._series(each) for each in self.series],
            "missing": self.missing,
            "small": self.small,
            "large": self.large,
            "epochs": self.epochs,
            "particles": self.particles,
            "diverged": self.diverged,
            "table": [row._asdict() for row in self.rows],
        }

    def _series(self, each: Series) -> dict[str, Any]:
        return {
            "device": each.device,
            "drawn": each.drawn,
            "batch": each.batches,
            "update": each.update,
            "epoch": each.epoch(self.examples),
        }
