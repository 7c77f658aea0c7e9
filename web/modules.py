"""The modules that a page needs for a scenario, and their form in the page."""

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from errsurf.engine.examples import Problem
from errsurf.engine.kernel_sources import LANES
from errsurf.engine.random_lanes import MADE, Order, index_type, network_of, order_loop
from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer_names
from errsurf.sampling.orders import KINDS
from errsurf.surfaces import Surface
from errsurf.web import layout
from errsurf.web.option_modules import option_kernels, option_make
from errsurf.web.precompile import compile_rules
from errsurf.web.random_modules import NUMBERS, number_kernels, number_make, order_kernels, order_make
from errsurf.web.rule_parts import Part, rule_part
from errsurf.web.sources import Module
from errsurf.web.store import stored
from errsurf.web.surface_modules import batch_kernels, batch_make, total_kernels, total_make


def page_modules(
    data: Problem, precision: str, rules: Mapping[str, Rule], noise: Collection[str] = ("isotropic", "stable")
) -> dict[str, dict[str, Part]]:
    """All modules that a page needs to run some rules, by the names it has for them, on a surface.

    Keys "surface", "rules", "orders", "numbers" and "options".  ``noise`` are kinds that the page offers; "matched" and
    rules that take the curvature need another module of the surface.
    """
    second = "matched" in noise or any(rule.optimizer.takes("curvature") for rule in rules.values())
    scratch = max(layout.SCRATCH_ROWS, layout.scratch_rows(data.surface))
    kinds = ["gradient"] + ["all"] * second + ["curvature"] * (second and data.surface.lookup is not None)
    terms = len(data.terms) if data.surface.lookup is None else 1
    known = optimizer_names()
    plain = [name for name, rule in rules.items() if name in known and rule == Rule(rule.optimizer)]
    compile_rules(plain, precision, scratch)
    surface = {
        kind: Part(surface_module(data.kind, data.surface, precision, terms, kind, scratch), {}) for kind in kinds
    }
    surface["totals"] = Part(totals_module(data.kind, data.surface, terms), {})
    return {
        "surface": surface,
        "rules": {name: rule_part(rule, precision, scratch) for name, rule in rules.items()},
        "orders": {kind: order_part(kind, len(data.train)) for kind in KINDS},
        "numbers": {loop: Part(number_module(loop, precision), {}) for loop in NUMBERS},
        "options": {"all": Part(option_module(precision), {})},
    }


def surface_module(name: str, surface: Surface, precision: str, terms: int, kind: str, scratch: int) -> Module:
    """The module of a surface's sums over batches: "gradient", "curvature" or "all"."""
    kernels = batch_kernels(name, surface, precision, terms, kind, scratch)
    return stored(kernels, batch_make(kernels, precision, surface))


def totals_module(name: str, surface: Surface, terms: int) -> Module:
    """The module of a surface's losses and derivatives in float64."""
    kernels = total_kernels(name, surface, terms)
    return stored(kernels, total_make(kernels, surface))


def order_part(kind: str, examples: int) -> Part:
    """The module of an order of so many examples."""
    loop = order_loop(Order(kind, examples, 0))
    kernels = order_kernels(loop)
    count, made = MADE[loop]
    facts = {
        "index": index_type(examples)().itemsize,
        "scratch": count * made().itemsize,
        "network": network_of(examples) if loop == "networked" else (0, 0, 0),
    }
    return Part(stored(kernels, order_make(kernels, loop, examples)), facts)


def number_module(loop: str, precision: str) -> Module:
    """The module of ``fill_normal`` or ``fill_uniform``."""
    kernels = number_kernels(loop, precision)
    return stored(kernels, number_make(kernels, loop, precision))


def option_module(precision: str) -> Module:
    """The module of noise and clipping."""
    kernels = option_kernels(precision)
    return stored(kernels, option_make(kernels, precision))


def page_data(modules: Mapping[str, Mapping[str, Part]], known: Iterable[Part] = ()) -> str:
    """Modules as the JSON text that ``unpackModules`` of engine.js reads: codes deflated together, in base64.

    The codes of modules that the page has in another place are left out: those of ``known``, which come first.
    """
    codes: dict[bytes, int] = {}
    slots: list[tuple[str, ...]] = []
    for part in known:
        dict(_entries(part, codes, slots))
    before = len(codes)
    tree = {
        group: {name: dict(_entries(part, codes, slots)) for name, part in parts.items()}
        for group, parts in modules.items()
    }
    deflated = base64.b64encode(zlib.compress(b"".join(list(codes)[before:]), 9)).decode()
    layout_rows = {"sum": layout.SUM, "mean": layout.MEAN, "theta": layout.THETA, "sums": layout.SUMS}
    return json.dumps(
        {"deflated": deflated, "slots": slots, "modules": tree, "lanes": LANES, "rows": layout_rows},
        separators=(",", ":"),
    )


def _entries(part: Part, codes: dict[bytes, int], slots: list[tuple[str, ...]]) -> Iterator[tuple[str, Any]]:
    """What is said of one module: where its code lies, its exports' slots by their number, and its facts."""
    code = part.module.code
    at = codes.setdefault(code, sum(map(len, codes)))
    yield "at", [at, at + len(code)]
    exports = {}
    for name, each in part.module.exports.items():
        if each not in slots:
            slots.append(each)
        exports[name] = slots.index(each)
    yield "exports", exports
    yield from part.facts.items()


def surface_data(data: Problem, precision: str) -> dict[str, Any]:
    """The numbers of a surface as ``surface`` of engine.js takes them, with arrays as lists."""
    kind = "lookup" if data.surface.lookup else "own" if data.surface.examples else "generic"
    return {
        "kind": kind,
        "precision": precision,
        "columns": len(data.columns),
        "example": data.columns.index("example") if kind == "lookup" else -1,
        "table": data.train.ravel().tolist(),
        "test": data.test.ravel().tolist(),
        "terms": data.terms.ravel().tolist(),
        "termShape": list(data.terms.shape),
    }
