"""The archive of modules of all that comes with the package: ``python -m errsurf.web.archive FILE``.

It is made when a wheel is built, so that a page is exported without compiling anything.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.surfaces import Surface, surface, surface_names
from errsurf.system.atomic_write import whole_file
from errsurf.system.processors import threads
from errsurf.web import modules, store
from errsurf.web.layout import SCRATCH_ROWS
from errsurf.web.random_modules import NUMBERS
from errsurf.web.rule_parts import rule_part
from errsurf.web.sources import Module

PRECISIONS = ("float32", "float64")
# One number of examples for each kernel of orders and each type of index.
EXAMPLES = (20, 200, 1000, 70_000)
# Surfaces whose settings say how many terms they have, with the numbers that are held.
TERMS = {"wells": range(1, 9)}


def makers() -> Iterator[partial[Module]]:
    """What makes the modules of all built in: surfaces with their default settings, and rules without wrappers."""
    surfaces = [(name, terms) for name in surface_names() for terms in TERMS.get(name, (0,))]
    for name, terms in surfaces:
        yield partial(_totals, name, terms)
    for precision in PRECISIONS:
        for name, terms in surfaces:
            kinds = ("gradient", "all", "curvature") if surface(name).lookup else ("gradient", "all")
            yield from (partial(_sums, name, terms, precision, kind) for kind in kinds)
        yield from (partial(_rule, name, precision) for name in optimizer_names())
        yield from (partial(modules.number_module, loop, precision) for loop in NUMBERS)
        yield partial(modules.option_module, precision)
    for examples in EXAMPLES:
        yield partial(_order, "reshuffle", examples)
        yield partial(_order, "replacement", examples)


def made() -> dict[str, bytes]:
    """All modules by their keys."""
    with ProcessPoolExecutor(threads()) as pool:
        found = [task.result() for task in [pool.submit(_made, maker) for maker in makers()]]
    return dict(found)


def _made(maker: Callable[[], Module]) -> tuple[str, bytes]:
    module = maker()
    return module.key, module.code


def _record(name: str) -> tuple[Surface, int]:
    """A surface as it is by default, without shifts of examples of its own, and its number of terms."""
    record = surface(name)
    if record.examples:
        record = replace(record, generic=False)
    return record, len(record.terms(record.settings())) if record.terms else 1


def _sums(name: str, terms: int, precision: str, kind: str) -> Module:
    record, default = _record(name)
    return modules.surface_module(name, record, precision, terms or default, kind, SCRATCH_ROWS)


def _totals(name: str, terms: int) -> Module:
    record, default = _record(name)
    return modules.totals_module(name, record, terms or default)


def _rule(name: str, precision: str) -> Module:
    return rule_part(Rule(optimizer(name)), precision).module


def _order(kind: str, examples: int) -> Module:
    return modules.order_part(kind, examples).module


def main(file: str) -> None:
    """Write the archive."""
    with whole_file(Path(file)) as part:
        part.write(store.packed(made()))


if __name__ == "__main__":
    main(sys.argv[1])
