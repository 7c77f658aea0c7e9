"""Write docs/scenario.md from the records: every key, what it takes, its default and its meaning.

Run ``python docs/write_scenario_page.py`` after changing a record; a test compares the page with the records.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import surfaces
from simulator import optimizers, schedules
from simulator.scenario import tables
from simulator.scenario.schedule import AnySchedule, Constant
from simulator.scenario.words import allowed, meaning, written
from surfaces._measured import FEWEST_NODES
from surfaces._npz import MOST_NUMBERS
from surfaces.formulas.columns import DISTRIBUTIONS
from surfaces.formulas.numbers import LARGEST, MOST_POWER, SMALLEST
from surfaces.formulas.reading import DEEPEST, FUNCTIONS, MOST_LETTERS, MOST_NODES

PAGE = Path(__file__).parent / "scenario.md"

OPENING = """\
# The scenario file

A scenario is a TOML file: which surface, where particles start, how long they run, which optimizers. It is data and
never runs code; data files and outputs stay below its own folder. `errsurf check` reports every fault at once, and
`errsurf schema` prints the JSON Schema for editors. This page is written from the records by
`docs/write_scenario_page.py`.
"""

SCHEDULES = """\
A schedule is a warmup and then a decay. A time is updates (`50`), epochs (`"2 epochs"`) or a share of the whole run
(`"5%"`), and the decay counts its updates s = 0, 1, ... from the end of the warmup. With `warmup = w` and
`warmup_factor = f`, the rate of update t < w is, by `warmup_kind`,

* `linear`: `lr (f + (1 - f) t / w)`, as torch's LinearLR;
* `constant`: `lr f`, as ConstantLR;
* `exponential`: `lr f^(1 - t / w)`.

Unless given, f is 1 / (w + 1): the rate is `lr (t + 1) / (w + 1)`. `one_cycle` and `cyclic` rise by themselves and
take no warmup; torch's cycling of momentum is left out. All other decays take the keys of this table."""

SCALING = """\
With `lr_scaling` the rate is `lr n / lr_batch` (Goyal et al. 2017, arXiv:1706.02677) or `lr sqrt(n / lr_batch)`
(Krizhevsky 2014, arXiv:1404.5997); n is the examples of an update: batch times `accumulate`, at most all of them.
Schedules start from this rate. A result folder's `scenario.toml` holds it as `lr`, without `lr_scaling`, so it is not
scaled twice. `eta_min` of a schedule is a rate and is not scaled."""


DISTRIBUTED = "\n".join(f"* `{each.usage}`, {each.allowed};" for each in DISTRIBUTIONS.values())
CALLED = ", ".join(f"`{name}`" for name in FUNCTIONS)
FORMULAS = f"""\
A formula, the `loss` of an `expression`, is read by a grammar of its own and never run. It has numbers, `x`, `y`, the
names of columns, `pi` and `e`; `+ - * /`, `^` or `**`, brackets, and the functions
{CALLED}.
`u^p` with another power than a whole or half number is `exp(p log(u))` and needs u above 0; so does `u^v`. Whole
powers go up to {MOST_POWER}, those of powers multiplied; numbers are 0 or from {SMALLEST:g} to {LARGEST:g} in size; a
formula has up to {MOST_LETTERS:,} letters, {MOST_NODES} parts and {DEEPEST} brackets in each other. Derivatives
are exact, by sympy.

Without columns the formula is an analytic surface. With `columns` every example has its own row of numbers, and the
keys `shift`, `scale` and `tilt` move each of these losses too. A column is one of

{DISTRIBUTED}
* a number, the same for all examples;
* `file.csv:column`, a column of a CSV file with a header line: the file then says how many examples there are.

In `test` stand those columns that differ there; all others are drawn anew from the same distribution, and a file is
read again."""

PICTURE = """\
Every key is an option of `errsurf run` and `errsurf export` too: `--size 1080x1080`, `--theme dark`, `--no-legend`,
`--markers 10,200`, `--groups "batch 1" --groups 3`, `--window=-2,2,-1,1`; and so is `--title`. With `panels` the groups
are drawn side by side, with one window and one clock. A marker stands where a group was at that update, or at the last
recorded frame before it.

Title, caption and labels may be in any script, mixed as you like. Latin, Greek and Cyrillic letters are those of DejaVu
Sans, which is always there; for others a font is asked of fontconfig or, without it, taken from the fonts that
matplotlib finds. Arabic, Hebrew and the scripts of India are joined and turned round by Raqm, which comes with Pillow,
each run of them within a line in its own direction; lines that begin with them run from right to left. A character that
no font has is drawn as a box, and named in a line on stderr. Between dollar signs stands a formula in matplotlib's
mathtext, such as `$\\eta = 0.1$`; a dollar sign by itself is `\\$`."""

OWN_TEST = """\
Its `test` table takes `examples` and any of the surface's own settings, where the test examples differ: as
`test = { noise = 0.1 }` they are another, less noisy draw, as `test = { data = "test.csv" }` a file of their own. If
nothing differs they are another draw from the same distribution or, with a data file, the training examples."""

MEASURED = f"""\
The file of a `grid` is what `numpy.savez` or `savez_compressed` writes: `x` (W,) and `y` (H,), both rising in even
steps, at least {FEWEST_NODES} values each, and `loss` (examples, H, W), up to {MOST_NUMBERS:,} numbers; all of its
examples are used. If it holds texts `x_label` and `y_label`, they name the axes. `test = {{ losses = "test_loss" }}`
takes the test losses from another array of the file, `test = {{ data = "test.npz" }}` from another file, whose grid may
be another. Losses are joined by bicubic splines with continuous second derivatives, those of scipy's
`RectBivariateSpline`. Beyond the grid the gradient of the nearest point of its edge holds, and the loss goes straight
on along it. `examples/slice_of_a_network.py` writes such a file from a real network."""


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_tables()])


def _tables() -> Iterator[str]:
    yield from _table("Above the tables", tables.Head, skip=("swarm", "run", "picture", "output"))
    yield "## `[surface]`\n"
    yield "`kind` names the surface; its own settings stand beside it.\n"
    for name in surfaces.surface_names():
        record = surfaces.surface(name)
        yield from _record("kind", name, surfaces.summary(name), record)
    yield "### Formulas and columns\n"
    yield f"{FORMULAS}\n"
    yield from _table("Examples of a surface that is one formula", tables.GenericExamples, level=3)
    yield from _table("Its `test` table", tables.GenericTest, level=3)
    yield from _table("Examples of a surface made of data", tables.OwnExamples, level=3)
    yield f"{OWN_TEST}\n"
    yield "### Measured losses\n"
    yield f"{MEASURED}\n"
    yield "## `[swarm]`\n"
    for name, table in tables.variants(tables.AnySwarm).items():
        yield from _table(f'`start = "{name}"`', table, level=3, skip=("start",))
    yield from _table("`[run]`", tables.RunTable)
    yield from _table("`sampling` as a table", tables.Sampling, level=3)
    yield from _table("`[[optimizer]]`", tables.GroupTable)
    yield f"{SCALING}\n"
    yield "`kind` names the optimizer; its own settings, by torch.optim's names, stand beside it.\n"
    for name in optimizers.optimizer_names():
        yield from _record("kind", name, optimizers.summary(name), optimizers.optimizer(name))
    yield "## `schedule`\n"
    yield f"{SCHEDULES}\n"
    yield from _rows(Constant, ("decay",))
    for name, table in tables.variants(AnySchedule).items():
        formula = (schedules.DECAYS[name].__doc__ or "").replace("``", "`")
        yield from _table(f'`decay = "{name}"`', table, formula, level=3, skip=Constant._fields)
    yield from _table("`[picture]`", tables.Picture)
    yield f"{PICTURE}\n"
    yield from _table("`[output]`", tables.Output)


def _record(key: str, name: str, summary: str, record: Any) -> Iterator[str]:
    yield from (f'### `{key} = "{name}"`\n', f"{summary}\n", f"`{record.formula}`\n", f"{record.reference}.\n")
    yield from _rows(record.settings)


def _table(title: str, table: Any, formula: str = "", *, level: int = 2, skip: tuple[str, ...] = ()) -> Iterator[str]:
    yield f"{'#' * level} {title}\n"
    yield f"{(table.__doc__ or '').partition(chr(10))[0]}\n"
    if formula:
        yield f"{formula}\n"
    yield from _rows(table, skip)


def _rows(table: Any, skip: tuple[str, ...] = ()) -> Iterator[str]:
    hints = get_type_hints(table, include_extras=True)
    rows = ["| key | takes | default | meaning |", "| --- | --- | --- | --- |"]
    for key in table._fields:
        if key not in skip:
            cells = (f"`{key}`", allowed(hints[key]).words, _default(table, key), meaning(hints[key]))
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if len(rows) > 2:
        yield "\n".join([*rows, ""])


def _default(table: Any, key: str) -> str:
    if key not in table._field_defaults:
        return "must be given"
    text = written(table._field_defaults[key])
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
