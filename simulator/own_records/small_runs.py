"""Small runs with a record of the user's own: kernels against plain Python, twice the same, drawn and measured."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.errors import ScenarioError
from errsurf.optimizers import Hessian, Optimizer, Pair, optimizer
from errsurf.own_records.plain_rule import all_step_constants, first_memories, updated_pair
from errsurf.own_records.ranges import examples
from errsurf.own_records.source import FAILED, Source
from errsurf.own_records.surfaces import agree, mean, points, rows
from errsurf.run.result import Result
from errsurf.run.simulation import simulate
from errsurf.scenario import scenario_from
from errsurf.statistics import Statistic
from errsurf.surfaces import Surface, surface
from errsurf.wrappers import Wrapper

UPDATES, LR = 12, 0.01
PARTS = ["gradient", "movement", "effective_rate", "iterate", "memory"]
STARTS = [[0.7, -0.4], [-0.9, 1.1]]
SINGLE, ROUNDED = 0.01, 2e-6
"""How far float32 may be from float64: in lengths of the path, and by 12 roundings of theta."""


def run_of(precision: str = "float64", **tables: Any) -> Result:
    """A run of a few updates from two places on a bowl, or with the tables that are given."""
    usual = {
        "surface": {"kind": "quadratic_bowl"},
        "swarm": {"start": "points", "points": STARTS, "particles": len(STARTS)},
        "run": {"updates": UPDATES, "frames": "all", "precision": precision},
        "optimizer": [{"kind": "sgd", "lr": LR}],
    }
    return simulate(scenario_from(usual | tables), device="cpu")


def rule_faults(source: Source, record: Optimizer | Wrapper, name: str) -> None:
    """Note a rule whose kernels do not do what its formulas say, or not twice, or not in float32."""
    own = isinstance(record, Optimizer)
    group = {"kind": name, "lr": LR} if own else {"kind": "sgd", "lr": LR, "wrappers": [{"kind": name}]}
    line = source.of(record.update if isinstance(record, Optimizer) else record.after or record.before, "")
    paths = []
    for precision in ("float64", "float64", "float32"):
        result = source.call(run_of, precision, optimizer=[group])
        if result is FAILED:
            return
        paths.append(np.asarray(result.groups[0].position, np.float64))
    double, again, single = paths
    if double.tobytes() != again.tobytes():
        source.fault(line, "two runs give other numbers", "let nothing in the formula depend on what was run before")
    length = max(np.abs(np.diff(double, axis=0)).sum(axis=0).max(), 1e-12)
    if record.shown or (isinstance(record, Optimizer) and record.takes("normal")):
        return
    plain = source.call(plain_path, record)
    if plain is FAILED:
        return
    if not np.allclose(double, plain, rtol=1e-9, atol=1e-9 * length):
        k = int(np.argmax(np.abs(double - plain).max(axis=(1, 2)) > 1e-9 * length))
        words = f"the kernel is elsewhere than the formula in plain Python from update {k} on"
        source.fault(line, words, "use no state, no integers that overflow and no choice by text in the formula")
    if (away := np.abs(single - double).max()) > SINGLE * length + ROUNDED:
        words = f"float32 is {away / length:.2g} of the path away from float64"
        source.fault(line, words, "avoid differences of nearly equal numbers, and divisors below 1e-7")


def plain_path(record: Optimizer | Wrapper) -> NDArray[np.float64]:
    """The path of the small run in plain Python, (frames, particles, 2)."""
    bowl = surface("quadratic_bowl")
    (row,) = bowl.terms(bowl.settings()) if bowl.terms else [bowl.settings()]
    rule = record if isinstance(record, Optimizer) else optimizer("sgd")
    own, lr = rule.settings()._replace(lr=LR), np.full(UPDATES, LR)
    constants = all_step_constants(rule, lr, own)
    around = _Around(record, lr) if isinstance(record, Wrapper) else None
    paths = []
    for start in STARTS:
        theta, path = Pair(*start), [start]
        memories, held = first_memories(rule, own, theta), around.first(theta) if around else []
        for t, constant in enumerate(constants):
            slope = Pair(*bowl.gradient(*theta, row))
            if rule.probe:
                slope = Pair(*bowl.gradient(*rule.probe(*theta, *slope, own), row))
            bend = Hessian(*bowl.hessian(*theta, row)) if rule.takes("curvature") else None
            seen = around.before(theta, slope, t) if around else slope
            new, memories = updated_pair(rule, theta, seen, memories, constant, own, bend)
            theta, held = around.after(theta, new, slope, held, t) if around else (new, held)
            path.append([*theta])
        paths.append(path)
    return np.array(paths).transpose(1, 0, 2)


class _Around:
    """A wrapper with its default settings, in plain Python."""

    def __init__(self, record: Wrapper, lr: NDArray[np.float64]) -> None:
        self.record, self.settings = record, record.settings()
        self.constants = all_step_constants(record, lr, self.settings)

    def first(self, theta: Pair) -> list[Any]:
        return first_memories(self.record, self.settings, theta)

    def before(self, theta: Pair, slope: Pair, t: int) -> Pair:
        """The gradient that the rule gets."""
        if (change := self.record.before) is None:
            return slope
        given = [(theta, slope)] if self.record.pair else [*zip(theta, slope, strict=True)]
        made = [change(*each, self.constants[t], self.settings) for each in given]
        return Pair(*(made[0] if self.record.pair else made))

    def after(self, before: Pair, theta: Pair, slope: Pair, held: list[Any], t: int) -> tuple[Pair, list[Any]]:
        """Theta after update t, of which the rule made ``theta``, and the memories."""
        if (change := self.record.after) is None:
            return theta, held
        given = [(before, theta, slope)] if self.record.pair else [*zip(before, theta, slope, strict=True)]
        made = [change(*each, m, self.constants[t], self.settings) for each, m in zip(given, held, strict=True)]
        new = made[0][0] if self.record.pair else [at for at, _ in made]
        return Pair(*map(float, new)), [memory for _, memory in made]


def surface_faults(source: Source, record: Surface, name: str) -> None:
    """Note a surface whose kernels do not give what its formulas say, or on which nothing runs."""
    from errsurf.engine.landscape import surface as landscape

    made = source.call(landscape, name)
    if made is FAILED or record.lookup:
        return
    x, y = points(record, 50)
    table = [record.row(*row) for row in made.train[:, : len(record.row._fields)].tolist()] if record.examples else []
    table = table or rows(source, record, record.settings())
    for formula, count in (("loss", 1), ("gradient", 2), ("hessian", 3)):
        found = source.call(getattr(made, formula), np.stack([x, y], axis=1))
        if found is FAILED:
            return
        plain = mean(getattr(record, formula), x, y, table) * (1 if record.examples else len(table))
        if not all(agree(np.reshape(found, (50, count))[:, k], plain[:, k]) for k in range(count)):
            words = f"the kernel of `{formula}` gives other numbers than the formula in NumPy"
            source.fault(source.of(getattr(record, formula), formula), words, "use the functions of the guide only")
    middle = np.mean(record.window, axis=1).tolist()
    swarm = {"start": "point", "at": middle, "particles": 2}
    source.call(run_of, surface={"kind": name}, swarm=swarm, optimizer=[{"kind": "sgd", "lr": 0.0}])


def statistic_faults(source: Source, record: Statistic, name: str) -> None:
    """Note a statistic that gives no row of numbers for each particle of a small run, or for the group."""
    from errsurf.measures.asking import asked_measure
    from errsurf.measures.view import view
    from errsurf.run_analysis.findings import Findings

    groups = [{"kind": "sgd", "lr": LR, "label": label} for label in ("one", "other")]
    result = run_of(run={"updates": UPDATES, "frames": "all", "record": PARTS}, optimizer=groups)
    asked = {"statistic": name, **examples(record.settings)}
    try:
        settings = asked_measure(
            result, asked | {key: key for key in record.settings._fields if key == "other"}
        ).settings
    except ScenarioError:  # a setting that must be given has no example
        return
    seen = view(Findings(result), result.groups[0].label, "100%")
    rows = source.call(record.values, seen, settings)
    if rows is FAILED:
        return
    found, line = np.asarray(rows), source.of(record.values, "values")
    if found.dtype.kind not in "biuf" or found.ndim == 0 or len(found) not in (1, len(STARTS)):
        remedy = "give an array with one number a particle, (particles,), or one of the group, (1,)"
        source.fault(line, f"`values` gives {_kind(rows)} for {len(STARTS)} particles", remedy)
    elif found.ndim != 1 and record.number is None and not record.rate:
        remedy = "give one number a particle, or `number`, which makes one of all rows"
        source.fault(line, f"`values` gives {_kind(rows)}", remedy)


def _kind(value: Any) -> str:
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"


def picture_faults(source: Source, kind: str, name: str) -> None:
    """Note a chart, an overlay or a format that cannot draw a small run."""
    from errsurf.drawing.formats import PictureRequest, picture_format
    from errsurf.run_analysis.findings import Findings

    pictures: dict[str, dict[str, Any]] = {
        "charts": {"chart": name.replace("_", " ")},
        "overlays": {"overlays": [name]},
        "formats": {},
    }
    run = {"updates": UPDATES, "frames": "all", "record": PARTS}
    result = source.call(run_of, run=run, picture=pictures[kind])
    if result is FAILED:
        return
    findings = Findings(result)
    request = PictureRequest(result, findings.critical, findings.basin_of, findings.regions)
    source.call(picture_format(name if kind == "formats" else "png").write, request, BytesIO())


CHECKS: dict[str, Callable[..., None]] = {
    "optimizers": rule_faults,
    "wrappers": rule_faults,
    "surfaces": surface_faults,
}


def run_faults(source: Source, kind: str, record: Any, name: str) -> None:
    """Note what goes wrong in small runs with a record."""
    if kind in CHECKS:
        CHECKS[kind](source, record, name)
    elif kind == "statistics":
        statistic_faults(source, record, name)
    elif kind in ("charts", "overlays", "formats"):
        picture_faults(source, kind, name)
