"""Measure any statistic of a result folder, with its 95% interval over particles.

RESULT is a result folder.  A statistic is one that `errsurf list statistics` shows, with its settings, or one of your
own in a folder of --plugins.

\b
Examples:
  errsurf measure results/mine --statistic time_to_leave --set point=[0,0] --set radius=0.5
  errsurf measure results/mine --statistic train_loss --json
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages
from errsurf.cli.terminal import echo, echo_exactly

if TYPE_CHECKING:
    from errsurf.measures.measuring import Measured


@click.command("measure", help=__doc__)
@folder_options
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--statistic",
    metavar="NAME",
    required=True,
    shell_complete=completing.records("errsurf.statistics"),
    help="What is measured, of `errsurf list statistics`.",
)
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="A setting of the statistic.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="LABEL",
    shell_complete=completing.groups,
    help="One group; may be given several times.",
)
@click.option("--at", default="100%", show_default=True, help='When: updates (50), epochs ("2 epochs") or a share.')
@click.option("--take", help="median, mean, largest or smallest of the particles' numbers.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, with all digits.")
@lang_option
def command(
    result: Path,
    statistic: str,
    changes: tuple[str, ...],
    groups: tuple[str, ...],
    at: str,
    take: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Open the folder, measure each group, and print a table."""
    from errsurf.cli.measure_lines import measure_lines
    from errsurf.cli.source import opened_result
    from errsurf.measures.asking import asked_measure, measure
    from errsurf.run.language import translated
    from errsurf.run_analysis.findings import Findings
    from errsurf.scenario.changes import toml_value

    moment = int(at) if at.isdecimal() else at
    settings = {key: toml_value(value) for key, value in changes_of(changes).items()}
    findings = Findings(opened_result(result))
    found: dict[str, Measured] = {}
    for group in groups or (None,):
        found |= measure(findings, statistic, group=group, at=moment, take=take, **settings)
    if as_json:
        echo_exactly(_json(found))
    else:
        asked = {"statistic": statistic, "at": moment, "take": take} | settings
        scenario = findings.result.scenario
        shown = translated(scenario, languages(lang, [scenario]))
        names = {own.label: each.label for own, each in zip(scenario.optimizer, shown.optimizer, strict=True)}
        echo(*measure_lines(findings, asked_measure(findings.result, asked), found, names, shown.language))


def _json(found: "dict[str, Measured]") -> str:
    from errsurf.claims.wording import json_number
    from errsurf.system.json_text import json_text

    return json_text(
        [
            {"group": label, **{key: json_number(value) for key, value in each.estimate._asdict().items()}, "n": each.n}
            for label, each in found.items()
        ]
    )
