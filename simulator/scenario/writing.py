"""Scenarios written back as TOML."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from errsurf.scenario.claims import Claim
from errsurf.scenario.compared import Compare
from errsurf.scenario.files import data_files, data_values
from errsurf.scenario.measures import Measure
from errsurf.scenario.scenario import ExampleSpec, OptimizerGroup, Scenario, Surface
from errsurf.scenario.texts import as_written
from errsurf.settings.kinds import Point
from errsurf.surfaces.formulas.columns import CsvColumn


def toml(scenario: Scenario) -> str:
    """Every value of a scenario as TOML text."""
    import tomli_w

    return tomli_w.dumps(scenario_tables(scenario, {str(path): name for name, path in data_files(scenario).items()}))


def scenario_tables(scenario: Scenario, files: Mapping[str, str]) -> dict[str, Any]:
    """Every value of a scenario as nested dicts, data files by these names of theirs."""
    scenario = as_written(scenario)
    tables = {
        "title": scenario.title,
        "about": scenario.about,
        "seed": scenario.seed,
        "surface": _surface(scenario.surface, files),
        "swarm": plain(scenario.swarm),
        "run": plain(scenario.run),
        "optimizer": [group_table(group, files) for group in scenario.optimizer],
        "picture": plain(scenario.picture, files),
        "output": plain(scenario.output),
        "claim": [_claim(claim) for claim in scenario.claim],
        "measure": [_measure(measure) for measure in scenario.measure],
        "sweep": plain(scenario.sweep._replace(vary=dict(scenario.sweep.vary))) if scenario.sweep.vary else [],
        "compare": [] if scenario.compare is None else _compare(scenario.compare),
        "translation": [plain(each) for each in scenario.translation],
        "region": [plain(each) for each in scenario.region],
    }
    return {key: table for key, table in tables.items() if table != []}


def plain(value: Any, files: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Named tuples as dicts without what is None, tuples as lists, data files by these names.

    The settings of a record stand beside the other keys of their table.
    """
    if isinstance(value, CsvColumn):
        return f"{plain(value.file, files)}:{value.column}"
    if isinstance(value, dict):
        return {key: plain(part, files) for key, part in value.items()}
    if hasattr(value, "_asdict"):
        found = {key: plain(part, files) for key, part in value._asdict().items() if part is not None}
        return found | found.pop("settings", {})
    if isinstance(value, (tuple, list)):
        return [plain(part, files) for part in value]
    return str(files.get(value, value)) if isinstance(value, str) else value


def _claim(claim: Claim) -> dict[str, Any]:
    """The table that the claim was, with every value that follows from others."""
    given: dict[str, Any] = plain(claim._replace(settings=None))
    head = {"lecture": _one_or_all(given["lecture"])} if claim.lecture else {}
    head |= {key: given[key] for key in ("says", "statistic")}
    head |= {"group": _one_or_all(given["groups"])} if claim.groups else {}
    head |= {claim.relation: _one_or_all(given["others"])}
    bound = "within" if claim.relation == "equals" else "times" if claim.times is not None else "by"
    keys = {"at", "take", "times", bound} | ({"other_at"} if isinstance(claim.others[0], str) else set())
    rest: dict[str, Any] = {key: given[key] for key in given if key in keys} | plain(claim.settings)
    return head | rest


def _measure(measure: Measure) -> dict[str, Any]:
    """The table that the measure was."""
    found: dict[str, Any] = plain(measure)
    return found if measure.name else {key: value for key, value in found.items() if key != "name"}


def _compare(compare: Compare) -> dict[str, Any]:
    """The table that the comparison was."""
    found: dict[str, Any] = plain(compare._replace(tune=dict(compare.tune)))
    return _measure(compare.measure) | {key: value for key, value in found.items() if key != "measure"}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _surface(surface: Surface, files: Mapping[str, str]) -> dict[str, Any]:
    from errsurf import surfaces

    own: dict[str, Any] = {"kind": surface.kind} | plain(surface.settings, files)
    train, test = (plain(draws.settings, files) for draws in (surface.train, surface.test))
    changed = {key: value for key, value in test.items() if value != train.get(key)}
    of_data = surfaces.surface(surface.kind, surface.settings).examples is not None
    train_keys, test_keys = (_count(draws, of_data) for draws in (surface.train, surface.test))
    if surfaces.surface(surface.kind).examples is None:
        train_keys |= _generic(surface.train, (0.0, 0.0))
        test_keys |= _generic(surface.test, surface.train.offset)
    seed = {} if surface.seed is None else {"seed": surface.seed}
    return own | train_keys | seed | {"test": changed | test_keys}


def _generic(draws: ExampleSpec, inherited: Point) -> dict[str, Any]:
    """A table has room for one of spread and offset; the other is what it inherits."""
    shift = draws.shift if draws.offset == inherited else list(draws.offset)
    return {"shift": shift, "scale": draws.scale, "tilt": draws.tilt}


def _count(draws: ExampleSpec, of_data: bool) -> dict[str, int]:
    """The number of examples, unless a data file says it."""
    return {} if of_data and any(data_values(draws.settings)) else {"examples": draws.examples}


def group_table(group: OptimizerGroup, files: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """A group as its ``[[optimizer]]`` table."""
    table: dict[str, Any] = plain(group._replace(changes=()), files)
    return table | {"changes": [plain(change, files) for change in group.changes]}
