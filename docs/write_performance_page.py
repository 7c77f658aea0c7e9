"""Write docs/performance.md from the newest file of benchmarks/results: every figure of the page was measured.

Run ``python docs/write_performance_page.py`` after the benchmarks; a test compares the page with the file.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
# Aims in 1e9 example gradients a second, by surface, N and B.
AIMS = {
    ("wells", 20, 1): 1.0,
    ("wells", 20, 8): 1.0,
    ("wells", 20, 20): 2.8,
    ("wells", 1024, 32): 0.9,
    ("wells", 1024, 1024): 2.7,
    ("linear_regression", 20, 8): 2.0,
    ("linear_regression", 20, 20): 30,
    ("linear_regression", 1024, 32): 1.9,
    ("linear_regression", 1024, 1024): 35,
}
PEERS = ("NumPy", "JAX", "optax", "torch.optim", "torch.compile", "C")

OPENING = """\
# Performance

The unit of work is one gradient of one example's loss for one particle, an *example gradient*. This page is written
by `docs/write_performance_page.py` from `benchmarks/results/{file}`: every figure was measured on one machine
({processor}, {threads} threads, {system}, Python {python}, numba {numba}, NumPy {numpy}).
Every rate is a median of five runs; before a case is timed, its positions are compared with those of a plain loop.

## How to repeat

<!-- elsewhere: measures for an hour, in a checkout -->
```sh
python -m benchmarks --quick         # the nine rows and the ceilings; without --quick all {cases} cases, see --help
python -m benchmarks.against_peers   # needs pip install jax optax torch, and a C compiler; what is missing is left out
python -m benchmarks.growth          # particles, examples, batch size, threads, one particle
python -m benchmarks.cold            # the first run of all, and later ones
python -m benchmarks.start           # every command, the parts of a run, a sweep against a loop of runs
python -m benchmarks.recorded        # frames and memory
python -m benchmarks.gif_against_matplotlib
python -m benchmarks.every_surface   # all surfaces against their own ceilings
python docs/write_performance_page.py
```

On a machine that does nothing else, and in one session: each command adds its part to the same file.

No GPU was at hand for this version: its CUDA kernels are compiled and compared in a simulator, and no rate of theirs is
stated. With one, `python -m benchmarks.gpu` writes a table of its own to `benchmarks/results/gpu`.
"""

ROWS = """\
## Nine rows

{particles} particles, float32, sgd with momentum, own shuffles; 1e9 example gradients a second. Behind the aim stands
the figure's share of the gradient's own ceiling (the formula with everything in registers), and where the time goes:
each part's time when it runs alone, at its best, over the time of the whole. What is left are the loops around them.
"""

CEILINGS = """\
## What the machine can do

Measured in the run of the nine rows, by all threads together, 1e9 a second. `order` is the engine's shuffle by itself,
`gather` reading numbers by index, `update` the rule alone; behind `gradient` stands how many examples a pass takes.
"""

PEERS_TEXT = """\
## Against peers

The same work, 1e9 example gradients a second, in one run: each peer in the best of its forms, float32, with a
permutation for every particle and epoch, and ending at the engine's mean loss. Behind each rate, in brackets, how many
times faster the engine is. The C program is `benchmarks/peer.c` with `-O3 -march=native -ffast-math -fopenmp`.
"""

LEVELS = """\
### With other instructions

The same processor and run, with engine and C program compiled for what older processors understand: 1e9 example
gradients a second, and in brackets how many times faster the engine is than the C program.
"""

BEFORE = """
`before` is the version in which registers on the stack crossed cache lines. Both were measured in turn, three times;
told are medians. The aims are those of another machine, an AMD EPYC with twice the rates; on this one a rate varies by
up to a third from minute to minute. Reading from tables in registers has no ceiling of its own; with 1,024 examples no
table fits, so gathers and shuffles stay. `linear_regression` with all of 20 examples spends a quarter of its time in
the update, which the C program makes without looking for numbers that are not finite; with 1,024 it makes a pass over
the particles for every four examples, while the C program keeps their sums in registers.
"""

LENGTH = """
Time of an update after 4,000 updates, where particles have settled, over that of the first 500 (N = 20, full batch).
Kernels take denormal numbers for 0: a momentum that only decays ends in them, and the processor takes a hundred times
as long for each.
"""

FAR = """
Time of an example gradient with B = 8 as N grows, over that of the fewest examples; aim 1.2. From about a megabyte on
the examples lie outside the caches next to the processor, and each is drawn at random: it waits for the memory, as the
ceiling of `gather` does. Fetching the examples of the next slot ahead gained nothing.
"""

SHARED = """
Time of a run of five groups that draw the same examples (N = 20, B = 8), over that of five runs of one group: their
order is computed once.
"""


ALL = """\
## All cases

The {cases} cases of `python -m benchmarks --missing --seconds 0.05` are in
[{file}](../benchmarks/results/{file}): {surfaces}; {optimizers}; {particles} particles; {examples} examples; batches of
1, 8, 32 and all; both precisions; one thread and all. Each is checked, then timed five times for 0.05 s. Its ceiling is
what it would reach if each part (gradient, gather, shuffle, update) went by itself at its best, one after the other.
Cases of many particles that stayed below 0.6 while the machine did other work were measured once more.

The median share of it, and in brackets how many of the cases stay below half.
"""

ONE = """\
One particle fills one of 16 lanes of one thread, so that 16 or more could be had for the same time: its cases are far
below a ceiling of whole registers. Below half with {least} particles or more are {count} of {of} cases:
"""


START = """\
## The start of a command

Processor time of whole processes, of user and system, in seconds, with kernels saved by an earlier run: medians of
five, `before` and now in turn. `before` is the version that loaded NumPy's masked arrays for a check, and that drew and
compressed the frames of a GIF in turn. The last column is how long one waits now; aims 0.4 for the short commands, 1.2
for a run.
"""

PARTS = """
The parts of `run saddle_escape` in another process. `import errsurf` is its own modules and small packages; a run loads
scipy only where a number needs it, such as the interval of a mean. Neither `list` nor `check` loads numba, and `list`
no pydantic; nearly all of `schema` is pydantic, which makes 299 models of tables. A run needs the drawing code without
pictures too, since its table counts the particles that the map shows.
"""

RECORDED = """\
Share of a run's time that 200 frames cost, over the first and last frame only; aim at most 10%. It goes to the losses
of a sample of particles, to storing positions from the kernels, and to copying them. Frames kept in memory, larger or
smaller pieces and memory used again made no difference.
"""

GIF = """\
## A moving picture

The GIF of `saddle_escape`, {frames} frames of 960 x 540, and the same scene by matplotlib's FuncAnimation with its
PillowWriter: seconds by the clock, each into a file, in turn, medians of five. errsurf is {over:.1f} times as fast; aim
15. Its frames are drawn while the ones before are compressed.
"""

SWEEP = """
A sweep of {cells} takes {sweep:.1f} seconds by the clock, as many runs without pictures one after the other {runs:.1f}:
{over:.1f} times as long.
"""

CLOSE = """
Below five times the best Python peer are {rows}: behind each how many times faster the engine is, and in brackets how
many it would be at its ceilings.
"""


def newest() -> Path | None:
    """The file of results with the latest date in its name."""
    return max((ROOT / "benchmarks" / "results").glob("*-????-??-??.json"), key=lambda f: f.stem[-10:], default=None)


def page(file: Path) -> str:
    """The whole page; parts that the file does not hold are left out."""
    parts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    cases = "2,816" if parts["device"]["threads"] > 1 else "1,408"
    lines = [OPENING.format(file=file.name, cases=cases, **parts["device"])]
    writers = {
        "quick": _quick,
        "peers": partial(_peers, rows=parts.get("quick", {}).get("rows", [])),
        "growth": _growth,
        "cold": _cold,
        "start": partial(_start, before=parts.get("start_before", {})),
        "sweep": _sweep,
        "gif": _gif,
        "recorded": _recorded,
        "surfaces": _surfaces,
    }
    for name, writer in writers.items():
        lines += [*writer(parts[name]), ""] if name in parts else []
        if name == "peers":
            others = {part.removeprefix("peers "): parts[part] for part in parts if part.startswith("peers ")}
            lines += [*_levels(others), ""] if others else []
    if (rows := file.with_suffix(".csv")).exists():
        lines += _all(rows)
    return "\n".join(lines).rstrip() + "\n"


def _all(file: Path) -> Iterator[str]:
    """Shares of their ceilings that all cases reach, and those of many particles that stay below half."""
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    listed = {name: ", ".join(dict.fromkeys(row[name] for row in rows)) for name in ("surface", "optimizer")}
    counts = {name: sorted({int(row[name]) for row in rows}) for name in ("particles", "examples")}
    first_last = {name: f"{values[0]:,} to {values[-1]:,}" for name, values in counts.items()}
    words = {"surfaces": listed["surface"], "optimizers": listed["optimizer"], **first_last}
    yield _wrapped(ALL.format(cases=f"{len(rows):,}", file=file.name, **words))
    kinds = sorted({(row["precision"], row["threads"]) for row in rows})
    shown = []
    for particles in counts["particles"]:
        cells = []
        for kind in kinds:
            shares = [
                _share(r) for r in rows if (r["precision"], r["threads"]) == kind and int(r["particles"]) == particles
            ]
            cells.append(f"{median(shares):.2f} ({sum(share < 0.5 for share in shares)} of {len(shares)})")
        shown.append([f"{particles:,}", *cells])
    yield from _table(("particles", *(f"{precision}, {n} thread{'s' * (n != '1')}" for precision, n in kinds)), shown)
    yield ""
    many = [row for row in rows if int(row["particles"]) > 1]
    slow: dict[str, list[float]] = {}
    for row in many:
        slow.setdefault(_case(row), []).append(_share(row))
    below = {case: [share for share in shares if share < 0.5] for case, shares in slow.items()}
    least = min(int(row["particles"]) for row in many)
    yield _wrapped(ONE.format(least=least, count=sum(map(len, below.values())), of=f"{len(many):,}"))
    found = [[case, f"{len(low)} of {len(slow[case])}", f"{min(low):.2f}"] for case, low in below.items() if low]
    yield from _table(("surface, N, B", "below half", "lowest"), found)


def _wrapped(text: str) -> str:
    """Paragraphs in lines of 120 letters."""
    return "\n\n".join(fill(part, 120, break_on_hyphens=False) for part in text.split("\n\n")) + "\n"


def _share(row: dict[str, str]) -> float:
    return float(row["of_parts"])


def _quick(part: dict[str, Any]) -> Iterator[str]:
    rows, before = part["rows"], [row["gradients_per_second"] / 1e9 for row in part.get("before", [])]
    yield ROWS.format(particles=f"{rows[0]['particles']:,}")
    shown = []
    for row in rows:
        aim, rate = AIMS[row["surface"], row["examples"], row["batch"]], row["gradients_per_second"] / 1e9
        spent = ", ".join(f"{name} {share:.0%}" for name, share in row["shares"].items() if share >= 0.01)
        shown.append([_case(row), f"{rate:.3g}", f"{aim:g}", f"{row['of_gradient']:.2f}", spent])
    for cells, rate in zip(shown, before, strict=False):
        cells.insert(1, f"{rate:.3g}")
    heads = ["surface, N, B", "measured", "aim", "of the gradient's ceiling", "where the time goes"]
    yield from _table([heads[0], *["before"] * bool(before), *heads[1:]], shown)
    if before:
        yield BEFORE
    yield ""
    yield CEILINGS
    (ceilings,) = part["ceilings"]
    yield from _table(("ceiling", "1e9/s"), [[name, f"{rate / 1e9:.3g}"] for name, rate in ceilings["rates"].items()])


def _peers(part: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    yield PEERS_TEXT
    named = [name for name in PEERS if name in part["rows"][0]["gradients_per_second"]]
    shown = []
    for row in part["rows"]:
        rate, over = row["gradients_per_second"], row["engine_over_peer"]
        cells = [f"{rate[name] / 1e9:.2g} ({over[name]:.3g})" if name in rate else "" for name in named]
        shown.append([_case(row), f"{rate['errsurf'] / 1e9:.3g}", *cells])
    yield from _table(("surface, N, B", "errsurf", *named), shown)
    if close := list(_close(part["rows"], {_case(row): row["of_parts"] for row in rows})):
        yield "\n" + _wrapped(CLOSE.format(rows="; ".join(close)).strip()).rstrip()
    if part["versions"]:
        yield f"\nThese are {', '.join(f'{name} {number}' for name, number in part['versions'].items())}."
    if part["torch_updates"]:
        yield f"\nOne particle in a loop over torch.optim makes {part['torch_updates']:,.0f} updates a second."


def _close(rows: list[dict[str, Any]], reached: dict[str, float]) -> Iterator[str]:
    """Rows in which a Python peer is near, and how near it would be if the engine reached its ceilings."""
    for row in rows:
        least = min(over for name, over in row["engine_over_peer"].items() if name in PEERS and name != "C")
        if least < 5 and _case(row) in reached:
            yield f"{_case(row)}, {least:.1f} ({least / reached[_case(row)]:.1f})"


def _levels(parts: dict[str, Any]) -> Iterator[str]:
    """Rates with other instructions: the engine's, and in brackets how many times faster it is than the C program."""
    yield LEVELS
    shown = []
    for rows in zip(*(part["rows"] for part in parts.values()), strict=True):
        cells = [f"{r['gradients_per_second']['errsurf'] / 1e9:.3g} ({r['engine_over_peer']['C']:.3g})" for r in rows]
        shown.append([_case(rows[0]), *cells])
    yield from _table(("surface, N, B", *parts), shown)


def _growth(part: dict[str, Any]) -> Iterator[str]:
    yield "## As runs grow\n"
    yield f"One particle, N = 20, B = 1: {part['one_particle_updates_per_second']:.3g} updates a second; aim 5e6.\n"
    yield "Time of an update and particle, over that of the fewest particles (wells, N = 20, B = 8); aim 0.9 to 1.1.\n"
    yield from _table(("particles", "cost"), [[f"{r['particles']:,}", f"{r['cost']:.2f}"] for r in part["particles"]])
    yield "\nTime of an example gradient at N = 1024, over that of B = 8.\n"
    shown = [[f"{r['surface']}, {r['batch']}", f"{r['cost']:.3f}"] for r in part["batch"]]
    yield from _table(("surface, B", "cost"), shown)
    if "examples" in part:
        yield FAR
        shown = [[f"{r['surface']}, {r['examples']:,}", f"{r['cost']:.2f}"] for r in part["examples"]]
        yield from _table(("surface, N", "cost"), shown)
    if part["threads"]:
        yield "\nAll threads over one; aim 1.9 for two.\n"
        yield from _table(("surface, N, B", "gain"), [[_case(r), f"{r['gain']:.2f}"] for r in part["threads"]])
    for name, text in (("length", LENGTH), ("groups", SHARED)):
        if name not in part:
            continue
        before = part.get(f"{name}_before", part[name])
        yield text
        shown = [
            [r["surface"], f"{old['cost']:.2f}", f"{r['cost']:.2f}"] for r, old in zip(part[name], before, strict=True)
        ]
        yield from _table(("surface", "before", "cost"), shown)


def _cold(part: dict[str, Any]) -> Iterator[str]:
    yield "## The first run\n"
    yield "Seconds; a scenario is a whole process. Aims: a kernel under 3 cold and 0.3 warm, five groups under 8.\n"
    shown = [[name, f"{r['cold_seconds']:.2f}", f"{r['warm_seconds']:.2f}"] for name, r in part.items()]
    yield from _table(("", "cold", "warm"), shown)


def _start(part: dict[str, Any], before: dict[str, Any]) -> Iterator[str]:
    for text, kind in ((START, "commands"), (PARTS, "parts")):
        yield text
        each = {"before": before.get(kind, {}), "now": part[kind]}
        each |= {"by the clock": part["clock"]} if kind == "commands" else {}
        names = each["before"] | each["now"]
        shown = [
            [name, *(f"{seconds[name]:.2f}" if name in seconds else "" for seconds in each.values())] for name in names
        ]
        yield from _table((kind, *each), shown)


def _sweep(part: dict[str, Any]) -> Iterator[str]:
    ((cells, seconds),) = part.items()
    yield _wrapped(SWEEP.format(cells=cells, over=seconds["runs"] / seconds["sweep"], **seconds).strip()).rstrip()


def _gif(part: dict[str, Any]) -> Iterator[str]:
    seconds = part["seconds"]
    yield _wrapped(GIF.format(frames=part["frames"], over=seconds["FuncAnimation"] / seconds["errsurf"]))
    yield from _table(("", "seconds"), [[name, f"{value:.2f}"] for name, value in seconds.items()])


def _recorded(part: dict[str, Any]) -> Iterator[str]:
    memory = part["memory"]
    yield "## Frames and memory\n"
    yield RECORDED
    shown = [[f"{r['particles']:,}, {r['updates']:,}, {r['batch']}", f"{r['seconds']:.2f}", f"{r['recording']:.0%}"]
             for r in part["recording"]]  # fmt: skip
    yield from _table(("particles, updates, B", "seconds", "recording"), shown)
    yield (
        f"\nA run of {memory['particles']:,} particles and {memory['updates']:,} updates held "
        f"{memory['bytes_at_half_time'] / 2**20:.0f} MiB at most after {memory['updates_at_half_time']:,} updates and\n"
        f"{memory['bytes'] / 2**20:.0f} MiB after {memory['updates_made']:,}, when it was stopped; aim under 1,024 MiB."
    )


def _surfaces(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Every surface\n"
    yield "Its ceiling, the gradient formula from registers, in 1e9/s; and the shares of it that N = 1024 reaches.\n"
    ordered = sorted(rows, key=lambda row: float(row["full"]["of_ceiling"]))
    shown = [
        [r["surface"], f"{r['ceiling'] / 1e9:.3g}", *(f"{r[loop]['of_ceiling']:.2f}" for loop in ("full", "own"))]
        for r in ordered
    ]
    yield from _table(("surface", "ceiling", "full batch", "B = 32"), shown)


def _case(row: dict[str, Any]) -> str:
    batch = "full" if row["batch"] == row["examples"] else row["batch"]
    return f"{row['surface']}, {row['examples']}, {batch}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    file = newest()
    assert file, "run the benchmarks first"
    PAGE.write_text(page(file), encoding="utf-8")
