"""Run a scenario with many combinations of settings and seeds, and write one row of numbers for each.

SCENARIO is a TOML file, the name of a bundled one, or a picture that errsurf wrote.  What varies is given by --vary,
by a CSV file of --cells, or by the scenario's `[sweep]`.  All combinations are checked before anything runs.  Rows go
to `table.csv` in a folder below `results`, or in --out; a sweep that was stopped or got more values computes only what
is missing.  Ctrl-C stops it and keeps what is finished.

\b
Examples:
  errsurf sweep mine.toml --vary optimizer.lr=0.01,0.1 --seeds 2 -o rates
  errsurf sweep mine.toml --vary optimizer.batch=1,4,full --vary optimizer.lr=log:0.01:1:3
"""

from collections.abc import Sequence
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, set_option
from errsurf.cli.terminal import complain, echo, echo_exactly
from errsurf.cli.written import written
from errsurf.errors import UserError
from errsurf.system.numbers import counted
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.measures.rows import Cell
    from errsurf.sweeps.sweep import Sweep


@click.command("sweep", help=__doc__)
@folder_options
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option(
    "--vary",
    multiple=True,
    metavar="KEY=VALUES",
    shell_complete=completing.keys,
    help="A key as --set takes it, and its values: optimizer.batch=1,4,full, optimizer.lr=log:1e-3:1:13, "
    "run.updates=lin:100:500:5.  May be given several times.",
)
@click.option("--zip", "zipped", is_flag=True, default=None, help="All keys take their next value together.")
@click.option(
    "--cells", type=click.Path(path_type=Path), help="CSV file of combinations: keys in its first line, one a line."
)
@click.option("--seeds", type=int, help="Seeds of each combination, from the scenario's on.")
@set_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Folder of the sweep.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Compute on dask.distributed: tcp://host:8786 is a scheduler, local:2 are two processes of this machine.",
)
@click.option("--parquet", is_flag=True, help="Write table.parquet too.")
@click.option("--json", "as_json", is_flag=True, help="Print all rows as JSON.")
@click.option("--quiet", is_flag=True, help="Print the names of files only.")
def command(
    scenario: str,
    vary: tuple[str, ...],
    zipped: bool | None,
    cells: Path | None,
    seeds: int | None,
    changes: tuple[str, ...],
    out: Path | None,
    cluster: str | None,
    parquet: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read, check, compute, and say what came out."""
    from errsurf.cli.bar import Bar
    from errsurf.cli.interrupt import interrupt
    from errsurf.results.doubts import doubts_of_cells
    from errsurf.run.extras import check_extra
    from errsurf.sweeps.axes import read_axis
    from errsurf.sweeps.frames import write_parquet
    from errsurf.sweeps.store import PARQUET
    from errsurf.sweeps.sweeping import computers, prepared

    if parquet:
        check_extra("pyarrow")
    varied = _varied([read_axis(text) for text in vary])
    job = prepared(scenario, varied, seeds=seeds, zipped=zipped, cells=cells, changes=changes_of(changes))
    if job.note:
        complain(f"{job.source.name}: {job.note}")
    for doubt in () if quiet else doubts_of_cells(job.cells):
        complain(printable(doubt))
    folder = out or Path("results") / f"{job.source.name}-sweep"
    kept = list[int]()

    def told(done: int, count: int) -> None:
        kept.append(done)
        bar.progress("cells", done / count)

    with interrupt() as signals:
        signals.recording, signals.left = True, f"stopped; finished cells are kept in {folder}"
        with computers(cluster, complain) as runner, Bar("cells", quiet=quiet or as_json) as bar:
            signals.before_leaving = bar.stop
            found = job.computed(folder, told, signals.stop, runner)
    if kept[0] and not (quiet or as_json):
        echo(f"{kept[0]:,} of {counted(found.cells, 'cell')} were finished before")
    files = [folder / "table.csv"]
    if parquet:
        write_parquet(found.rows, found.columns, folder / PARQUET)
        files.append(folder / PARQUET)
    _say(found, files, as_json=as_json, quiet=quiet)
    if signals.stop.is_set():
        echo(
            f"stopped; {found.finished:,} of {found.cells:,} cells are finished, and the same command continues",
            err=True,
        )
        raise click.exceptions.Exit(signals.code)


def _varied(axes: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The values of each key; a key that is given twice is a usage error."""
    twice = next((key for k, (key, _) in enumerate(axes) if key in dict(axes[:k])), None)
    if twice:
        raise UserError(f"--vary {twice}: given twice; give all of its values at once")
    return dict(axes)


def _word(value: "Cell") -> "Cell":
    """A number that JSON does not have as a word: a time that never came is "inf"."""
    return str(value) if isinstance(value, float) and isinf(value) else value


def _say(found: "Sweep", files: Sequence[Path], *, as_json: bool, quiet: bool) -> None:
    """Print the rows, or the best of them, and where they are."""
    if as_json:
        from errsurf.system.json_text import json_text

        axes = {axis.key: axis.values for axis in found.axes}
        rows = [{key: _word(value) for key, value in row.items()} for row in found.rows]
        echo_exactly(json_text({"axes": axes, "seeds": found.seeds, "complete": found.complete, "rows": rows}))
        return
    if not quiet:
        from errsurf.cli.sweep_rows import show_best
        from errsurf.sweeps.captions import never_came

        show_best(found)
        for text in never_came(found.scenario, found.rows):
            complain(f"{found.scenario.name}: {text}")
    echo(", ".join(map(str, files)) if quiet else written(files[0].parent))
