"""Write docs/scenario.md from the records: every key, what it takes, its default and its meaning.

Run ``python docs/write_scenario_page.py`` after changing a record; a test compares the page with the records.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from errsurf import optimizers, schedules, starts, statistics, surfaces, wrappers
from errsurf.drawing import charts
from errsurf.scenario import claims, compared, measures, picture_tables, tables, translations
from errsurf.scenario.words import allowed, meaning, written
from errsurf.settings.bounds import LARGEST, NARROWEST, SMALLEST
from errsurf.settings.gradient_options import Clip, Noise
from errsurf.settings.regions import Region
from errsurf.surfaces.formulas.columns import DISTRIBUTIONS
from errsurf.surfaces.formulas.numbers import MAX_POWER
from errsurf.surfaces.formulas.reading import DEEPEST, FUNCTIONS, MAX_LETTERS, MAX_NODES
from errsurf.surfaces.shared.measured import FEWEST_NODES
from errsurf.surfaces.shared.npz import MAX_NUMBERS
from errsurf.surfaces.wells import Well

HEADING = "| key | takes | default | meaning |\n| --- | --- | --- | --- |"
PAGE = Path(__file__).parent / "scenario.md"

OPENING = f"""\
# The scenario file

A scenario is a TOML file: which surface, where particles start, how long they run, which optimizers. It is data and
never runs code; data files and outputs stay below its own folder. `errsurf check` reports every fault at once, and
`errsurf schema` prints the JSON Schema for editors. This page is written from the records by
`docs/write_scenario_page.py`.

A number is 0 or has a size from {SMALLEST:g} to {LARGEST:g}; one in a data file has a size up to {LARGEST:g}. A window,
and an axis of measured losses, is at least {NARROWEST:g} of its larger edge wide: float32 cannot resolve less.
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
A formula, the `loss` of an `expression`, is parsed by its own grammar, never executed. It has numbers, `x`, `y`, the
names of columns, `pi` and `e`; `+ - * /`, `^` or `**`, brackets, and the functions
{CALLED}.
`u^p` with a power other than an integer or half-integer is `exp(p log(u))` and needs u above 0; so does `u^v`. Whole
powers go up to {MAX_POWER}, those of powers multiplied; numbers are 0 or from {SMALLEST:g} to {LARGEST:g} in size; a
formula has up to {MAX_LETTERS:,} letters, {MAX_NODES} parts and {DEEPEST} nested brackets. Derivatives
are exact, by sympy.

Where a part of a formula is undefined, such as `log(x)` at x below 0, so are the loss and its derivatives, also where
that part cancels, as in `0*log(x)` or `sqrt(x)*sqrt(x)`; only the branch of `where` that is not taken does not count. A
particle that comes there has diverged, and the map is hatched there. At a kink where no slope is steeper than
another, such as that of `abs(x)`, `sqrt(x^2 + y^2)` or `(x^2)^0.5` at 0, the gradient is 0. `sin`, `cos` and `tan` in
kernels are undefined for arguments beyond 1e5 in float32, where neighbouring numbers are 0.008 apart, and beyond 1e8 in
float64.

Without columns the formula is an analytic surface. With `columns` every example has its own row of numbers, and the
keys `shift`, `scale` and `tilt` move each of these losses too. A column is one of

{DISTRIBUTED}
* a number, the same for all examples;
* `file.csv:column`, a column of a CSV file with a header line: the file then says how many examples there are.

`test` gives the columns that differ; all others are sampled again from the same distribution, and a file is
read again."""

OPTIMIZERS = """\
`kind` selects the optimizer; its own settings, named as in torch.optim, go in the same table. `lr = [0.1, 0.001]` gives
x and y a learning rate each, unless the optimizer updates both together. Some optimizers show another point than the
one where they take gradients, such as an average: losses, claims and pictures are then of that point, and
`overlays = ["iterate"]` of `[picture]` draws the other."""

WRAPPERS = """\
`wrappers` in `[[optimizer]]` modify each update of any optimizer, or average its iterates, in this order:
`wrappers = [{ kind = "lookahead", k = 5 }, { kind = "ema" }]`. An average (`ema`, `swa`) is what is shown from then on,
so it comes last; an optimizer that keeps an average of its own has none."""

CHANGES = """\
`changes = [{ after = 120, lr = 0.01, momentum = 0.5 }, { after = "50%", batch = 1 }]` changes a group mid-run, and
so do the controls of `errsurf watch`. Whatever a table does not name stays as it is. A time in epochs or a share of
the run is reached at the update that completes it.

* Optimizer state, such as momentum, and the update count used for bias correction are kept.
* `lr` is what the schedule multiplies: the new rate has the same share of the new `lr` as it would have had of the old.
* A `schedule` restarts: its warmup begins at the change, and shares and falls "to the end" refer to what is left of
  the run.
* A new batch size or a new `accumulate` starts a new epoch: all examples are shuffled again, and those that
  the old epoch left over are skipped. `examples_seen` counts what was used, and `epochs` of the run that many examples.
* With `lr_scaling`, `lr` is rescaled for the new batch size, even if only that changes."""

PICTURE = """\
Every key is an option of `errsurf run` and `errsurf export` too: `--size 1080x1080`, `--theme dark`, `--no-legend`,
`--markers 10,200`, `--groups "batch 1" --groups 3`, `--window=-2,2,-1,1`; and so is `--title`. With `panels` the groups
are drawn side by side, with one window and one clock. A marker stands where a group was at that update, or at the last
recorded frame before it.

Title, caption and labels may be in any script, mixed as you like. Latin, Greek and Cyrillic letters are those of DejaVu
Sans, which is always there; others use a font from fontconfig or, without it, one of the fonts that
matplotlib finds. Arabic, Hebrew and the scripts of India are shaped and reordered by Raqm, which comes with Pillow,
each run of them within a line in its own direction; lines that begin with them run from right to left. A character that
no font has is drawn as a box, and named in a line on stderr. Text between dollar signs is a formula in matplotlib's
mathtext, such as `$\\eta = 0.1$`; a dollar sign by itself is `\\$`."""

CHARTS = """\
`chart = "loss"` is one chart, `chart = ["loss", "gradient norm"]` are two, one above the other, and as options
`--chart loss --chart "gradient norm"`. A page for browsers shows the first one and has the others in its list. Curves
are medians over the particles that did not diverge, bands their 5% to 95% quantiles; an axis is logarithmic where
values span more than a factor of 200, for effective rates 30. Gradients, sharpness and the like are those of up to
250 particles.

Charts "by" something have it on the x axis instead of the clock. Against the batch size each group is a point that
moves with the clock, a line joins the best of each batch size, and accumulated batches count as one; cosine and error
are compared at the same points, the particles of the largest batch. Time is that of the updates of all particles, as
the run measured it. `"effective rate"` switches `run.record` on; a result that lacks it has to be run again. Where a
run lacks what a chart shows (a saddle for `"near"`, a minimum for `"basins"`), the loss is drawn instead."""

OVERLAYS = """\
`surface`, `beside`, `test`, `members`, `arrows`, `rates`, `stability` and `noise` draw more than particles on the
training surface; a legend below the map explains them, and a ring marks the followed particle. With `panels`
each map follows its own group, and the strip of `members` is that of the followed one.

* The next batch is the one that the particle uses for the update after the frame that is shown, and at the end of the
  run the last one; `frames = "all"` shows every update. Its surface has the levels and colours of the training loss;
  below the lowest one, further levels are added, slightly darker. Marks of critical points stay those of the training
  loss. With `accumulate` it is the mean loss of all batches of the update.
* `members`: filled cells are in the next batch, with a number if an example was drawn twice; pale cells were used
  earlier in the epoch, the palest first. If there are more examples than pixels, one column stands for several.
* `test`: every second, third, ... level of the map, so that there are at most eight; all of them if `levels` is a list.
* `arrows = "update"`: lr, or the effective rate, times the gradient; what the rule adds from past gradients,
  dashed; and their sum, the movement; a few pixels apart, so that all are seen. All are lengthened by the same factor,
  which the key says. They begin where the update began: it is the next one if it is recorded, else the last one. Rules
  in which the gradient's weight is not one number (`own` of their record) have the movement only.
* `arrows = "batch"`: minus the gradient of the next batch and of all examples, one length for the whole run.
* `noise` is around the tip of the mean gradient's arrow: the covariance of the gradients of batches that are drawn as
  `run.sampling` says, without the noise and clipping that a group adds.
* `rates`: half the length of each bar is that parameter's effective rate, in one unit for the whole run.
* `stability`: where the sharpness, the largest eigenvalue of the training loss, exceeds `2 / lr`, with momentum
  `2 (1 + momentum) / lr`, with nesterov `2 (1 + momentum) / (1 + 2 momentum) / lr`, less `weight_decay`. It follows the
  schedule. Only rules with such a limit have it.

`arrows = "update"` and `rates` add to `run.record` what they need. Figures for paper and slides have neither `beside`
nor `members` nor a key; the `.html` page has all but `beside`, `members` and the surface of a batch. The view `3d` lays
them on the relief, whose surface cannot be that of a batch."""

OWN_TEST = """\
Its `test` table takes `examples` and any of the surface's own settings, where the test examples differ: as
`test = { noise = 0.1 }` they are another, less noisy draw, as `test = { data = "test.csv" }` a file of their own. If
nothing differs they are another draw from the same distribution or, with a data file, the training examples."""

MEASURED = f"""\
The file of a `grid` is what `numpy.savez` or `savez_compressed` writes: `x` (W,) and `y` (H,), both rising in even
steps, at least {FEWEST_NODES} values each, and `loss` (examples, H, W), up to {MAX_NUMBERS:,} numbers; all of its
examples are used. If it holds texts `x_label` and `y_label`, they name the axes. `test = {{ losses = "test_loss" }}`
takes the test losses from another array of the file, `test = {{ data = "test.npz" }}` from another file, whose grid may
differ.

Other files hold a plane, too: `.npy`, an array (H, W) or (examples, H, W); `.csv`, a table with a row for each y, and
with the x in its first line and the y in its first column, or without both; `.h5`, as
[loss-landscape](https://github.com/tomgoldstein/loss-landscape) writes it, with `losses = "train_loss"` unless another
dataset is named (`pip install 'errsurf[hdf5]'`). For files without axes `x = [-1.0, 1.0]` and `y = [-1.0, 1.0]` say
where the first and the last column and row are.

Between nodes, `interpolation = "spline"` is smooth: bicubic splines, those of scipy's `RectBivariateSpline`. Beside
kinks, as networks with ReLUs have them, splines swing: minima appear that no measured loss supports, some below all
of them. `errsurf run` and `inspect` say so. With `interpolation = "bounded"` the mean loss stays between the lowest
and the highest of the four nodes around; examples differ from the mean as their splines do. That costs accuracy where
the surface is smooth: of 25 x 25 nodes of one with four minima, splines miss the gradient by 0.0006 (root mean
square) and bounded losses by 0.02, of 100 x 100 by 0.000005 and 0.003, and the sharpness at a minimum may be wrong by
a factor of two.

Beyond the grid there are no data. The loss goes on with its slope at the edge, which falls to a quarter over four
cells; maps show the edge where they reach beyond it, and tables say how many particles end there.
`examples/slice_of_a_network.py` writes such a file from a real network."""


CLAIMS = """\
A claim is checked at the end of each run: `errsurf run` prints whether it holds, `summary.json` keeps it, and
`claims_of(result)` gives it in Python. `statistic` selects what is measured; its own settings go in the same table.

* `above = X, by = d`: the group's number minus X is at least d; without `by`, above 0. `below = X, by = d`: at most -d.
* `equals = X, within = d`: it lies from -d to d. So "no difference" is a claim, too.
* `times = f`, where X is a group: the group's number over X's is at least f, at most f, or f up to `within`. A ratio of
  numbers that may be negative means nothing and is left undecided.

Intervals cover the true value 95% of the time: Wilson's for a share, Newcombe's for the difference of two shares of
the same particles, Bonett and Price's for their ratio, for all else a bootstrap over particles, drawn in pairs where
two groups are compared, since particle p draws the same examples in both; for fewer than six particles there is none.
A claim holds if the whole interval lies on the claimed side of the margin, does not hold if it lies on the other side,
and is otherwise undecided; with several groups it must hold for each. The largest and the smallest number have no
interval, nor does a group of one particle: such a claim holds for these particular paths only. With `sampling.shared`
particles differ in their starts only, and that is what intervals then are about.

Diverged particles count in shares and in times: one that diverges in a region leaves it, and one that diverges before
it reaches a loss never does. They are left out of all other numbers, as are particles that have none, such as the
time to leave a region without having been in it; `n` says how many a number is of. `at` is the last recorded frame up
to that time, which may be a tenth earlier at the most; `frames = "all"` makes it exact. Times to leave a region or to
reach a loss are counted at every update, whatever is recorded, and infinite if never reached. Seconds are measured
and differ from run to run, so a claim about them needs a wide margin. Losses are those of all particles or, where
that would take more than a second, of those in the frames."""

MEASURES = """\
A measure is a statistic without a claim around it: it becomes columns of `table.csv`, of `summary.json` and of sweeps,
one row a group, with the 95% interval and the number of particles behind it: `x`, `x_low`, `x_high`, `x_n`."""
SWEEP = """\
`vary = { "optimizer.lr" = "log:1e-3:1:13", "optimizer.batch" = [1, 2, "full"] }` are 39 cells; `lin:FIRST:LAST:COUNT`
are numbers evenly spaced, and `log:FIRST:LAST:COUNT` of one ratio. Seeds are `seed`, `seed + 1`, ...: starts, orders
and noise, and the examples, follow it, but for those that `swarm.seed`, `run.seed` and `surface.seed` fix.
[docs/sweeps.md](sweeps.md) says the rest."""

COMPARE = """\
`tune = { lr = "log:1e-4:1:13" }` is the search of every group, and `[compare.tune."batch 1"]` has settings of that
group alone. `statistic` decides, with its own settings beside it; without one it is `test_loss`. A budget of examples
counts those of a second gradient, as sam takes, again. [docs/comparing.md](comparing.md) says the rest."""

LANGUAGES = """\
`--lang zh`, or the locale (LC_ALL, LC_MESSAGES, LANG, and LANGUAGE before them), chooses the language of what
`errsurf run`, `export`, `watch`, `list`, `inspect`, `basins` and `batches` show: these texts, where the scenario has
them, and the fixed words of pictures, tables, pages and the window, which errsurf has in Chinese; errors and help are
in English. Nothing else depends on it: groups are named by their own labels in claims, in `--set` and in the result
folder, and pictures carry the scenario as it was written. `picture.font` names a font with the letters, if the
machine has none that is found."""


REGIONS = """A region is one of a disc, a box and a level of the loss. After every update, not only at frames, the run
notes which particles are in it: `entered` of a group's arrays is the first update after which a particle is inside, 0
if it starts there, `left` the first after which it is outside after that; -1 is never, and a particle that diverges
leaves. With `stop` a particle stays where it is from that update on. Claims and measures speak of a region by its
`name`; those that say themselves where, such as `time_to_leave` with a point and a radius, need no table.

A disc or a box makes updates of a cheap rule up to a fifth longer. A level costs the losses of all examples at every
update, as much as an update with full batches; it is compared in the run's `precision`."""


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_tables()])


def _tables() -> Iterator[str]:
    yield from _table("Top-level keys", tables.Head, skip=("swarm", "run", "picture", "output", "sweep"))
    yield "## `[surface]`\n"
    yield "`kind` selects the surface; its own settings go in the same table.\n"
    for name in surfaces.surface_names():
        record = surfaces.surface(name)
        yield from _record("kind", name, surfaces.summary(name), record)
    yield from _table("A table of `wells`", Well, level=3)
    yield "### Formulas and columns\n"
    yield f"{FORMULAS}\n"
    yield from _table("Examples of a surface that is one formula", tables.GenericExamples, level=3)
    yield from _table("Its `test` table", tables.GenericTest, level=3)
    yield from _table("Examples of a surface made of data", tables.OwnExamples, level=3)
    yield f"{OWN_TEST}\n"
    yield "### Measured losses\n"
    yield f"{MEASURED}\n"
    yield "## `[swarm]`\n"
    for name in starts.start_names():
        start = starts.start(name)
        yield from (f'### `start = "{name}"`\n', f"{starts.summary(name)}\n", f"`{start.formula}`\n")
        yield from _rows(starts.OneEach if start.particles else starts.Particles, start.settings, starts.StartSeed)
    yield from _table("`[run]`", tables.RunTable)
    yield from _table("`sampling` as a table", tables.Sampling, level=3)
    yield from _table("`[[optimizer]]`", tables.GroupTable)
    yield f"{SCALING}\n"
    yield f"{OPTIMIZERS}\n"
    for name in optimizers.optimizer_names():
        yield from _record("kind", name, optimizers.summary(name), optimizers.optimizer(name))
    yield "## `clip` and `noise`\n"
    for key, kinds in (("clip", Clip), ("noise", Noise)):
        for name, table in tables.variants(kinds).items():
            yield from _table(f'`{key} = {{ kind = "{name}", ... }}`', table, level=3, skip=("kind",))
    yield "## `wrappers`\n"
    yield f"{WRAPPERS}\n"
    for name in wrappers.wrapper_names():
        yield from _record("kind", name, wrappers.summary(name), wrappers.wrapper(name))
    yield from _table("A table of `changes`", tables.ChangeTable)
    yield f"{CHANGES}\n"
    yield "## `schedule`\n"
    yield f"{SCHEDULES}\n"
    yield from _rows(schedules.Warmup)
    for name in schedules.schedule_names():
        yield from _record("decay", name, schedules.summary(name), schedules.schedule(name))
    yield from _table("`[picture]`", picture_tables.Picture)
    yield f"{PICTURE}\n"
    yield "### Charts\n"
    yield f"{CHARTS}\n"
    yield from (f'* `"{name}"`: {charts.summary(name)}' for name in charts.chart_names())
    yield ""
    yield from _table("Its table `near`", picture_tables.Near, level=3)
    yield "### Over the map\n"
    yield f"{OVERLAYS}\n"
    yield "## `[output]`\n"
    yield "Pictures made after the run, in the result folder.\n"
    yield HEADING
    yield from (_row(key, annotation, "") for key, annotation in tables.output_files().items())
    yield from (*_lines(tables.OutputSize, ()), "")
    yield from _table("`[[region]]`", Region)
    yield f"{REGIONS}\n"
    yield from _table("`[[claim]]`", claims.ClaimTable)
    yield f"{CLAIMS}\n"
    yield from _table("`[[measure]]`", measures.MeasureTable)
    yield f"{MEASURES}\n"
    yield "## `statistic`\n"
    for name in statistics.statistic_names():
        yield f'### `statistic = "{name}"`\n'
        yield f"{statistics.summary(name)}\n"
        yield from _rows(statistics.statistic(name).settings)
    yield from _table("`[sweep]`", tables.SweepTable)
    yield f"{SWEEP}\n"
    yield from _table("`[compare]`", compared.CompareTable)
    yield f"{COMPARE}\n"
    yield from _table("`[[translation]]`", translations.Translation)
    yield f"{LANGUAGES}\n"


def _record(key: str, name: str, summary: str, record: Any) -> Iterator[str]:
    yield from (f'### `{key} = "{name}"`\n', f"{summary}\n", f"`{record.formula}`\n", f"{record.reference}.\n")
    yield from _rows(record.settings)


def _table(title: str, table: Any, *, level: int = 2, skip: tuple[str, ...] = ()) -> Iterator[str]:
    yield f"{'#' * level} {title}\n"
    yield f"{(table.__doc__ or '').partition(chr(10))[0]}\n"
    yield from _rows(table, skip=skip)


def _rows(*tables: Any, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """The keys of tables as one table of the page; nothing without keys."""
    rows = [row for table in tables for row in _lines(table, skip)]
    if rows:
        yield "\n".join([HEADING, *rows, ""])


def _lines(table: Any, skip: tuple[str, ...]) -> Iterator[str]:
    hints = get_type_hints(table, include_extras=True)
    for key in table._fields:
        if key not in skip:
            yield _row(key, hints[key], _default(table, key))


def _row(key: str, annotation: Any, default: str) -> str:
    cells = (f"`{key}`", allowed(annotation).words, default, meaning(annotation))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(table: Any, key: str) -> str:
    if key not in table._field_defaults:
        return "must be given"
    text = written(table._field_defaults[key])
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
