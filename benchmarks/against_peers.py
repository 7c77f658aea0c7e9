"""The engine against its peers, in one run: NumPy, JAX, optax, torch (a loop, and compiled), and a C program.

Run ``python -m benchmarks.against_peers`` where jax, optax, torch and a C compiler are at hand; peers that are missing
are left out and named.  Every peer takes the best of its forms, must end at the engine's mean loss, and is timed in
turn with the others.  A form's time is that of all its epochs, from starts in memory to positions in memory.

With NUMBA_CPU_NAME and NUMBA_CPU_FEATURES engine and C program are compiled for another processor, and its level of
instructions is kept as a part of its own.
"""

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import click

from benchmarks.__main__ import QUICK
from benchmarks.cases import REPEATS, SECONDS, Case
from benchmarks.check import ResultError
from benchmarks.machine import processors
from benchmarks.peers import c_program, errsurf_engine, jax_arrays, numpy_arrays, torch_loop
from benchmarks.peers.task import Forms, Run, Task, agree, mean_loss, task
from benchmarks.results import default_file, keep, line, rounded, say
from errsurf.engine.code_target import code_target
from errsurf.system.processors import threads

PEERS = ("NumPy", "JAX", "optax", "torch.optim", "torch.compile", "C")
PYTHON = PEERS[:-1]
CHECKED = 200
WIDTHS = (17, 5, 5, 8, *(len(name) for name in PEERS), *(len(name) + 2 for name in PEERS), 13)


class Best(NamedTuple):
    """The best form of a peer: its name, how it is run, its epochs a measurement, and its mean loss when checked."""

    form: str
    run: Run
    epochs: int
    loss: float


def peers(pool: Any, folder: Path) -> dict[str, Callable[[Task], Forms]]:
    """The engine and the peers that can run here."""
    found: dict[str, Callable[[Task], Forms]] = {"errsurf": lambda given: errsurf_engine.forms(given, pool)}
    found["NumPy"] = numpy_arrays.forms
    if find_spec("jax"):
        found["JAX"] = jax_arrays.forms
    if find_spec("optax"):
        found["optax"] = jax_arrays.optax_forms
    if find_spec("torch"):
        found |= {"torch.optim": torch_loop.forms, "torch.compile": torch_loop.compiled_forms}
    if c_program.compiler():
        found["C"] = lambda given: c_program.forms(given, folder)
    return found


def compared(case: Case, chosen: dict[str, Callable[[Task], Forms]], seconds: float) -> dict[str, Any]:
    """One row: rates, best forms and losses of all peers; ResultError if a form does not end where the engine does."""
    given = task(case)
    checked = max(1, CHECKED // case.plan.updates_an_epoch)
    reference = mean_loss(given, next(iter(chosen["errsurf"](given).values()))(checked))
    best = {name: _best(given, name, forms(given), checked, reference, seconds) for name, forms in chosen.items()}
    rates: dict[str, list[float]] = {name: [] for name in best}
    for _ in range(REPEATS):
        for name, peer in best.items():
            rates[name].append(_rate(case, peer.run, peer.epochs))
    rate = {name: median(each) for name, each in rates.items()}
    return {
        **case._asdict(),
        "gradients_per_second": rate,
        "engine_over_peer": {name: rate["errsurf"] / other for name, other in rate.items() if name != "errsurf"},
        "form": {name: peer.form for name, peer in best.items()},
        "mean_loss": {name: peer.loss for name, peer in best.items()}
        | {"at_the_start": mean_loss(given, given.theta)[0]},
    }


def one_particle(seconds: float) -> float | None:
    """Updates a second of one particle, N = 20 and B = 1, in a loop over torch.optim; None without torch."""
    if not find_spec("torch"):
        return None
    case = QUICK[0]._replace(particles=1, threads=1)
    runs = torch_loop.forms(task(case)).values()
    return max(_rate(case, run, max(1, int(seconds / 0.005))) / case.batch for run in runs)


def _best(given: Task, name: str, forms: Forms, checked: int, reference: tuple[float, float], seconds: float) -> Best:
    """All forms checked, and the fastest of them."""
    tried: dict[float, Best] = {}
    for form, run in forms.items():
        loss = mean_loss(given, run(checked))
        if not agree(given, loss, reference):
            raise ResultError(f"{given.case}, {name} ({form}): ends at a mean loss of {loss}, not {reference}")
        epochs = _epochs(run, seconds)
        tried[_rate(given.case, run, epochs)] = Best(form, run, epochs, loss[0])
    return tried[max(tried)]


def _epochs(run: Run, seconds: float) -> int:
    """As many epochs as take about so many seconds; everything is compiled on the way."""
    epochs = 1
    while (took := min(_seconds(run, epochs) for _ in range(2))) < seconds / 4:
        epochs *= 2
    return max(1, round(epochs * seconds / took))


def _rate(case: Case, run: Run, epochs: int) -> float:
    return case.gradients(epochs * case.plan.updates_an_epoch) / _seconds(run, epochs)


def _seconds(run: Run, epochs: int) -> float:
    began = perf_counter()
    run(epochs)
    return perf_counter() - began


def _cells(row: dict[str, Any]) -> list[Any]:
    batch = "full" if row["batch"] == row["examples"] else row["batch"]
    rate, over = row["gradients_per_second"], row["engine_over_peer"]
    rates = [rate[name] / 1e9 if name in rate else None for name in ("errsurf", *PEERS)]
    python = min((over[name] for name in PYTHON if name in over), default=None)
    return [row["surface"], row["examples"], f"{batch:>5}", *rates, *(over.get(name) for name in PEERS), python]


@click.command(help=__doc__)
@click.option("--row", multiple=True, type=click.IntRange(1, len(QUICK)), help="only these of the nine rows")
@click.option("--peer", multiple=True, type=click.Choice(PEERS), help="only these peers")
@click.option("--seconds", default=SECONDS, show_default=True, help="for one measurement")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(row: tuple[int, ...], peer: tuple[str, ...], seconds: float, out: Path | None) -> None:
    rows = []
    with TemporaryDirectory() as folder, processors(threads()) as pool:
        os.environ["ERRSURF_CACHE"] = folder
        chosen = {
            name: forms for name, forms in peers(pool, Path(folder)).items() if not peer or name in ("errsurf", *peer)
        }
        if missing := [name for name in peer or PEERS if name not in chosen]:
            say(f"missing here: {', '.join(missing)}")
        say(line(("surface", "N", "B", "errsurf", *PEERS, *(f"/ {name}" for name in PEERS), "/ best Python"), WIDTHS))
        for case in [QUICK[k - 1] for k in row] or QUICK:
            rows.append(compared(case._replace(threads=threads()), chosen, seconds))
            say(line(_cells(rows[-1]), WIDTHS))
        versions = {name: version(name) for name in ("jax", "optax", "torch") if find_spec(name)}
        torch_updates = one_particle(seconds)
    part = f"peers {code_target().level}" if "NUMBA_CPU_NAME" in os.environ else "peers"
    keep(out or default_file(), part, rounded({"rows": rows, "versions": versions, "torch_updates": torch_updates}))


if __name__ == "__main__":
    sys.exit(main())
