"""What the `changes` of an [[optimizer]] table mean: at which updates they come, and what is different then."""

from collections.abc import Iterator
from math import ceil
from typing import Any, NamedTuple

from errsurf import optimizers
from errsurf.sampling.batches import BatchPhase, continued, updates_to
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.scenario import Run, batch_plan
from errsurf.scenario.table_models import filled
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.settings.gradient_options import Matched


class Timeline(NamedTuple):
    """When the changes of a table come, in updates, and how many updates the group makes."""

    after: tuple[int, ...]
    total: int


class Batches(NamedTuple):
    """What the batches of a table are from some change on."""

    batch: int | str
    accumulate: int


def timeline(model: Any, run: Run, examples: int) -> Timeline:
    """The times of a checked table in a run over so many examples; a change before another counts as one with it."""
    first, *later = batches_of(model)
    after, found = [0], continued((), 0, batch_plan(*first, examples, run.sampling))
    for change, batches in zip(model.changes, later, strict=True):
        after.append(max(after[-1], _updates(change.after, found, run, examples)))
        found = continued(found, after[-1], batch_plan(*batches, examples, run.sampling))
    return Timeline(tuple(after[1:]), _end(found, run, 1.0))


def batches_of(model: Any) -> Iterator[Batches]:
    """The batches at first and from each change on."""
    now = Batches(model.batch, model.accumulate)
    yield now
    for change in model.changes:
        now = Batches(now.batch if change.batch is None else change.batch, change.accumulate or now.accumulate)
        yield now


def changed_settings(model: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Of each change the settings that it gives, and all settings from then on."""
    now = filled(optimizers.optimizer(model.kind).settings, model)
    for change in model.changes:
        given = {name: getattr(change, name) for name in now._fields if name in change.model_fields_set}
        now = now._replace(**given)
        yield given, now


def change_findings(model: Any, run: Run | None, examples: int | None, path: KeyPath) -> Iterator[Finding]:
    """Changes out of order, batches larger than the examples, settings that do not go together."""
    record = optimizers.optimizer(model.kind)
    for k, (change, (_, settings)) in enumerate(zip(model.changes, changed_settings(model), strict=True)):
        place = (*path, "changes", k)
        clash = record.fault(settings)
        if clash:
            yield Finding(place, clash)
        if examples and change.batch not in (None, "full") and change.batch > examples:
            words = f'a whole number from 1 to {examples}, the number of training examples, or "full"'
            yield Finding((*place, "batch"), "more than there are examples", str(change.batch), words)
        if isinstance(model.noise, Matched) and change.batch not in (None, "full"):
            yield Finding((*place, "batch"), "matched noise is for full batch", value_text(change.batch), '"full"')
    if run and examples:
        yield from _order_findings(model, run, examples, path)


def _order_findings(model: Any, run: Run, examples: int, path: KeyPath) -> Iterator[Finding]:
    found, before = timeline(model, run, examples), 0
    for k, (change, after) in enumerate(zip(model.changes, found.after, strict=True)):
        if after <= before:
            problem = f"not later than the change before it, which comes after {before} updates"
            yield Finding((*path, "changes", k, "after"), problem, value_text(change.after))
        before = after


def _updates(time: int | str, so_far: tuple[BatchPhase, ...], run: Run, examples: int) -> int:
    """The update, at least 1, by which a time has passed: updates, epochs, or a share of the run."""
    if isinstance(time, int):
        return time
    number = float(time.rstrip("% epochs"))
    if time.endswith("%"):
        return max(1, _end(so_far, run, number / 100))
    return max(1, updates_to(so_far, ceil(number * examples)))


def _end(found: tuple[BatchPhase, ...], run: Run, share: float) -> int:
    """Updates in which this share of a run is over."""
    if run.updates is not None:
        return int(run.updates * share + 0.5)
    assert run.epochs is not None
    return updates_to(found, ceil(run.epochs * share * found[0].plan.examples))
