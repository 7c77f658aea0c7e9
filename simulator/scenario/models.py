"""The models of a scenario file: its tables, and those of the records that it names."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Len
from pydantic import AfterValidator, BaseModel, Field, create_model

from errsurf import optimizers, schedules, starts, statistics, surfaces, wrappers
from errsurf.records import listing
from errsurf.scenario.claims import MAX_CLAIMS, ClaimTable
from errsurf.scenario.compared import USUAL, CompareTable
from errsurf.scenario.measures import MAX_MEASURES, MeasureTable
from errsurf.scenario.regions import MAX_REGIONS, Region
from errsurf.scenario.table_models import (
    CONFIG,
    Fields,
    bare,
    choice,
    definition,
    definitions,
    fields,
    filled,
    model_of,
)
from errsurf.scenario.tables import (
    ChangeTable,
    GenericExamples,
    GenericTest,
    GroupTable,
    Head,
    OutputSize,
    OwnExamples,
    OwnTest,
    output_files,
)
from errsurf.scenario.translations import Translations
from errsurf.scenario.words import Allowed, allowed, meaning
from errsurf.schedules import ScheduleTable, Warmup
from errsurf.settings.bounds import MAX_GROUPS
from errsurf.starts import Swarm
from errsurf.surfaces.formulas.columns import Columns

Regions = Annotated[
    tuple[Region, ...], Len(0, MAX_REGIONS), "parts of the plane of which a run counts when particles enter and leave"
]

STATISTICS = ("claim", "measure", "compare")
"""Tables that name a statistic."""
_annotated: Any = Annotated
_literal: Any = Literal
_tuple: Any = tuple


class Kinds(NamedTuple):
    """Names of the records whose tables a model knows."""

    surface: tuple[str, ...]
    swarm: tuple[str, ...]
    optimizer: tuple[str, ...]
    schedule: tuple[str, ...]
    wrapper: tuple[str, ...]
    statistic: tuple[str, ...]


def scenario_model(tables: Mapping[str, Any] | None = None) -> type[BaseModel]:
    """The model of a whole scenario file, or one that is made sooner and reads only the kinds that ``tables`` have."""
    known = _known()
    return _scenario_model(known if tables is None else _used(tables, known))


def _known() -> Kinds:
    return Kinds(
        surfaces.surface_names(),
        starts.start_names(),
        optimizers.optimizer_names(),
        schedules.schedule_names(),
        wrappers.wrapper_names(),
        statistics.statistic_names(),
    )


@listing.cached
def _scenario_model(kinds: Kinds) -> type[BaseModel]:
    known, head = _known(), fields(Head)
    surface = choice("kind", {name: _surface_model(name) for name in kinds.surface}, known.surface)
    start = choice("start", {name: _start_model(name) for name in kinds.swarm}, known.swarm, Swarm().start)
    head["output"] = (_output_model(*listing.names("errsurf.drawing.formats")), {})
    head["swarm"] = (_annotated[start, *head["swarm"][0].__metadata__], starts.resolved_swarm(Swarm()))
    models = {name: _optimizer_model(name, kinds.schedule, kinds.wrapper) for name in kinds.optimizer}
    groups = _annotated[_tuple[choice("kind", models, known.optimizer), ...], Len(1, MAX_GROUPS)]
    claims = _annotated[_tuple[_of_statistics("claim", ClaimTable, kinds, known), ...], Len(0, MAX_CLAIMS)]
    measures = _annotated[_tuple[_of_statistics("measure", MeasureTable, kinds, known), ...], Len(0, MAX_MEASURES)]
    return create_model(
        "Scenario",
        __config__=CONFIG,
        __doc__="An errsurf scenario: a surface, particles, a run and optimizers.",
        **definitions(head),
        surface=_described(surface, "the error surface", "a table"),
        optimizer=_described(groups, "one table a group of particles", f"1 to {MAX_GROUPS} tables [[optimizer]]"),
        claim=_described(claims, "statements that a run checks", f"up to {MAX_CLAIMS} tables [[claim]]", default=()),
        measure=_described(
            measures, "statistics for tables and sweeps", f"up to {MAX_MEASURES} tables [[measure]]", default=()
        ),
        compare=_described(_compared(kinds, known), "how groups are tuned and compared", "a table", default=None),
        translation=definition(Translations, ()),
        region=definition(Regions, ()),
    )


def _used(tables: Mapping[str, Any], known: Kinds) -> Kinds:
    """The kinds that raw tables name, and others until there are two of each, since a union has two members."""
    groups = _dicts(tables.get("optimizer"))
    scheduled = [table.get("schedule") for group in groups for table in (group, *_dicts(group.get("changes")))]
    named = (
        [table.get("kind") for table in _dicts(tables.get("surface"))],
        [Swarm().start, *(table.get("start") for table in _dicts(tables.get("swarm")))],
        [table.get("kind") for table in groups],
        [ScheduleTable().decay, *(_decay_table(table).get("decay") for table in scheduled)],
        [table.get("kind") for group in groups for table in _dicts(group.get("wrappers"))],
        [USUAL, *(table.get("statistic") for key in STATISTICS for table in _dicts(tables.get(key)))],
    )
    return Kinds(*(_some(names, {str(name) for name in used}) for names, used in zip(known, named, strict=True)))


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The tables in a raw value: itself, or those of its list."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _decay_table(value: Any) -> Any:
    """A schedule as a table; a bare word names its decay."""
    return {"decay": value} if isinstance(value, str) else value if isinstance(value, dict) else {}


def _some(names: tuple[str, ...], used: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name not in used)[: max(2, len(used & {*names}))])


def _described(annotation: Any, description: str, words: str, **default: Any) -> Any:
    return _annotated[annotation, Allowed(words)], Field(description=description, **default)


@listing.cached
def _output_model(*_formats: str) -> Any:
    keys = {name: (annotation, None) for name, annotation in output_files().items()} | fields(OutputSize)
    return _annotated[
        model_of("Output", OutputSize.__doc__, keys),
        AfterValidator(lambda read: {key: value for key in keys if (value := getattr(read, key)) is not None}),
        "pictures made after the run, in the result folder",
    ]


@listing.cached
def _surface_model(name: str) -> type[BaseModel]:
    record = surfaces.surface(name)
    own = fields(record.settings)
    changes = {key: (annotation | None, None) for key, (annotation, _) in own.items()}
    examples: type[Any] = OwnExamples
    test_examples: type[Any] = OwnTest
    if record.examples is None:
        examples, test_examples = GenericExamples, GenericTest
        changes = {key: changes[key] for key, (annotation, _) in own.items() if bare(annotation) is Columns}
    test = model_of(f"test of {name}", test_examples.__doc__, fields(test_examples) | changes)
    ready = {"test": (test, Field(default_factory=test, description="the test examples"))}
    return model_of(f"surface {name}", surfaces.summary(name), _kind(name) | own | fields(examples), **ready)


@listing.cached
def _start_model(name: str) -> Any:
    record = starts.start(name)
    particles = starts.OneEach if record.particles else starts.Particles
    model = model_of(
        f"start {name}",
        starts.summary(name),
        _named("start", name, Swarm().start, "where particles start")
        | fields(particles)
        | fields(record.settings)
        | fields(starts.StartSeed),
    )
    return _annotated[
        model, AfterValidator(lambda read: Swarm(name, read.particles or 0, filled(record.settings, read), read.seed))
    ]


@listing.cached
def _schedule_model(name: str) -> Any:
    record = schedules.schedule(name)
    warmup = fields(schedules.Warmup)
    keys = _named("decay", name, ScheduleTable().decay, "how the rate changes over time")
    own = fields(record.settings)
    model = model_of(f"schedule {name}", schedules.summary(name), keys | (warmup if record.warmup else {}) | own)

    def table(read: Any) -> ScheduleTable:
        return ScheduleTable(name, filled(record.settings, read), *(getattr(read, key, None) for key in warmup))

    return _annotated[model, AfterValidator(table)]


@listing.cached
def _wrapper_model(name: str) -> Any:
    record = wrappers.wrapper(name)
    model = model_of(f"wrapper {name}", wrappers.summary(name), _kind(name) | fields(record.settings))
    return _annotated[model, AfterValidator(lambda read: wrappers.Wrapping(name, filled(record.settings, read)))]


@listing.cached
def _optimizer_model(name: str, schedule_names: tuple[str, ...], wrapper_names: tuple[str, ...]) -> type[BaseModel]:
    own = _rule_fields(name)
    schedule = choice(
        "decay",
        {each: _schedule_model(each) for each in schedule_names},
        schedules.schedule_names(),
        ScheduleTable().decay,
        _bare_word(),
    )
    group, later = fields(GroupTable), fields(ChangeTable)
    for table in (group, later):
        annotation, default = table["schedule"]
        table["schedule"] = (_annotated[schedule, meaning(annotation)], default)
    around = choice("kind", {each: _wrapper_model(each) for each in wrapper_names}, wrappers.wrapper_names())
    group["wrappers"] = (_annotated[_tuple[around, ...], *group["wrappers"][0].__metadata__], ())
    changed = {key: (annotation | None, None) for key, (annotation, _) in own.items()}
    change = model_of(f"changes of {name}", ChangeTable.__doc__, later | changed)
    group["changes"] = (_annotated[_tuple[change, ...], *group["changes"][0].__metadata__], ())
    return model_of(f"optimizer {name}", optimizers.summary(name), _kind(name) | group | own)


def _rule_fields(name: str) -> Fields:
    """The settings of an optimizer; one that acts on each parameter alone may have an lr for each."""
    record = optimizers.optimizer(name)
    own = fields(record.settings)
    if not record.pair:
        annotation, default = own["lr"]
        rules = [part for part in annotation.__metadata__ if not isinstance(part, str)]
        one = _annotated[float, *rules]
        own["lr"] = _annotated[one | _tuple[one, one], f"{meaning(annotation)}, or [of x, of y]"], default
    return own


@listing.cached
def _bare_word() -> Any:
    """The name of a decay of which no setting must be given."""
    records = {name: schedules.schedule(name) for name in schedules.schedule_names()}
    names = [name for name, each in records.items() if {*each.settings._fields} == {*each.settings._field_defaults}]

    def table(name: str) -> ScheduleTable:
        warmup = Warmup() if records[name].warmup else [None] * len(Warmup._fields)
        return ScheduleTable(name, records[name].settings(), *warmup)

    word = _literal[tuple(names)]
    return _annotated[word, AfterValidator(table), allowed(word)]


def _of_statistics(word: str, table: type[Any], kinds: Kinds, known: Kinds) -> Any:
    """The tables of this word, one kind for each statistic."""
    models = {name: _statistic_model(word, table, name) for name in kinds.statistic}
    return choice("statistic", models, known.statistic)


@listing.cached
def _statistic_model(word: str, table: type[Any], name: str) -> type[BaseModel]:
    own = fields(statistics.statistic(name).settings)
    named = {"statistic": (_literal[name], ...)}
    return model_of(f"{word} of {name}", statistics.summary(name), named | fields(table) | own)


def _compared(kinds: Kinds, known: Kinds) -> Any:
    """The table of a comparison, whose statistic need not be named."""
    models = {name: _compare_model(name) for name in kinds.statistic}
    return choice("statistic", models, known.statistic, USUAL)


@listing.cached
def _compare_model(name: str) -> type[BaseModel]:
    own = fields(statistics.statistic(name).settings)
    named = _named("statistic", name, USUAL, "what decides; its own settings go in the same table")
    return model_of(f"compare by {name}", statistics.summary(name), named | fields(CompareTable) | own)


def _kind(name: str) -> Fields:
    return {"kind": (_literal[name], ...)}


def _named(key: str, name: str, usual: str, description: str) -> Fields:
    """The key by which a record is named; the usual record need not be."""
    return {key: (_annotated[_literal[name], description], name if name == usual else ...)}


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | scenario_model().model_json_schema()
