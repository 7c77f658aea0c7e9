"""The page that computes its run, put together: the kernels as WebAssembly, its worker, and what it knows."""

import json
import zlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.page.assembly import map_arrays, page_run
from errsurf.drawing.page.content import Content
from errsurf.drawing.page.formula_box import FORMULAS, box_facts, can_have_box, worker_script
from errsurf.drawing.page.formula_box import WORKER as BOX
from errsurf.drawing.page.live import Live, live
from errsurf.drawing.page.markup import in_script
from errsurf.drawing.page.pack import byte_planes, folded_changes, places, plane_codes
from errsurf.drawing.page.parts import Part, packed_part
from errsurf.drawing.page.template import FOLDER, live_script, page_texts, put_together, shortened
from errsurf.engine.examples import Problem
from errsurf.engine.rule import Rule
from errsurf.errors import UserError
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.run.simulation import LOSS_EVALUATIONS
from errsurf.sampling.orders import KINDS
from errsurf.scenario import carried_text
from errsurf.scenario.scenario import rate_each, segments
from errsurf.web.formulas import every_record, formulas, script
from errsurf.web.layout import SCRATCH_ROWS
from errsurf.web.modules import number_module, option_module, order_part, page_data, page_modules, surface_data
from errsurf.web.precompile import compile_rules
from errsurf.web.random_modules import NUMBERS
from errsurf.web.rule_parts import Part as Known
from errsurf.web.rule_parts import rule_part
from errsurf.words import said
from errsurf.wrappers import records

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

BITS = 16
SOME_EXAMPLES = (20, 200, 1000)
"""One number of examples for each kernel of orders of few examples: see web/archive.py."""
WORKER = ("clock", "batches", "frame_numbers", "thinning", "planning", "verdicts", "following", "worker")


@dataclass(frozen=True)
class LivePage:
    """A page that computes its run, before it is put together: its texts, its part, what made it, and whether it has
    a formula box."""

    texts: dict[str, Any]
    part: Part
    made: str
    box: bool


def live_page(
    scenario: "Scenario",
    kinds: Sequence[str] | None = None,
    *,
    embed: bool = False,
    presets: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The whole page; the scenario's groups are computed in the browser, with settings that its user changes.

    ``kinds`` are the optimizers to choose from besides the scenario's; all unless they are given.  With ``embed`` it
    has no title and no footer, for a frame in another page.  Where the surface is a formula without columns, the page
    has a box for another one, and offers ``presets``: see ``playground``.  Raises UserError for a scenario with a
    record whose formulas cannot be translated.
    """
    box = can_have_box(scenario)
    text, missing = worker_text([scenario], box=box)
    found = read_pages([scenario], kinds, missing, presets=presets)[0]
    arrays = {**found.part.arrays, "worker": as_bytes(text), "page": as_bytes(live_script(box=box))}
    directory, data = packed_part(Part(found.part.told, arrays))
    return put_together(found.texts, directory, data, found.made, live=True, box=box, embed=embed)


def read_pages(
    versions: Sequence["Scenario"],
    kinds: Sequence[str] | None,
    missing: Mapping[tuple[str, str], str],
    known: Sequence[Known] = (),
    presets: Sequence[Mapping[str, Any]] = (),
) -> list[LivePage]:
    """What the page of a scenario is told in each of its ``versions``, which differ in their language alone.

    The scripts that are the same for all pages are left out, and so are ``known`` modules.  ``presets`` are those of a
    formula box.  ``missing`` are records without translation.  Raises UserError as ``live_page``.
    """
    scenario, findings = versions[0], None
    _require(scenario, missing)
    names = optimizer_names() if kinds is None else sorted({*kinds, *(group.kind for group in scenario.optimizer)})
    names = [name for name in names if ("optimizer", name) not in missing]
    lacking = {each for each in missing if each[0] in ("schedule", "start")}
    pages: list[LivePage] = []
    modules: tuple[dict[str, Any], NDArray[np.uint8]] | None = None
    for written in versions:
        shown = replace(written, run=written.run._replace(rounding="portable"))
        found = live(shown, names, lacking, findings)
        findings = found.findings
        modules = modules or _modules(found.problem, shown.run.precision, rules_of(shown, names), known)
        pages.append(_page(shown, found, *modules, presets))
    return pages


def _page(
    scenario: "Scenario",
    found: Live,
    modules: dict[str, Any],
    codes: NDArray[np.uint8],
    presets: Sequence[Mapping[str, Any]],
) -> LivePage:
    run = page_run(found.content, places(found.content.scene.maps.window, BITS), {}, 0) | {"trails": []}
    told = found.told | {"modules": modules, "themes": run.pop("themes"), "surface": _surface(found.problem, scenario)}
    if box := can_have_box(scenario):
        told |= box_facts(scenario, told, presets)
    made = said(f"Made by errsurf {version('errsurf')}, seed {scenario.seed}.", scenario.language)
    arrays = _map_arrays(found.content) | found.arrays | {"codes": codes}
    texts = page_texts(found.content, run) | {"origin": in_script(carried_text(scenario))}
    return LivePage(texts, Part({"run": run, "live": told}, arrays), made, box)


def rules_of(scenario: "Scenario", kinds: Sequence[str]) -> dict[str, Rule]:
    """The rules that the page has kernels of: these optimizers, and those of the scenario with their wrappers."""
    found = {name: Rule(optimizer(name)) for name in kinds}
    for group in scenario.optimizer:
        kinds = tuple(each.kind for each in group.wrappers)
        name = _rule_name(group.kind, kinds, each=rate_each(group))
        found[name] = Rule(optimizer(group.kind), wrappers=records(group.wrappers), rate_each=rate_each(group))
    return found


@cache
def known_modules(precision: str = "float32") -> tuple[Known, ...]:
    """The modules that pages have in common: rules without wrappers, orders, numbers, and options of gradients."""
    compile_rules(optimizer_names(), precision, SCRATCH_ROWS)
    orders = [order_part(kind, examples) for kind in KINDS for examples in SOME_EXAMPLES]
    numbers = [Known(number_module(loop, precision), {}) for loop in NUMBERS]
    rules = [rule_part(Rule(optimizer(name)), precision) for name in optimizer_names()]
    return (*rules, *orders, *numbers, Known(option_module(precision), {}))


def _rule_name(kind: str, wrappers: Sequence[str], *, each: bool) -> str:
    """As ``ruleName`` of planning.js."""
    return "+".join((kind, *wrappers)) + ("/each" if each else "")


def _modules(
    data: Problem, precision: str, rules: dict[str, Rule], known: Sequence[Known]
) -> tuple[dict[str, Any], NDArray[np.uint8]]:
    """What engine.js is told of the modules, and the codes of those that are not known."""
    told = json.loads(page_data(page_modules(data, precision, rules, ("isotropic", "stable", "matched")), known))
    return told, np.frombuffer(zlib.decompress(b64decode(told.pop("deflated"))), np.uint8)


def _surface(data: Problem, scenario: "Scenario") -> dict[str, Any]:
    """What engine.js is told of the surface besides its numbers."""
    told = surface_data(data, scenario.run.precision)
    return {key: value for key, value in told.items() if key not in ("table", "test", "terms")}


def _map_arrays(told: Content) -> dict[str, NDArray[Any]]:
    """As ``map_arrays``, the loss to a ``STEPS``-th of the band between two contours."""
    arrays = map_arrays(told)
    maps = told.scene.maps
    rows, columns = maps.grid[2].shape
    levels = maps.contours(maps.surface_loss).levels - maps.contours(maps.surface_loss).levels[0]
    place = np.interp(arrays.pop("grid").reshape(rows, columns), levels, np.arange(len(levels)))
    arrays["grid_codes"] = byte_planes(plane_codes(np.rint(place * steps(len(levels)))))
    points = arrays.pop("overlay_points")
    arrays["overlay_changes"] = byte_planes(folded_changes(points))
    if (light := arrays.pop("light", None)) is not None:
        arrays["light_codes"] = byte_planes(plane_codes(light.reshape(rows, columns)))
    return arrays


def steps(levels: int) -> int:
    """How finely the band between two of so many contours is told."""
    return min(500, 60_000 // levels)


def _require(scenario: "Scenario", missing: Mapping[tuple[str, str], str]) -> None:
    """Raise UserError if a page lacks a record that the scenario needs to run."""
    groups = scenario.optimizer
    schedules = {each.schedule.decay for group in groups for each in segments(group)}
    needed = {"optimizer": {group.kind for group in groups}, "schedule": schedules, "start": {scenario.swarm.start}}
    needed["wrapper"] = {each.kind for group in groups for each in group.wrappers}
    lacking = [why for (kind, name), why in missing.items() if name in needed.get(kind, ())]
    if lacking:
        raise UserError(*(f"{scenario.name}: no page can compute this run: {why}" for why in lacking))


def worker_text(scenarios: Sequence["Scenario"], *, box: bool = False) -> tuple[str, dict[tuple[str, str], str]]:
    """The scripts of the worker as one function, with the statistics that the scenarios' claims need.

    With a ``box`` it can make surfaces of formulas.  Records that have no translation are left out: their kind and
    name, and why.
    """
    names = (*WORKER, *(BOX if box else ()))
    needed = {claim.statistic for scenario in scenarios for claim in scenario.claim}
    chosen = [each for each in every_record() if each[0] != "statistic" or each[1] in needed]
    parts = [shortened(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8")) for name in names]
    made = formulas(chosen, FORMULAS if box else ())
    head = (
        f'(() => {{\n"use strict";\nlet [run, recording] = [null, null];\nconst LOSS_EVALUATIONS = {LOSS_EVALUATIONS};'
    )
    reading = [worker_script()] if box else []
    return "\n".join([head, script("engine"), made.text, *reading, *parts, "})();"]), made.missing


def as_bytes(text: str) -> NDArray[np.uint8]:
    """A text among arrays."""
    return np.frombuffer(text.encode(), np.uint8)
