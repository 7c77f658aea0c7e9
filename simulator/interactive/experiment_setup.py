"""Setting up an experiment: its groups, its records, and their shares of memory."""

from dataclasses import replace

import numpy as np

from errsurf.engine.examples import problem
from errsurf.engine.landscape import Landscape
from errsurf.engine.size import check_size
from errsurf.interactive.clocks import clocks
from errsurf.interactive.experiment import Experiment
from errsurf.interactive.group_runner import MAX_CHECKPOINTS, GroupRunner, group_runner
from errsurf.interactive.record import Columns, Record
from errsurf.run.result import Group, Result
from errsurf.run.simulation import loss_particles
from errsurf.scenario import Scenario
from errsurf.system.memory import available_memory

SHARE_FRAMES, SHARE_CHECKPOINTS = 0.5, 0.2
COLUMNS = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss")


def experiment(scenario: Scenario, memory: int, generation: int, result: Result | None = None) -> Experiment:
    """An experiment before its first update, or at the end of a result; raises TooLargeError."""
    check_fits(scenario)
    data = problem(*scenario.drawn_from)
    landscape = result.landscape if result else Landscape(data)
    data = data._replace(terms=data.terms.astype(scenario.run.precision))
    made = Experiment(
        scenario=scenario,
        generation=generation,
        clocks=clocks(scenario),
        data=data,
        landscape=landscape,
        sample=result.groups[0].loss_particles if result else loss_particles(scenario, landscape),
        runners=[],
        records=[],
        memory=min(memory, (available_memory() or 4 * memory) // 4),
    )
    for k in range(len(scenario.optimizer)):
        add_group(made, k, result.groups[k] if result else None)
    if result:
        made.clock = float(max(made.clocks.value(k, update) for k, update in enumerate(made.updates)))
    return share_memory(made)


def check_fits(scenario: Scenario) -> None:
    """Raise TooLargeError if even the start of a scenario does not fit the memory."""
    check_size(replace(scenario, run=scenario.run._replace(epochs=None, updates=1, frames=2)), None)


def add_group(made: Experiment, k: int, recorded: Group | None = None) -> None:
    """Add group k of the scenario before its first update, or at the end of its recorded frames."""
    each = group_runner(made.scenario, made.data, k)
    if recorded:
        each.state.diverged[:] = recorded.diverged
        if recorded.entered.shape == each.state.passages.shape[1:]:
            each.state.passages[:] = recorded.entered, recorded.left
        columns: Columns = {name: getattr(recorded, name) for name in COLUMNS} | dict(recorded.parts)
    else:
        columns = _first_columns(made, each)
    made.runners.insert(k, each)
    made.records.insert(k, Record(columns))


def share_memory(made: Experiment) -> Experiment:
    """Give every group the same share of the memory for its frames and checkpoints."""
    share = made.memory / len(made.runners)
    for each, record in zip(made.runners, made.records, strict=True):
        record.bound(int(SHARE_FRAMES * share))
        each.most = int(np.clip(SHARE_CHECKPOINTS * share / each.bytes, 4, MAX_CHECKPOINTS))
    return made


def _first_columns(made: Experiment, each: GroupRunner) -> Columns:
    """The frame at update 0; its losses are evaluated once the kernels are compiled."""
    unknown = np.full((1, len(made.sample)), np.nan)
    return {
        "update": np.zeros(1, np.int64),
        "examples_seen": np.zeros(1, np.int64),
        "lr": np.array([each.rate(0)]),
        "position": each.position()[None],
        "train_loss": unknown,
        "test_loss": unknown,
        **{name: np.full((1, *shape), np.nan) for name, shape in each.parts.items()},
    }
