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
    yield from _table("Examples of a surface that is one formula", tables.GenericExamples, level=3)
    yield from _table("Its `test` table", tables.GenericTest, level=3)
    yield from _table("Examples of a surface made of data", tables.OwnExamples, level=3)
    yield "Its `test` table takes `examples` and any of the surface's own settings, where the test examples differ.\n"
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
