"""Settings of a scenario that a page can change, with what each may be, as JSON."""

from collections.abc import Collection, Sequence
from typing import Any, get_type_hints

from errsurf import optimizers, schedules, starts
from errsurf.drawing.page.fields import Field, field, settings_fields
from errsurf.engine.kernel_sources import gradient_evaluations
from errsurf.scenario import Picture, Scenario
from errsurf.scenario.scenario import total_updates, updates_per_epoch
from errsurf.scenario.tables import GroupTable, RunTable, Sampling, variants
from errsurf.scenario.writing import plain, scenario_tables
from errsurf.schedules import ScheduleTable, in_updates, schedule
from errsurf.schedules._table import Warmup
from errsurf.settings.gradient_options import Clip, Noise
from errsurf.settings.kinds import Seed

NONE = "none"
LARGEST_EXACT = 2**53 - 1
FIRST = {"most": 1.0, "deviation": 0.1, "scale": 0.1, "batch": 1}
"""What a page begins with where clipping or noise has no default."""
MOST_UPDATES, MOST_PARTICLES = 1_000_000, 65_536
"""What a page computes at most: rates of all updates and places of all particles at some frames are in its memory."""


def records_table(
    scenario: Scenario, rules: Sequence[str], lacking: Collection[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Fields of every kind of record, by its name; ``rules`` are the optimizers that the page has kernels of.

    Records ``lacking``, by kind and name, are left out.
    """
    examples = scenario.surface.train.examples
    decays = tuple(name for name in schedules.schedule_names() if ("schedule", name) not in lacking)
    places = tuple(name for name in starts.start_names() if ("start", name) not in lacking)
    return {
        "optimizers": {
            name: {"settings": _rule_fields(name), "means": optimizers.summary(name)}
            | {"evaluations": gradient_evaluations(optimizers.optimizer(name))}
            for name in sorted(rules)
        },
        "schedule": [
            _choice("decay", decays, "how the learning rate falls after the warmup"),
            *settings_fields(Warmup),
        ],
        "schedules": {name: _schedule(name, scenario) for name in decays},
        "starts": {name: settings_fields(starts.start(name).settings) for name in places},
        "examples": {"points": {"points": [[sum(side) / 2 for side in _middle(scenario)]]}},
        "clip": _options(Clip, "bound on the gradient"),
        "noise": _options(Noise, "noise on the gradient, before it is clipped"),
        "group": _group_fields(tuple(sorted(rules)), examples),
        "swarm": _swarm_fields(places),
        "run": _run_fields(),
        "picture": _picture_fields(),
    }


def page_tables(scenario: Scenario) -> dict[str, Any]:
    """The scenario's tables, without durations that follow from the length of the run, and without large integers."""
    from errsurf.scenario.files import data_files

    tables = scenario_tables(scenario, {str(path): name for name, path in data_files(scenario).items()})
    tables["run"]["sampling"] = plain(scenario.run.sampling)
    for table, group in zip(tables["optimizer"], scenario.optimizer, strict=True):
        total = total_updates(scenario.run, group, scenario.surface.train.examples)
        fall = schedule(group.schedule.decay).fall
        if fall and table["schedule"].get(fall) == max(1, total - (group.schedule.warmup or 0)):
            del table["schedule"][fall]
        if table["schedule"].get("warmup_factor") == 1 / ((group.schedule.warmup or 0) + 1):
            del table["schedule"]["warmup_factor"]
    for place in (tables, tables["surface"], tables["swarm"], tables["run"]):
        if place.get("seed", 0) > LARGEST_EXACT:
            place["seed"] = str(place["seed"])
    return tables


def _rule_fields(name: str) -> list[Field]:
    record = optimizers.optimizer(name)
    found = settings_fields(record.settings)
    return [each | {"each": True} if each["key"] == "lr" and not record.pair else each for each in found]


def _choice(key: str, names: tuple[str, ...], means: str) -> Field:
    words = ", ".join(f'"{name}"' for name in names)
    return {"key": key, "means": means, "takes": words, "kind": "choice", "choices": list(names), "default": None}


def _options(union: Any, means: str) -> dict[str, Any]:
    """Fields of the kinds of clipping or noise."""
    kinds = variants(union)
    found: dict[str, Any] = {
        name: [each | {"default": FIRST.get(each["key"], each["default"])} for each in settings_fields(table)[1:]]
        for name, table in kinds.items()
    }
    return found | {"kinds": [_choice("kind", (NONE, *kinds), means)]}


def _group_fields(rules: tuple[str, ...], examples: int) -> list[Field]:
    hints = get_type_hints(GroupTable, include_extras=True)
    batch = field("batch", hints["batch"]) | {"most": examples}
    batch["takes"] = f'a whole number from 1 to {examples:,}, or "full"'
    return [
        _choice("kind", rules, "optimizer"),
        batch,
        *(field(key, hints[key], GroupTable._field_defaults[key]) for key in ("accumulate", "at")),
    ]


def _swarm_fields(places: tuple[str, ...]) -> list[Field]:
    particles = {"key": "particles", "means": "particles of each group", "kind": "whole", "least": 1}
    particles |= {"most": MOST_PARTICLES, "takes": f"a whole number from 1 to {MOST_PARTICLES:,}", "default": None}
    seed = field("seed", Seed | None) | {"means": "seed of the particles' starts"}
    return [particles, _choice("start", places, "how the particles start"), seed]


def _run_fields() -> list[Field]:
    hints = get_type_hints(RunTable, include_extras=True)
    kinds = get_type_hints(Sampling, include_extras=True)
    fields = [field(key, hints[key]) for key in ("epochs", "updates", "seed")]
    sampling = [field(key, kinds[key]) | {"key": f"sampling.{key}"} for key in Sampling._fields]
    length = {"most": MOST_UPDATES, "optional": False}
    return [each | (length if each["key"] in ("epochs", "updates") else {}) for each in (*fields, *sampling)]


def _picture_fields() -> list[Field]:
    hints = get_type_hints(Picture, include_extras=True)
    return [field(key, hints[key], Picture._field_defaults[key]) for key in ("surface", "arrows")]


def _schedule(name: str, scenario: Scenario) -> dict[str, Any]:
    """Fields of a decay; its example is counted in updates of the first group."""
    record, group = schedule(name), scenario.optimizer[0]
    examples = scenario.surface.train.examples
    made = record.settings(**{key: _tuples(value) for key, value in record.example.items()})
    per_epoch = updates_per_epoch(group.batch, group.accumulate, examples, scenario.run.sampling)
    table = in_updates(ScheduleTable(name, made), per_epoch, total_updates(scenario.run, group, examples))
    example = {key: plain(getattr(table.settings, key)) for key in record.example}
    fields = settings_fields(record.settings)
    follows = {key: plain(value) for key, value in table.settings._asdict().items() if key != record.fall}
    fields = [
        each if each["default"] is not None or each["key"] == record.fall else each | {"default": follows[each["key"]]}
        for each in fields
    ]
    return {"settings": fields, "warmup": record.warmup, "fall": record.fall, "example": example}


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value


def _middle(scenario: Scenario) -> Any:
    from errsurf.surfaces import surface

    return scenario.picture.window or surface(scenario.surface.kind, scenario.surface.settings).window
