"""Runs as the scripts of a live page know them, for claims that are checked by node."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from errsurf.engine.kernel_sources import gradient_evaluations
from errsurf.measures.view import RunView
from errsurf.optimizers import optimizer
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.scenario import group_phases, segments, total_updates
from errsurf.web.modules import page_data, surface_data, totals_module
from errsurf.web.rule_parts import Part

SCRIPT = """
const typed = (list) => Float64Array.from(list.flat(Infinity));
const asked = ([k, ...key]) => (particle, slot, slots, batch) => {
  const found = told.orders[[k, particle, slot, slots, batch].join(" ")];
  if (!found) throw new Error("order " + [k, particle, slot, slots, batch]);
  return found;
};
const read = async () => {
  const engine = createEngine(await unpackModules(told.modules));
  const { table, test, terms, ...rest } = told.surface;
  engine.surface({ ...rest, table: typed(table), test: typed(test), terms: typed(terms) });
  const groups = told.groups.map((group, k) => groupOf({
    ...group, position: typed(group.position), trainLoss: typed(group.trainLoss), testLoss: typed(group.testLoss),
    lr: typed(group.lr), phases: formulas.phases(group.plans.map(([first, plan]) => [first, batchPlan(...plan)])),
    order: asked([k]), parts: Object.fromEntries(Object.entries(group.parts).map(([key, part]) => [key, typed(part)])),
  }));
  return { ...told.findings, landscape: landscapeOf(engine, told.evaluations), result: { groups } };
};
"""


@contextmanager
def kept_orders() -> Iterator[dict[str, list[int]]]:
    """The orders of examples that views ask for in the meantime."""
    kept: dict[str, list[int]] = {}
    usual = RunView._examples

    def examples(self: RunView, particle: int, first_slot: int, slots: int, batch: Any) -> Any:
        found = usual(self, particle, first_slot, slots, batch)
        kept[f"{self.k} {int(particle)} {first_slot} {slots} {batch}"] = found.tolist()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunView, "_examples", examples)
        yield kept


def recording(findings: Findings, orders: dict[str, list[int]]) -> dict[str, Any]:
    """What SCRIPT reads."""
    result, scenario = findings.result, findings.result.scenario
    names = findings.names if findings.critical else None
    data, examples = result.landscape.problem, scenario.surface.train.examples
    terms = len(data.terms) if data.surface.lookup is None else 1
    return {
        "modules": page_data({"surface": {"totals": Part(totals_module(data.kind, data.surface, terms), {})}}),
        "surface": surface_data(data, "float64"),
        "evaluations": result.landscape.evaluations,
        "orders": orders,
        "claims": [claim._asdict() for claim in scenario.claim],
        "findings": {
            "minima": [minimum(each) for each in findings.minima],
            "names": {"titles": names.titles, "minima": names.minima} if names else {},
            "examples": examples,
            "regions": [region._asdict() for region in scenario.regions],
            "replacement": scenario.run.sampling.kind == "replacement",
        },
        "groups": [group(findings, k, examples) for k in range(len(result.groups))],
    }


def minimum(point: Any) -> dict[str, Any]:
    return {"x": point.x, "y": point.y, "is_floor": point.is_floor, "curve": point.curve}


def group(findings: Findings, k: int, examples: int) -> dict[str, Any]:
    """The arrays of a group by their names in JavaScript."""
    made, table, run = findings.result.groups[k], findings.result.scenario.optimizer[k], findings.result.scenario.run
    return {
        "label": made.label, "update": made.update, "examplesSeen": made.examples_seen, "lr": made.lr,
        "position": np.asarray(made.position, np.float64), "diverged": made.diverged,
        "lossParticles": made.loss_particles, "trainLoss": made.train_loss, "testLoss": made.test_loss,
        "watched": made.watched, "parts": dict(made.parts), "secondsAnUpdate": made.seconds_an_update,
        "plans": [(phase.first, phase.plan) for phase in map(plain_plan, group_phases(table, examples, run.sampling))],
        "batches": [(segment.first, segment.batch) for segment in segments(table)],
        "updates": total_updates(run, table, examples), "entered": made.entered, "left": made.left,
        "evaluations": gradient_evaluations(optimizer(table.kind)),
    }  # fmt: skip


def plain_plan(phase: Any) -> Any:
    return phase._replace(plan=[phase.plan.examples, phase.plan.size, phase.plan.accumulate, phase.plan.rest])
