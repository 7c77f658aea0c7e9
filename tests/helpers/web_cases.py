"""Portable runs on the CPU, and the same runs as a page makes them: by engine.js in node."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine import blocks
from errsurf.engine.examples import Problem, problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.rule import first_memory
from errsurf.engine.segments import advance_segments, group_plans, group_rates
from errsurf.scenario import scenario_from
from errsurf.settings.regions import Region
from errsurf.web.modules import page_data, page_modules, surface_data

NODE = shutil.which("node")
DRIVER = Path(__file__).parent / "web_in_node.js"
UPDATES, EVERY = 200, 50
RATES = {"dadapt_sgd": 1.0, "mechanic": 1.0, "prodigy": 1.0}


class Case(NamedTuple):
    """A surface, the plans of each group's segments, where the particles start (particles, 2), and regions."""

    data: Problem
    groups: list[list[GroupPlan]]
    theta: NDArray[np.float64]
    regions: tuple[Region, ...] = ()


def case(
    kind: str,
    rules: Sequence[str],
    precision: str = "float32",
    *,
    surface: Mapping[str, Any] | None = None,
    run: Mapping[str, Any] | None = None,
    group: Mapping[str, Any] | None = None,
    region: Sequence[Mapping[str, Any]] = (),
    particles: int = 300,
    updates: int = UPDATES,
) -> Case:
    """Portable groups, one a rule, with more keys for the tables of a scenario."""
    tables = {
        "seed": 7,
        "surface": {"kind": kind, **(surface or {})},
        "swarm": {"particles": particles},
        "run": {"updates": updates, "precision": precision, "rounding": "portable", **(run or {})},
        "optimizer": [{"kind": rule, "label": rule, "batch": 4, **(group or {})} for rule in rules],
        "region": list(region),
    }
    scenario = scenario_from(tables, None, name="case")
    data = problem(*scenario.drawn_from)
    (x0, x1), (y0, y1) = data.surface.window
    theta = np.random.default_rng(3).uniform((x0, y0), (x1, y1), (particles, 2))
    groups = [group_plans(scenario, data, k, group_rates(scenario, k), 7) for k in range(len(rules))]
    return Case(data, groups, theta, scenario.regions)


def run_here(plans: list[GroupPlan], theta: NDArray[np.float64], updates: int = UPDATES) -> tuple[Any, Any, Any]:
    """Frames (frames, particles, 2), where particles diverged, entered and left, by the kernels of the CPU."""
    state = blocks.initial_state(plans[0], theta)
    frames = blocks.empty_frames(plans[0], np.arange(EVERY, updates + 1, EVERY))
    with ThreadPoolExecutor(1) as pool:
        advance_segments(plans, state, updates, frames, pool, Event(), lambda _made: None)
    return frames.position, state.diverged, state.passages


def page_plan(
    name: str, plans: list[GroupPlan], theta: NDArray[np.float64], regions: Sequence[Region] = ()
) -> dict[str, Any]:
    """What ``group`` of engine.js takes."""
    first = plans[0]
    memory = first_memory(first.rule, first.chosen, theta)
    return {
        "rule": name,
        "particles": first.particles,
        "seed": first.order.seed,
        "sampling": first.order.kind,
        "shared": first.loop == "shared" and not first.full,
        "noise": first.rule.noise,
        "clip": first.rule.clip,
        "regions": [region._asdict() for region in regions],
        "memory": [_words(np.broadcast_to(values, len(theta))) for values in memory],
        "segments": [
            {
                "first": plan.begin.update,
                "epoch": plan.begin.epoch,
                "slot": plan.begin.slot,
                "sampling": plan.order.kind,
                "batches": plan.batches._asdict(),
                "settings": _words(plan.settings[: len(plan.settings) - len(plan.region_numbers)]),
                "constants": _words(plan.step_constants),
            }
            for plan in plans
        ],
    }


def in_node(made: Case, calls: str, updates: int = UPDATES) -> Any:
    """What a function body returns that knows the ``engine``, its ``plans`` and ``theta``; floats come as bits."""
    assert NODE
    told = json.dumps(page_case(made, updates) | {"calls": calls})
    done = subprocess.run([NODE, str(DRIVER)], input=told, encoding="utf-8", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return _arrays(json.loads(done.stdout))


def page_case(made: Case, updates: int = UPDATES) -> dict[str, Any]:
    """Modules, surface, plans and starts of a case, as engine.js takes them once texts of bits are numbers again."""
    names = [f"{k}" for k in range(len(made.groups))]
    first = made.groups[0][0]
    precision = str(first.table.dtype)
    rules = {name: plans[0].rule._replace(regions=()) for name, plans in zip(names, made.groups, strict=True)}
    modules = page_modules(made.data, precision, rules, {first.rule.noise})
    surface = {
        key: _words(np.array(value)) if key in ("table", "test", "terms") else value
        for key, value in surface_data(made.data, precision).items()
    }
    return {
        "modules": page_data(modules),
        "surface": surface,
        "plans": [
            page_plan(name, plans, made.theta, made.regions) for name, plans in zip(names, made.groups, strict=True)
        ],
        "theta": _words(made.theta),
        "updates": updates,
        "every": EVERY,
    }


def _words(values: Any) -> dict[str, str]:
    """Numbers as text that keeps all bits."""
    return {"float64": np.ascontiguousarray(values, np.float64).tobytes().hex()}


def _arrays(value: Any) -> Any:
    """What node wrote, with arrays in place of texts."""
    if isinstance(value, list):
        return [_arrays(each) for each in value]
    if isinstance(value, dict) and len(value) == 1 and (kind := next(iter(value))) in ("float32", "float64", "uint32"):
        return np.frombuffer(bytes.fromhex(value[kind]), kind)
    return {key: _arrays(each) for key, each in value.items()} if isinstance(value, dict) else value
