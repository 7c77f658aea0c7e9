"""The groups that a scenario's [[optimizer]] tables mean."""

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Any, get_type_hints

from errsurf import optimizers, wrappers
from errsurf.scenario.later import Batches, batches_of, change_findings, changed_settings, timeline
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.scenario import (
    Change,
    OptimizerGroup,
    Run,
    Scenario,
    batch_plan,
    segments,
    updates_per_epoch,
)
from errsurf.scenario.table_models import filled
from errsurf.scenario.tables import GroupTable
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.scenario.words import allowed
from errsurf.schedules import ScheduleTable, in_updates, schedule
from errsurf.settings.bounds import RANGE, in_range
from errsurf.settings.gradient_options import Matched
from errsurf.settings.learning_rates import each_lr, scaled_lr

Sound = Callable[[KeyPath], bool]


def group_findings(
    groups: Sequence[Any], labels: Sequence[str], run: Run | None, examples: int | None, sound: Sound
) -> list[Finding]:
    """Labels given twice, batches larger than the examples, settings that do not go together.

    What depends on the run's length or on the number of examples is left out where that is None.
    """
    findings, first = [], dict[str, int]()
    for k, (group, label) in enumerate(zip(groups, labels, strict=True)):
        path: KeyPath = ("optimizer", k)
        named = all(sound((*path, key)) for key in (("label",) if group.label else ("label", "kind", "batch")))
        if named and first.setdefault(label, k) != k:
            problem = f"names optimizer[{first[label] + 1}] too; each group needs a label of its own"
            findings.append(Finding((*path, "label"), problem, value_text(label)))
        if examples and group.batch != "full" and group.batch > examples and sound((*path, "batch")):
            words = f'a whole number from 1 to {examples}, the number of training examples, or "full"'
            findings.append(Finding((*path, "batch"), "more than there are examples", str(group.batch), words))
        if sound(path):
            record = optimizers.optimizer(group.kind)
            clash = record.fault(filled(record.settings, group))
            findings += [Finding(path, clash)] if clash else []
            findings += _wrapper_findings(group, path)
            findings += _scaling_findings(group, path)
            findings += _noise_findings(group, examples, path)
            findings += change_findings(group, run, examples, path)
            findings += _schedule_findings(group, run, examples, path) if run and examples else []
    return findings


def _scaling_findings(model: Any, path: KeyPath) -> list[Finding]:
    if (model.lr_scaling is None) == (model.lr_batch is None):
        return []
    given, missing = ("lr_batch", "lr_scaling") if model.lr_scaling is None else ("lr_scaling", "lr_batch")
    words = allowed(get_type_hints(GroupTable, include_extras=True)[missing]).words
    return [Finding((*path, missing), f"missing, and {given} means nothing without it", allowed=words)]


def _wrapper_findings(model: Any, path: KeyPath) -> Iterator[Finding]:
    """Settings that do not go together; wrappers that change theta where another point is the answer."""
    answer = optimizers.optimizer(model.kind).shown and model.kind
    for k, each in enumerate(model.wrappers):
        record, place = wrappers.wrapper(each.kind), (*path, "wrappers", k)
        if clash := record.fault(each.settings):
            yield Finding(place, clash)
        if answer and (record.moves or record.shown):
            yield Finding(place, f"{each.kind} has no meaning around {answer}, which keeps an average of its own")
        answer = answer or (record.shown and each.kind)


def _noise_findings(model: Any, examples: int | None, path: KeyPath) -> list[Finding]:
    """Noise that imitates batches is put on the full gradient."""
    if not isinstance(model.noise, Matched):
        return []
    findings = []
    if model.batch != "full":
        findings.append(Finding((*path, "batch"), "matched noise is for full batch", value_text(model.batch), '"full"'))
    if examples and model.noise.batch > examples:
        words = f"a whole number from 1 to {examples}, the number of training examples"
        place = (*path, "noise", "batch")
        findings.append(Finding(place, "more than there are examples", str(model.noise.batch), words))
    return findings


def _schedule_findings(model: Any, run: Run, examples: int, path: KeyPath) -> list[Finding]:
    first, *later = _schedules(model, run, examples)
    tables = {path: first} | {(*path, "changes", k): table for k, table in enumerate(later) if table}
    return [found for place, table in tables.items() for found in _clashes(table, place)]


def _clashes(table: ScheduleTable, path: KeyPath) -> list[Finding]:
    found = schedule(table.decay).clashes(table.settings)
    return [Finding((*path, "schedule", *clash.path), *clash[1:]) for clash in found]


def resolved_group(model: Any, label: str, run: Run, examples: int) -> OptimizerGroup:
    """The group of a checked table."""
    settings = filled(optimizers.optimizer(model.kind).settings, model)
    settings = settings._replace(
        lr=scaled_lr(settings.lr, _lr_factor(model, Batches(model.batch, model.accumulate), run, examples))
    )
    first = _schedules(model, run, examples)[0]
    batches = (model.batch, model.accumulate, model.clip, model.noise)
    changes = _changes(model, run, examples) if model.changes else ()
    return OptimizerGroup(label, model.kind, *batches, first, settings, changes, model.wrappers, model.color, model.at)


def rate_findings(scenario: Scenario) -> Iterator[Finding]:
    """Learning rates that ``lr_scaling`` takes out of the range of numbers."""
    for k, group in enumerate(scenario.optimizer):
        for segment in segments(group):
            if not all(map(in_range, each_lr(segment.settings.lr))):
                lr = value_text(segment.settings.lr)
                yield Finding(("optimizer", k, "lr"), "out of range once scaled", lr, RANGE)


def _changes(model: Any, run: Run, examples: int) -> tuple[Change, ...]:
    """The changes of a checked table; their lr is scaled as the group's is, also where only the batch is different."""
    _, *schedules = _schedules(model, run, examples)
    before, *later = batches_of(model)
    found = []
    for change, after, table, batches, (given, settings) in zip(
        model.changes, timeline(model, run, examples).after, schedules, later, changed_settings(model), strict=True
    ):
        if "lr" in given or (model.lr_scaling and batches != before):
            given = {**given, "lr": scaled_lr(settings.lr, _lr_factor(model, batches, run, examples))}
        found.append(Change(after, change.batch, change.accumulate, table, given))
        before = batches
    return tuple(found)


def _schedules(model: Any, run: Run, examples: int) -> list[Any]:
    """The schedule at first and from each change on, None where it stays; its time is counted from the change."""
    times = timeline(model, run, examples)
    found = []
    for table, after, batches in zip((model, *model.changes), (0, *times.after), batches_of(model), strict=True):
        left = times.total - after if after < times.total else times.total
        per_epoch = updates_per_epoch(*batches, examples, run.sampling)
        found.append(table.schedule and in_updates(table.schedule, per_epoch, left))
    return found


def _lr_factor(model: Any, batches: Batches, run: Run, examples: int) -> float:
    """What an update of so many examples multiplies lr by: linear of Goyal et al. 2017, sqrt of Krizhevsky 2014."""
    if model.lr_scaling is None:
        return 1.0
    ratio = batch_plan(*batches, examples, run.sampling).examples_an_update / model.lr_batch
    return float(ratio) if model.lr_scaling == "linear" else sqrt(ratio)
