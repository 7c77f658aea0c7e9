"""Example gradients and updates a second, over surfaces, optimizers, particles, examples, batches, precision, threads.

Run ``python -m benchmarks --quick`` for the nine rows of docs/performance.md, ``python -m benchmarks`` for all; an
option that is given leaves the other settings out, and may be given several times.  Every case is checked against a
plain NumPy loop, compiled, then timed; its ceilings are measured in the same run.

All cases take hours: each goes to a CSV file at once, and with ``--missing`` those that are in it are left out.
"""

import os
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks.cases import EXPS, OPTIMIZERS, SECONDS, SURFACES, Case, first_run, timings
from benchmarks.ceilings import Ceilings, operations
from benchmarks.check import check, updates_to_check
from benchmarks.machine import forget_peak, memory, processors
from benchmarks.results import append_row, default_file, keep, line, rounded, rows_of, say
from errsurf.engine.random_lanes import Order, fill_order, index_type
from errsurf.system.processors import threads as all_threads

PARTICLES, EXAMPLES, BATCHES = (1, 256, 4096, 65536), (20, 1024, 60000), ("1", "8", "32", "full")
PRECISIONS = ("float32", "float64")
QUICK = tuple(
    Case(surface, examples=examples, batch=batch)
    for surface, rows in (
        ("wells", ((20, 1), (20, 8), (20, 20), (1024, 32), (1024, 1024))),
        ("linear_regression", ((20, 8), (20, 20), (1024, 32), (1024, 1024))),
    )
    for examples, batch in rows
)
HEADS = (
    *("surface", "optimizer", "particles", "N", "B", "precision", "threads", "1e9 gradients/s", "1e9 updates/s"),
    *("of gradient", "of parts", "of fma", "of exp", "compile s", "peak MiB"),
)
PARTS = ("gradient", "gather", "shuffle", "update")
WIDTHS = (17, 16, 9, 5, 5, 9, 7, 15, 13, 11, 8, 6, 6, 9, 8)


def cases(
    surfaces: Sequence[str],
    optimizers: Sequence[str],
    particles: Sequence[int],
    examples: Sequence[int],
    batches: Sequence[str],
    precisions: Sequence[str],
    threads: Sequence[int],
) -> list[Case]:
    """All combinations, each once: a batch that is not smaller than the examples is full batch."""
    made = [
        Case(surface, optimizer, count, n, n if batch == "full" else min(int(batch), n), precision, workers)
        for workers, precision, surface, optimizer, count, n, batch in product(
            threads, precisions, surfaces, optimizers, particles, examples, batches
        )
    ]
    return list(dict.fromkeys(made))


def measured(case: Case, ceilings: Ceilings, seconds: float = SECONDS) -> dict[str, Any]:
    """One row: checked, then timed; ResultError if it computes something else."""
    updates = updates_to_check(case)
    compiling, an_update, position = first_run(case, updates, ceilings.pool)
    check(case, updates, position)
    before = memory("VmRSS")
    forget_peak()
    gradients = median(timings(case, an_update, ceilings.pool, seconds))
    peak = memory("VmHWM")
    parts = ceilings.parts(case)
    fma, exp = ceilings.fma(case.precision), ceilings.exp(case.precision)
    return {
        **case._asdict(),
        "gradients_per_second": gradients,
        "updates_per_second": gradients * case.plan.updates_an_epoch / case.examples,
        "of_gradient": gradients * parts["gradient"],
        "of_parts": gradients * sum(parts.values()),
        "of_fma": gradients * operations(case.surface, case.precision) / (2 * fma),
        "of_exp": gradients * EXPS[case.surface] / exp if case.surface in EXPS else None,
        "shares": {name: gradients * part for name, part in parts.items()},
        "compile_seconds": compiling,
        "peak_bytes": None if peak is None or before is None else max(0, peak - before),
    }


def table(chosen: Sequence[Case], seconds: float, keep_row: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """All rows, said and kept as they come, and the ceilings."""
    rows, ceilings = [], []
    say(line(HEADS, WIDTHS))
    for workers in sorted({case.threads for case in chosen}):
        with processors(workers) as pool:
            fill_order(Order("once", 20, 1), _index(20), 0, 0)
            top = Ceilings(workers, pool, seconds)
            for case in (case for case in chosen if case.threads == workers):
                rows.append(measured(case, top, seconds))
                say(line(_cells(rows[-1]), WIDTHS))
                keep_row(rows[-1])
            ceilings.append({"threads": workers, "rates": top.rates, "register_bits": top.bits})
    for each in ceilings:
        _say_ceilings(each)
    return {"rows": rows, "ceilings": ceilings}


def _index(examples: int) -> Any:
    import numpy as np

    return np.empty((examples, 16), index_type(examples))


def lacking(chosen: Sequence[Case], file: Path) -> list[Case]:
    """The cases that a CSV file has no row of."""
    there = {tuple(row[name] for name in Case._fields) for row in rows_of(file)}
    return [case for case in chosen if tuple(map(str, case)) not in there]


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table as one of the CSV file."""
    shares = {f"share_{name}": row["shares"].get(name) for name in PARTS}
    flat: dict[str, Any] = rounded({name: value for name, value in row.items() if name != "shares"} | shares)
    return flat


def _cells(row: dict[str, Any]) -> list[Any]:
    batch = "full" if row["batch"] == row["examples"] else row["batch"]
    peak = None if row["peak_bytes"] is None else row["peak_bytes"] / 2**20
    head = [row[name] for name in ("surface", "optimizer", "particles", "examples")]
    rates = [row["gradients_per_second"] / 1e9, row["updates_per_second"] / 1e9]
    shares = [row[name] for name in ("of_gradient", "of_parts", "of_fma", "of_exp", "compile_seconds")]
    return [*head, f"{batch:>5}", row["precision"], row["threads"], *rates, *shares, peak]


def _say_ceilings(each: dict[str, Any]) -> None:
    say(f"\nceilings, {each['threads']} threads, 1e9/s (register bits of the arithmetic)")
    for name, rate in each["rates"].items():
        say(line((name, rate / 1e9, each["register_bits"].get(name)), (44, 8, 4)))


@click.command(help=__doc__)
@click.option("--surface", multiple=True, type=click.Choice(list(SURFACES)))
@click.option("--optimizer", multiple=True, type=click.Choice(list(OPTIMIZERS)))
@click.option("--particles", multiple=True, type=click.IntRange(1))
@click.option("--examples", multiple=True, type=click.IntRange(2))
@click.option("--batch", multiple=True, help="a number, or full")
@click.option("--precision", multiple=True, type=click.Choice(PRECISIONS))
@click.option("--threads", multiple=True, type=click.IntRange(1))
@click.option("--quick", is_flag=True, help="only the nine rows of docs/performance.md")
@click.option("--missing", is_flag=True, help="only cases that the CSV file lacks")
@click.option("--seconds", default=SECONDS, show_default=True, help="for one measurement")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file, or with all cases the CSV file"
)
def main(**options: Any) -> None:
    quick, missing, seconds, out = (options.pop(name) for name in ("quick", "missing", "seconds", "out"))
    every: tuple[Sequence[Any], ...] = (
        tuple(SURFACES),
        tuple(OPTIMIZERS),
        PARTICLES,
        EXAMPLES,
        BATCHES,
        PRECISIONS,
        (1, all_threads()),
    )
    names = ("surface", "optimizer", "particles", "examples", "batch", "precision", "threads")
    picked = [options[name] or tuple(dict.fromkeys(all_of)) for name, all_of in zip(names, every, strict=True)]
    with TemporaryDirectory() as folder:
        os.environ["ERRSURF_CACHE"] = folder
        if quick:
            chosen = [case._replace(threads=all_threads()) for case in QUICK]
            keep(out or default_file(), "quick", rounded(table(chosen, seconds, lambda _row: None)))
            return
        file = out or default_file().with_suffix(".csv")
        chosen = cases(*picked)
        if missing:
            chosen = lacking(chosen, file)
        table(chosen, seconds, lambda row: append_row(file, _flat(row)))


if __name__ == "__main__":
    sys.exit(main())
