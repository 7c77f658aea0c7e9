"""The state of a run on the disk, from which it goes on after whatever ended it.

The file ``checkpoint`` is a line of JSON and then arrays, as numpy.save writes them, of one group after the other.  It
replaces the one before as a whole, after the recorded frames that it counts are on the disk.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from time import perf_counter
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from errsurf.engine.state_layout import Packed
from errsurf.errors import StoredError, reason
from errsurf.scenario import Scenario, total_updates
from errsurf.surfaces.shared.npz import array_header
from errsurf.system.atomic_write import sync_files, whole_file

CHECKPOINT = "checkpoint"
FIRST_SECONDS, LARGEST_SHARE = 2.0, 0.02
"""The first checkpoint is written after so long, later ones so rarely that they take this share of the time."""
MAX_HEAD, MAX_ROWS, MAX_LETTERS = 1 << 22, 10_000, 200


class GroupState(NamedTuple):
    """A group after some updates, of which so many ``frames`` are recorded; ``timings`` (2, 2) are updates, seconds."""

    frames: int
    packed: Packed
    timings: NDArray[np.float64]


class Checkpoint(NamedTuple):
    """A run after so many ``seconds`` on a device, with its groups."""

    device: str
    seconds: float
    groups: tuple[GroupState, ...]


@dataclass
class Checkpoints:
    """When a run writes its next checkpoint into a folder: ``made`` is its state, with frames that are on the disk."""

    folder: Path
    made: Callable[[], Checkpoint]
    due: float = field(default_factory=lambda: perf_counter() + FIRST_SECONDS)

    def save(self, *, last: bool = False) -> None:
        """Write a checkpoint if it is time to; the ``last`` one, if there is one before it."""
        began, first = perf_counter(), not (self.folder / CHECKPOINT).exists()
        if began < self.due and (first or not last):
            return
        made = self.made()
        if first:
            sync_files(self.folder)
        write_checkpoint(self.folder, made)
        ended = perf_counter()
        self.due = ended + max(FIRST_SECONDS, (ended - began) / LARGEST_SHARE)


def write_checkpoint(folder: Path, made: Checkpoint) -> None:
    """Replace the checkpoint of a folder; raises OSError."""
    groups = [{"update": each.packed.update, "frames": each.frames} for each in made.groups]
    head = {"device": made.device, "seconds": made.seconds, "groups": groups}
    with whole_file(folder / CHECKPOINT, durable=True) as file:
        file.write(json.dumps(head).encode() + b"\n")
        for each in made.groups:
            for array in (each.packed.numbers, each.packed.diverged, each.packed.passages, each.timings):
                np.save(file, array)


def read_checkpoint(folder: Path, scenario: Scenario) -> Checkpoint | None:
    """The checkpoint of a folder; None if it has none.  Raises StoredError for one that is not of this scenario."""
    try:
        with (folder / CHECKPOINT).open("rb") as file:
            return _read(file, scenario)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, RecursionError) as error:
        why = reason(error) if isinstance(error, OSError | StoredError) else str(error)[:100]
        raise StoredError(f"{CHECKPOINT}: {why}") from None


def _read(file: IO[bytes], scenario: Scenario) -> Checkpoint:
    head = json.loads(file.readline(MAX_HEAD))
    if not isinstance(head, dict) or not isinstance(head.get("groups"), list):
        raise StoredError("is not one that errsurf wrote")
    device, seconds, groups = head.get("device"), head.get("seconds"), head["groups"]
    named = isinstance(device, str) and device.isprintable() and len(device) < MAX_LETTERS
    if not named or not isinstance(seconds, float) or not seconds >= 0 or len(groups) != len(scenario.optimizer):
        raise StoredError("is not one of this scenario")
    found = Checkpoint(str(device), seconds, tuple(_group(file, scenario, k, each) for k, each in enumerate(groups)))
    if file.read(1):
        raise StoredError("has more than the groups of this scenario")
    return found


def _group(file: IO[bytes], scenario: Scenario, k: int, told: Any) -> GroupState:
    particles, train = scenario.swarm.particles, scenario.surface.train.examples
    updates = total_updates(scenario.run, scenario.optimizer[k], train)
    update, frames = (told.get(key) if isinstance(told, dict) else None for key in ("update", "frames"))
    if not isinstance(update, int) or not isinstance(frames, int) or not 1 <= frames <= update + 1 <= updates + 1:
        raise StoredError("counts updates that this scenario does not make")
    numbers = _array(file, (range(3, MAX_ROWS), particles), scenario.run.precision)
    diverged = _array(file, (particles,), np.int64)
    passages = _array(file, (2, len(scenario.regions), particles), np.int64)
    return GroupState(frames, Packed(update, numbers, diverged, passages), _array(file, (2, 2), np.float64))


def _array(file: IO[bytes], shape: Sequence[int | range], dtype: DTypeLike) -> NDArray[Any]:
    """The next array, which must have this type and shape."""
    found = array_header(file)
    fits = [
        n in wanted if isinstance(wanted, range) else n == wanted for n, wanted in zip(found.shape, shape, strict=False)
    ]
    if len(found.shape) != len(shape) or not all(fits) or found.dtype != np.dtype(dtype) or found.fortran:
        raise StoredError("holds other arrays than this scenario's run")
    numbers = np.fromfile(file, found.dtype, prod(found.shape))
    return numbers.reshape(found.shape)
