"""Steering as changes of a scenario: each function returns the scenario that reproduces the steered run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from errno import EEXIST
from filecmp import cmp
from pathlib import Path
from shutil import copyfile
from typing import Any

from errsurf.engine.segments import segment_rates
from errsurf.errors import ScenarioError
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import all_seen
from errsurf.scenario import Scenario, Swarm, data_files, resolved_toml, scenario_from
from errsurf.scenario.scenario import Change, OptimizerGroup, group_phases, segments, total_updates
from errsurf.scenario.writing import group_table, plain
from errsurf.schedules import ScheduleTable, in_updates, schedule
from errsurf.settings.learning_rates import lr_at
from errsurf.starts import cloud, points, start


def changed(scenario: Scenario, k: int, update: int, settings: Mapping[str, Any]) -> Scenario:
    """Change settings of group k from update ``update`` on, with keys and values as in ``changes`` of a scenario file.

    Raises ScenarioError for invalid keys and values.
    """
    group = scenario.optimizer[k]
    if update == 0:
        return _with(scenario, k, _checked(scenario, group.label, group_table(group) | dict(settings)))
    earlier = [change for change in group.changes if change.after < update]
    now = [change for change in group.changes if change.after == update]
    later = group.changes[len(earlier) + len(now) :]
    # only the current settings and the batches of earlier changes matter for one more
    batches = [each._replace(schedule=None, settings={}) for each in earlier if each.batch or each.accumulate]
    in_force = segments(group._replace(changes=tuple(earlier)))[-1].settings
    table = group_table(group._replace(settings=in_force, changes=(*batches, *(now or [Change(update)]))))
    table["changes"][-1] |= settings
    checked = _checked(scenario, group.label, table)
    return _with(scenario, k, group._replace(changes=(*earlier, checked.changes[-1], *later)))


def held(scenario: Scenario, k: int) -> Scenario:
    """Let group k keep its last rate after the scenario's own run, if its schedule ends with the run.

    A change says so: a saved scenario needs no rule for what comes after its run.
    """
    group, examples = scenario.optimizer[k], scenario.surface.train.examples
    total = total_updates(scenario.run, group, examples)
    last = segments(group)[-1]
    fall = getattr(last.schedule.settings, schedule(last.schedule.decay).fall, None)
    if fall is None or last.first >= total or last.begun + (last.schedule.warmup or 0) + fall != total:
        return scenario
    rate = lr_at(segment_rates(last, total, scenario.run.rounding), -1)
    change = Change(total, schedule=in_updates(ScheduleTable(), 1, 1), settings={"lr": rate})
    return _with(scenario, k, group._replace(changes=(*group.changes, change)))


def lengthened(scenario: Scenario, updates: Sequence[int]) -> Scenario:
    """The scenario with a run that is long enough for these updates of each group."""
    run, examples = scenario.run, scenario.surface.train.examples
    made = list(zip(scenario.optimizer, updates, strict=True))
    if all(update <= total_updates(run, group, examples) for group, update in made):
        return scenario
    if run.updates is not None:
        return replace(scenario, run=run._replace(updates=max(updates)))
    seen = max(int(all_seen(group_phases(group, examples, run.sampling), update)) for group, update in made)
    return replace(scenario, run=run._replace(epochs=-(-seen // examples)))


def with_group(scenario: Scenario, table: Mapping[str, Any]) -> Scenario:
    """The scenario with one more group, given as a table of a scenario file; raises ScenarioError."""
    labels = [group.label for group in scenario.optimizer]
    group = _checked(scenario, "new group", dict(table))
    if group.label in labels:
        number = next(n for n in range(2, len(labels) + 3) if f"{group.label} ({n})" not in labels)
        group = group._replace(label=f"{group.label} ({number})")
    shown = scenario.picture.groups
    return _regrouped(scenario, (*scenario.optimizer, group), shown and (*shown, group.label))


def with_kind(scenario: Scenario, k: int, kind: str) -> Scenario:
    """The scenario with another optimizer in group k, which keeps the settings that the new one has too.

    Its label stays, unless it names the old optimizer.  Raises ScenarioError.
    """
    group, own = scenario.optimizer[k], optimizer(kind).settings._fields

    def kept(table: Mapping[str, Any], old: Sequence[str]) -> dict[str, Any]:
        return {key: value for key, value in table.items() if key not in old or key in own}

    old = group.settings._fields
    table = kept(group_table(group), old) | {"kind": kind}
    table["changes"] = [each for change in table["changes"] if len(each := kept(change, old)) > 1]
    if group.kind in group.label.casefold():
        others = [each.label for each in scenario.optimizer if each is not group]
        free = (f"{kind} ({n})" if n > 1 else kind for n in range(1, len(others) + 3))
        table["label"] = next(label for label in free if label not in others)
    checked = _checked(scenario, group.label, table)
    shown = scenario.picture.groups
    names = shown and tuple(checked.label if name == group.label else name for name in shown)
    return _regrouped(scenario, (*scenario.optimizer[:k], checked, *scenario.optimizer[k + 1 :]), names)


def without_group(scenario: Scenario, k: int) -> Scenario:
    """The scenario without group k."""
    labels = [group.label for group in scenario.optimizer]
    shown = [labels[name - 1] if isinstance(name, int) else name for name in scenario.picture.groups or ()]
    kept = tuple(name for name in shown if name != labels[k])
    return _regrouped(scenario, (*scenario.optimizer[:k], *scenario.optimizer[k + 1 :]), kept or None)


def cut(scenario: Scenario, base: Scenario, updates: Sequence[int]) -> Scenario:
    """The scenario up to these updates of each group, and the changes of ``base`` after them."""
    groups = [
        group._replace(
            changes=tuple(
                change
                for found, early in ((group.changes, True), (first.changes, False))
                for change in found
                if (change.after < most) == early
            )
        )
        for group, first, most in zip(scenario.optimizer, base.optimizer, updates, strict=True)
    ]
    return replace(scenario, optimizer=tuple(groups))


def dropped(scenario: Scenario, at: tuple[float, float], spread: float, *, add: bool) -> Scenario:
    """Start all particles in a cloud at a point; or add such a cloud to starts at points or in clouds."""
    swarm = scenario.swarm
    clouds = start(swarm.start).clouds(swarm.settings)
    count, spread = (len(clouds.centres), clouds.spread or spread) if clouds else (1, spread)
    each = max(1, swarm.particles // count)
    if add and clouds:
        made = Swarm("points", each * (count + 1), points.Settings((*clouds.centres, at), spread))
    else:
        made = Swarm("cloud", each, cloud.Settings(at, spread))
    return replace(_unclaimed(scenario), swarm=made)


def save(scenario: Scenario, file: Path) -> None:
    """Write a scenario file and copies of its data files beside it; raises OSError, also if another file is there."""
    copies = {file.parent / name: source for name, source in data_files(scenario).items()}
    for place, source in copies.items():
        if place.exists() and not cmp(place, source, shallow=False):
            raise FileExistsError(EEXIST, f"{place.name} is another file; move it, or save elsewhere", str(place))
    for place, source in copies.items():
        if not place.exists():
            copyfile(source, place)
    file.write_text(resolved_toml(scenario), encoding="utf-8")


def _checked(scenario: Scenario, name: str, table: dict[str, Any]) -> OptimizerGroup:
    """The group of a table, checked in a run like this scenario's; errors name keys of the table."""
    surface = {"kind": "saddle", "examples": scenario.surface.train.examples}
    tables = {"surface": surface, "run": plain(scenario.run), "optimizer": [table]}
    try:
        return scenario_from(tables, name=name).optimizer[0]
    except ScenarioError as error:
        faults = [replace(fault, key=fault.key.rpartition("].")[2]) for fault in error.faults]
        raise ScenarioError(faults) from None


def _with(scenario: Scenario, k: int, group: OptimizerGroup) -> Scenario:
    """The scenario with another group k, without claims and measures, which were about the old one."""
    return replace(_unclaimed(scenario), optimizer=(*scenario.optimizer[:k], group, *scenario.optimizer[k + 1 :]))


def _unclaimed(scenario: Scenario) -> Scenario:
    translation = tuple(each._replace(says=None) for each in scenario.translation)
    texts = scenario.own_texts and scenario.own_texts._replace(says=())
    return replace(scenario, claim=(), measure=(), translation=translation, own_texts=texts)


def _regrouped(scenario: Scenario, groups: Sequence[OptimizerGroup], shown: tuple[str | int, ...] | None) -> Scenario:
    """The scenario with these groups, without translated labels, which were for the old ones."""
    translation = tuple(each._replace(labels=None, says=None) for each in scenario.translation)
    follow = scenario.picture.follow
    kept = None if isinstance(follow, str) and follow not in [group.label for group in groups] else follow
    picture = scenario.picture._replace(groups=shown, follow=kept)
    return replace(
        scenario,
        optimizer=tuple(groups),
        picture=picture,
        claim=(),
        measure=(),
        translation=translation,
        own_texts=None,
    )
