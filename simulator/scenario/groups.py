"""The groups that a scenario's [[optimizer]] tables mean."""

from collections.abc import Callable, Sequence
from typing import Any

from simulator import optimizers
from simulator.scenario.faults import shown
from simulator.scenario.lines import KeyPath
from simulator.scenario.models import filled
from simulator.scenario.scenario import OptimizerGroup, Run, Schedule, total_updates, updates_per_epoch
from simulator.scenario.tables import LONGEST, AnySchedule
from simulator.scenario.wording import Finding

Sound = Callable[[KeyPath], bool]


def label_of(label: str | None, kind: str, batch: int | str) -> str:
    """A group's label: the given one, or its kind and batch size."""
    return label or f"{kind}, {'full batch' if batch == 'full' else f'batch {batch}'}"


def group_findings(groups: Sequence[Any], examples: int | None, sound: Sound) -> list[Finding]:
    """Labels given twice, batches larger than the examples, settings that do not go together."""
    findings, first = [], dict[str, int]()
    for k, group in enumerate(groups):
        path: KeyPath = ("optimizer", k)
        label = label_of(group.label, group.kind, group.batch)
        named = all(sound((*path, key)) for key in (("label",) if group.label else ("label", "kind", "batch")))
        if named and first.setdefault(label, k) != k:
            problem = f"names optimizer[{first[label] + 1}] too; each group needs a label of its own"
            findings.append(Finding((*path, "label"), problem, shown(label)))
        if examples and group.batch != "full" and group.batch > examples and sound((*path, "batch")):
            words = f'a whole number from 1 to {examples}, the number of training examples, or "full"'
            findings.append(Finding((*path, "batch"), "more than there are examples", str(group.batch), words))
        record = optimizers.optimizer(group.kind)
        clash = record.fault(filled(record.settings, group)) if sound(path) else None
        findings += [Finding(path, clash)] if clash else []
    return findings


def resolved_group(model: Any, run: Run, examples: int) -> OptimizerGroup:
    """The group of a checked table."""
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
