"""Schedules and scaled rates as keys of a scenario: what they mean, that they read back, and faults in words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import schedules
from errsurf.errors import ScenarioError
from errsurf.scenario import OptimizerGroup, Scenario, json_schema, read_scenario, resolved_toml, scenario_from
from errsurf.scenario.writing import plain
from errsurf.schedules import Warmup, rates, schedule_names

EXAMPLES = 20
SCHEDULES: list[dict[str, Any]] = [
    {},
    {"warmup": "10%"},
    {"warmup": "1 epoch", "warmup_kind": "constant"},
    {"warmup": 7, "warmup_kind": "exponential", "warmup_factor": 0.001},
    {"decay": "linear", "warmup": 5, "end_factor": 0.1, "total": "50%"},
    {"decay": "exponential", "gamma": 0.99, "warmup": 3},
    {"decay": "step", "step_size": "2 epochs", "gamma": 0.5},
    {"decay": "multi_step", "milestones": ["30%", "60%", 190], "gamma": 0.2, "warmup": 4},
    {"decay": "cosine", "warmup": "5%", "eta_min": 0.001},
    {"decay": "cosine_restarts", "T_0": "1 epoch", "T_mult": 2, "eta_min": 0.001, "warmup": 5},
    {"decay": "polynomial", "power": 0.9, "warmup": 5},
    {"decay": "inverse_sqrt", "warmup": "2 epochs"},
    {"decay": "wsd", "warmup": "5%", "cooldown": 0.3, "form": "linear", "end_factor": 0.1},
    {"decay": "one_cycle", "pct_start": 0.25, "anneal_strategy": "linear", "three_phase": True},
    {"decay": "cyclic", "base_factor": 0.1, "step_size_up": "1 epoch", "mode": "exp_range", "gamma": 0.999},
    {"decay": "piecewise", "points": [[0, 1], ["1 epoch", 0.5], ["50%", 0.1], ["50%", 0.01]], "warmup": 10},
]
SCHEDULES += [{"decay": name, **schedules.schedule(name).example} for name in schedule_names()]


def tables(*groups: dict[str, Any], epochs: int = 10) -> dict[str, Any]:
    """A scenario of 20 examples with a group of each of these, in batches of one unless they say otherwise."""
    surface = {"kind": "saddle", "examples": EXAMPLES}
    optimizer = [{"kind": "sgd", "label": f"{k}", "batch": 1, "lr": 0.1} | group for k, group in enumerate(groups)]
    return {"surface": surface, "run": {"epochs": epochs}, "optimizer": optimizer}


def group_of(**group: Any) -> OptimizerGroup:
    """The group of these keys."""
    return scenario_from(tables(group)).optimizer[0]


def reread(folder: Path, scenario: Scenario) -> Scenario:
    """The scenario of the resolved file."""
    path = folder / "resolved.toml"
    path.write_text(resolved_toml(scenario))
    return read_scenario(path)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_every_schedule_reads_back_to_the_same_rates(tmp_path: Path, schedule: dict[str, Any]) -> None:
    scenario = scenario_from(tables({"schedule": schedule}))
    again = reread(tmp_path, scenario)
    assert again == scenario
    (one,), (other,) = scenario.optimizer, again.optimizer
    lr = rates(one.schedule, 0.1, 200)
    assert lr.shape == (200,)
    assert np.isfinite(lr).all()
    np.testing.assert_array_equal(lr, rates(other.schedule, 0.1, 200))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_resolved_schedule_holds_no_text_for_a_time_and_nothing_left_open(schedule: dict[str, Any]) -> None:
    resolved = group_of(schedule=schedule).schedule
    warmup = Warmup._fields if schedules.schedule(resolved.decay).warmup else ()
    given = resolved.settings._asdict() | {key: getattr(resolved, key) for key in warmup}
    assert None not in given.values()
    times = [given[key] for key in given.keys() & {"warmup", "total", "T_max", "T_0", "t0", "step_size"}]
    times += [given[key] for key in given.keys() & {"step_size_up", "step_size_down"}]
    times += [*given.get("milestones", ()), *(time for time, _ in given.get("points", ()))]
    assert all(type(time) is int for time in times)


def test_what_is_not_given_follows_from_the_run() -> None:
    def of(decay: str, **given: Any) -> dict[str, Any]:
        resolved: dict[str, Any] = plain(group_of(schedule={"decay": decay, **given}).schedule)
        return resolved

    assert of("linear", warmup=50)["total"] == 150
    assert of("polynomial", warmup="25%")["total"] == 150
    assert [of("linear", warmup=share)["warmup"] for share in ("1.2%", "1.3%")] == [2, 3]
    assert of("cosine", warmup=500)["T_max"] == 1
    assert of("one_cycle")["total"] == 200
    assert of("inverse_sqrt", warmup=9)["t0"] == 10
    assert of("constant", warmup=9)["warmup_factor"] == 0.1
    assert of("cyclic", base_factor=0.5, step_size_up="1 epoch")["step_size_down"] == 20
    assert of("multi_step", milestones=["1 epoch", "50%", "0.0001%"])["milestones"] == [20, 100, 1]
    assert of("piecewise", points=[["0%", 1], ["1 epoch", 0.5]])["points"] == [[0, 1.0], [20, 0.5]]


BARE = [name for name in schedule_names() if not schedules.schedule(name).example]


@pytest.mark.parametrize("decay", [name for name in BARE if name != "constant"])
def test_a_bare_word_is_the_decay_with_its_defaults(tmp_path: Path, decay: str) -> None:
    """Also in a change, and the resolved file says all that follows."""
    changes = [{"after": 50, "schedule": "linear"}]
    scenario = scenario_from(tables({"schedule": decay, "changes": changes}))
    table = [{"after": 50, "schedule": {"decay": "linear"}}]
    assert scenario == scenario_from(tables({"schedule": {"decay": decay}, "changes": table}))
    assert reread(tmp_path, scenario) == scenario


def test_a_bare_word_that_says_too_little_or_nothing_is_a_fault_in_words() -> None:
    at, text = fault_of({"schedule": "cosin"})
    assert at == "optimizer[1].schedule"
    assert "did you mean `cosine`?" in text
    at, text = fault_of({"schedule": "step"})
    assert at == "optimizer[1].schedule"
    assert "cosine" in text


def test_the_schema_knows_the_bare_words() -> None:
    described = json.dumps(json_schema())
    (words,) = {tuple(each) for each in _enums(json.loads(described)) if "cosine" in each and "wsd" in each}
    assert set(words) >= set(BARE)
    assert "step" not in words


def _enums(schema: Any) -> Iterator[list[Any]]:
    """All lists of allowed words in a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            yield schema["enum"]
        for part in schema.values():
            yield from _enums(part)
    if isinstance(schema, list):
        for part in schema:
            yield from _enums(part)


@pytest.mark.parametrize("decay", schedule_names())
def test_the_example_of_a_decay_is_all_that_must_be_given(decay: str) -> None:
    lr = rates(group_of(schedule={"decay": decay, **schedules.schedule(decay).example}).schedule, 0.3, 40)
    assert np.isfinite(lr).all()
    assert 0.1 < lr.max() <= 0.3


SCALED = [
    ("linear", 1, {"batch": 4}, 4.0),
    ("linear", 8, {"batch": 4}, 0.5),
    ("sqrt", 1, {"batch": 4}, 2.0),
    ("linear", 1, {"batch": "full"}, 20.0),
    ("linear", 1, {"batch": 2, "accumulate": 3}, 6.0),
    ("sqrt", 5, {"batch": "full"}, 2.0),
    ("linear", 1, {"batch": "full", "accumulate": 3}, 20.0),
    ("linear", 10, {"batch": 8, "accumulate": 5}, 2.0),
]


@pytest.mark.parametrize(("scaling", "meant", "batch", "factor"), SCALED)
def test_the_resolved_lr_is_scaled_once(
    tmp_path: Path, scaling: str, meant: int, batch: dict[str, Any], factor: float
) -> None:
    scenario = scenario_from(tables({"lr_scaling": scaling, "lr_batch": meant, **batch}))
    assert scenario.optimizer[0].settings.lr == pytest.approx(0.1 * factor, rel=1e-15)
    text = resolved_toml(scenario)
    assert "lr_scaling" not in text
    assert "lr_batch" not in text
    assert reread(tmp_path, scenario) == scenario


def test_an_lr_that_is_not_given_is_scaled_too() -> None:
    plain, scaled = scenario_from(tables({}, {"lr_scaling": "linear", "lr_batch": 1, "batch": 5})).optimizer
    assert scaled.settings.lr == 5 * plain.settings.lr
    (adam,) = scenario_from(
        {
            "surface": {"kind": "saddle"},
            "run": {"updates": 1},
            "optimizer": [{"kind": "adam", "batch": 5, "lr_scaling": "linear", "lr_batch": 10}],
        }
    ).optimizer
    assert adam.settings.lr == 0.0005


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"lr_scaling": "linear"}, "lr_batch", "missing, and lr_scaling means nothing without it; from 1 to"),
    ({"lr_batch": 4}, "lr_scaling", 'missing, and lr_batch means nothing without it; "linear", "sqrt"'),
    ({"lr_batch": 0, "lr_scaling": "sqrt"}, "lr_batch", "out of range; from 1"),
    ({"lr_batch": 4, "lr_scaling": "linaer"}, "lr_scaling", "not known; did you mean `linear`?"),
    ({"lr_batch": "full", "lr_scaling": "linear"}, "lr_batch", "wrong type; a whole number"),
]
SCHEDULE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"decay": "multistep", "milestones": [5]}, "decay", "not known; did you mean `multi_step`?"),
    ({"warmup": 5, "warmup_kind": "expo"}, "warmup_kind", '"linear", "constant", "exponential"'),
    ({"warmup": 5, "warmup_kind": "linaer"}, "warmup_kind", "did you mean `linear`?"),
    ({"warmup": 5, "warmup_factor": 0}, "warmup_factor", "out of range; above 0"),
    ({"warmup": 5, "warmup_factor": 1.5}, "warmup_factor", "out of range; of at most 1"),
    ({"warmup_fctor": 0.5}, "warmup_fctor", "unknown key for constant; did you mean `warmup_factor`?"),
    ({"decay": "one_cycle", "warmup": 5}, "warmup", "unknown key for one_cycle; pct_start"),
    ({"decay": "cyclic", "base_factor": 0.1, "step_size_up": 5, "warmup": 5}, "warmup", "unknown key for cyclic"),
    ({"decay": "multi_step"}, "milestones", "missing; a list of 1 to 1000: each a whole number from 1"),
    ({"decay": "multi_step", "milestones": []}, "milestones", "a list of 1 to 1000: each"),
    ({"decay": "multi_step", "milestones": [5, "x"]}, "milestones[2]", '"x"; "2 epochs"'),
    ({"decay": "multi_step", "milestones": [0]}, "milestones[1]", "out of range; from 1"),
    ({"decay": "cosine_restarts"}, "T_0", "missing"),
    ({"decay": "cosine_restarts", "T_0": 5, "T_mult": 0}, "T_mult", "out of range; from 1 to 1000"),
    ({"decay": "cosine_restarts", "T_0": 5, "T_mult": 1.5}, "T_mult", "wrong type; a whole number"),
    ({"decay": "polynomial", "power": 0}, "power", "out of range; above 0"),
    ({"decay": "one_cycle", "pct_start": 30}, "pct_start", "out of range; from 0 to 1"),
    ({"decay": "one_cycle", "anneal_strategy": "cosine"}, "anneal_strategy", 'not known; "cos", "linear"; `cos`?'),
    ({"decay": "one_cycle", "div_factor": 0}, "div_factor", "out of range; above 0"),
    ({"decay": "one_cycle", "three_phase": 1}, "three_phase", "wrong type; true or false"),
    ({"decay": "cyclic", "step_size_up": 5}, "base_factor", "missing; from 0 to 1"),
    ({"decay": "cyclic", "base_factor": 0.5}, "step_size_up", "missing"),
    ({"decay": "cyclic", "base_factor": 0.5, "step_size_up": 5, "mode": "triangle"}, "mode", "`triangular`?"),
    ({"decay": "piecewise"}, "points", "missing; a list of 1 to 1000: each a list of 2"),
    ({"decay": "piecewise", "points": [[0, 1], [5]]}, "points[2][2]", "missing"),
    ({"decay": "piecewise", "points": [[0, -1]]}, "points[1][2]", "out of range; a number of at least 0"),
    ({"decay": "piecewise", "points": [[-1, 1]]}, "points[1][1]", "out of range; from 0"),
    (
        {"decay": "piecewise", "points": [["5%", 1], [5, 2]]},
        "points[2][1]",
        "5 updates; earlier than the point before; 10 updates",
    ),
]


def fault_of(group: dict[str, Any]) -> tuple[str, str]:
    """Key and text of the one fault of a group."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables(group))
    (fault,) = caught.value.faults
    return fault.key, str(fault)


@pytest.mark.parametrize(("group", "key", "words"), FAULTS)
def test_faults_of_scaling_in_words(group: dict[str, Any], key: str, words: str) -> None:
    at, text = fault_of(group)
    assert at == f"optimizer[1].{key}"
    assert [word for word in words.split("; ") if word not in text] == []


@pytest.mark.parametrize(("schedule", "key", "words"), SCHEDULE_FAULTS)
def test_faults_of_schedules_in_words(schedule: dict[str, Any], key: str, words: str) -> None:
    at, text = fault_of({"schedule": schedule})
    assert at == f"optimizer[1].schedule.{key}"
    assert [word for word in words.split("; ") if word not in text] == []


def test_times_are_compared_in_the_updates_of_each_group() -> None:
    schedule = {"decay": "piecewise", "points": [[3, 1], ["1 epoch", 0.5]]}
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables({"schedule": schedule}, {"batch": "full", "schedule": schedule}))
    assert [fault.key for fault in caught.value.faults] == ["optimizer[2].schedule.points[2][1]"]


def test_all_faults_come_at_once() -> None:
    late = {"decay": "piecewise", "points": [[5, 1], [2, 0.5]]}
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables({"lr_scaling": "sqrt", "schedule": late}, {"schedule": {"warmup_factor": 2}}))
    assert {fault.key for fault in caught.value.faults} == {
        "optimizer[1].lr_batch",
        "optimizer[1].schedule.points[2][1]",
        "optimizer[2].schedule.warmup_factor",
    }


def test_the_schema_knows_every_schedule() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    held = {table["properties"]["decay"].get("const"): table for table in schema["$defs"].values() if is_decay(table)}
    assert set(held) == set(schedule_names())
    for name in schedule_names():
        warmup = Warmup._fields if schedules.schedule(name).warmup else ()
        assert set(held[name]["properties"]) == {"decay", *warmup, *schedules.schedule(name).settings._fields}
        assert held[name]["additionalProperties"] is False
        assert all(described["description"] for described in held[name]["properties"].values())


def is_decay(table: dict[str, Any]) -> bool:
    """Whether a definition of the schema is a schedule."""
    return "const" in table.get("properties", {}).get("decay", {})
