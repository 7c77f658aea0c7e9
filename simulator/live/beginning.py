"""An experiment before its first piece."""

from dataclasses import replace

import numpy as np

from errsurf.engine.examples import problem
from errsurf.engine.landscape import Landscape
from errsurf.engine.size import check_size
from errsurf.live.clocks import clocks
from errsurf.live.course import MAX_CHECKPOINTS, Course, course
from errsurf.live.experiment import Experiment
from errsurf.live.record import Columns, Record
from errsurf.run.result import Group, Result
from errsurf.run.simulation import loss_particles
from errsurf.scenario import Scenario
from errsurf.system.memory import available_memory

SHARE_FRAMES, SHARE_CHECKPOINTS = 0.5, 0.2
COLUMNS = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss")


def experiment(scenario: Scenario, memory: int, generation: int, result: Result | None = None) -> Experiment:
    """A scenario before its first update, or where a result ends; raises TooLargeError."""
    check_fits(scenario)
    drawn = problem(scenario.surface, scenario.seed)
    landscape = result.landscape if result else Landscape(drawn)
    drawn = drawn._replace(terms=drawn.terms.astype(scenario.run.precision))
    made = Experiment(
        scenario=scenario,
        generation=generation,
        clocks=clocks(scenario),
        drawn=drawn,
        landscape=landscape,
        sample=result.groups[0].loss_particles if result else loss_particles(scenario, landscape),
        courses=[],
        records=[],
        memory=min(memory, (available_memory() or 4 * memory) // 4),
    )
    for k in range(len(scenario.optimizer)):
        add_group(made, k, result.groups[k] if result else None)
    if result:
        made.clock = float(max(made.clocks.value(k, update) for k, update in enumerate(made.updates)))
    return share_memory(made)


def check_fits(scenario: Scenario) -> None:
    """Raise TooLargeError if not even the start of a scenario fits the memory."""
    check_size(replace(scenario, run=scenario.run._replace(epochs=None, updates=1, frames=2)), None)


def add_group(made: Experiment, k: int, recorded: Group | None = None) -> None:
    """Put group k of the scenario before its first update, or let it stand where its recorded frames end."""
    each = course(made.scenario, made.drawn, k)
    if recorded:
        each.state.diverged[:] = recorded.diverged
        columns: Columns = {name: getattr(recorded, name) for name in COLUMNS} | dict(recorded.parts)
    else:
        columns = _first_columns(made, each)
    made.courses.insert(k, each)
    made.records.insert(k, Record(columns))


def share_memory(made: Experiment) -> Experiment:
    """Give every group the same share of the memory for its frames and checkpoints."""
    share = made.memory / len(made.courses)
    for each, record in zip(made.courses, made.records, strict=True):
        record.bound(int(SHARE_FRAMES * share))
        each.most = int(np.clip(SHARE_CHECKPOINTS * share / each.bytes, 4, MAX_CHECKPOINTS))
    return made


def _first_columns(made: Experiment, each: Course) -> Columns:
    """The frame at update 0; its losses are evaluated once the kernels are there."""
    unknown = np.full((1, len(made.sample)), np.nan)
    parts = np.full((1, len(each.plan.watched), 2), np.nan)
    return {
        "update": np.zeros(1, np.int64),
        "examples_seen": np.zeros(1, np.int64),
        "lr": np.array([each.rate(0)]),
        "position": each.position()[None],
        "train_loss": unknown,
        "test_loss": unknown,
        **dict.fromkeys(made.scenario.run.record, parts),
    }
