"""Tune every group by the same search with the same budget, judge the choices by other seeds, and say what is decided.

SCENARIO is a TOML file, the name of a bundled one, or a picture that errsurf wrote.  What is tuned is given by --tune
or by the scenario's `[compare]`.  Numbers and a picture go to a folder below `results`, or to --out; a comparison that
was stopped, or that gets more values, computes only what is missing.  Ctrl-C stops it and keeps what is finished.

\b
Examples:
  errsurf compare mine.toml --tune lr=0.01,0.1 --seeds 3
  errsurf compare mine.toml --tune lr=log:0.01:1:3 --statistic train_loss --best lowest -o tuned
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.terminal import complain, echo, echo_exactly
from errsurf.cli.written import written
from errsurf.errors import UserError


@click.command("compare", help=__doc__)
@folder_options
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option(
    "--tune",
    multiple=True,
    metavar="KEY=VALUES",
    shell_complete=completing.keys,
    help="A setting of all groups, and the values that are tried: lr=log:1e-4:1:13, momentum=0,0.9; "
    '"batch 1.lr=0.1,1" is of one group.  May be given several times.',
)
@click.option(
    "--statistic",
    metavar="NAME",
    shell_complete=completing.records("errsurf.statistics"),
    help="What decides, one of `errsurf list statistics`.  [default: test_loss]",
)
@click.option("--best", help="Which number is the best: lowest or highest.  [default: highest of shares, else lowest]")
@click.option("--budget", help="What all groups get as much of: updates, examples or seconds.  [default: updates]")
@click.option("--amount", type=float, help="How much of it.  [default: as the longest group of the scenario's run]")
@click.option("--seeds", type=int, help="Seeds that judge the choice of another one.  [default: 8]")
@click.option(
    "--diverged",
    type=float,
    metavar="SHARE",
    help="The largest share of particles that may diverge with values that are chosen.  [default: 0.01]",
)
@set_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Folder of the comparison.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of tables.")
@click.option("--quiet", is_flag=True, help="Print the names of files only.")
@lang_option
def command(
    scenario: str,
    tune: tuple[str, ...],
    statistic: str | None,
    best: str | None,
    budget: str | None,
    amount: float | None,
    seeds: int | None,
    diverged: float | None,
    changes: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Read, check, search, judge, and say what came out.

    With --statistic, --set gives its settings too, those that need no table before them: `--set point=[0,0]`.
    """
    from errsurf.cli.bar import Bar
    from errsurf.cli.comparison_rows import show_comparison
    from errsurf.cli.interrupt import interrupt
    from errsurf.comparing.comparing import done, planned
    from errsurf.comparing.files import summary
    from errsurf.drawing.lettering.notices import notices
    from errsurf.run.language import translated
    from errsurf.system.json_text import json_text

    given, settings = _parted(changes_of(changes), statistic)
    asked = {"statistic": statistic, "best": best, "budget": budget, "amount": amount, "seeds": seeds, **settings}
    asked["diverged"] = diverged
    plan = planned(scenario, asked | {"tune": _tuned(tune)}, given)
    folder = out or Path("results") / f"{plan.source.name}-compare"
    with interrupt() as signals:
        signals.recording, signals.left = True, f"stopped; finished runs are kept in {folder}"
        with Bar("times", quiet=quiet or as_json) as bar:
            signals.before_leaving = bar.stop
            wanted = languages(lang, [plan.scenario])
            found = done(plan, folder, bar.progress, signals.stop, wanted)
    shown = translated(found.scenario, wanted)
    if as_json:
        echo_exactly(json_text(summary(found)))
    else:
        if not quiet:
            show_comparison(found, shown)
        echo(written(folder))
    for text in (*found.warnings, *[f"{shown.name}: {each}" for each in notices(shown)]):
        complain(text)
    if signals.stop.is_set():
        echo("stopped; the same command continues", err=True)
        raise click.exceptions.Exit(signals.code)


def _parted(changes: dict[str, object], statistic: str | None) -> tuple[dict[str, object], dict[str, Any]]:
    """Changes of the scenario, and settings of the statistic that is named."""
    from errsurf.scenario.changes import toml_value
    from errsurf.statistics import statistic as record
    from errsurf.statistics import statistic_names

    if statistic not in statistic_names():
        return changes, {}
    own = {*record(statistic).settings._fields, "at", "take"}
    settings = {key: toml_value(value) for key, value in changes.items() if key in own}
    return {key: value for key, value in changes.items() if key not in own}, settings


def _tuned(texts: Sequence[str]) -> dict[str, str]:
    """The values of each setting, as --tune gave them."""
    found: dict[str, str] = {}
    for text in texts:
        key, equals, values = (part.strip() for part in text.partition("="))
        if not equals or not key:
            raise UserError(f"--tune {text}: must look like KEY=VALUES, for example lr=log:1e-4:1:13")
        if key in found:
            raise UserError(f"--tune {key}: given twice; give all of its values at once")
        found[key] = values
    return found
