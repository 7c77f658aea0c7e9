"""What a finished run prints: its numbers, and its folder."""

from collections.abc import Iterator, Mapping, Sequence
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from errsurf.claims.checking import FAILS, HOLDS, UNDECIDED, Checked
from errsurf.claims.wording import estimate_text, lines, seeds_line
from errsurf.cli.console import PlainConsole
from errsurf.cli.final_numbers import MOST_POINTS, points_line, tables
from errsurf.cli.measure_lines import measure_lines
from errsurf.cli.terminal import complain, echo, say
from errsurf.cli.written import written
from errsurf.drawing.scene import ends_on_map
from errsurf.measures.intervals import Estimate
from errsurf.measures.measuring import measured
from errsurf.measures.rows import Cell
from errsurf.results.resuming import unfinished
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.measured import ends_beyond, warning
from errsurf.run_analysis.stalled import stalled
from errsurf.run_analysis.units import unit_lines
from errsurf.sweeps.repeating import ENDS
from errsurf.system.numbers import counted
from errsurf.system.text import printable
from errsurf.words import said

if TYPE_CHECKING:
    from errsurf.results.run import Report
    from errsurf.scenario import Scenario

INDENT = 2
LOSSES = {"training loss": "train_loss", "test loss": "test_loss"}
COLOURS = {HOLDS: "green", FAILS: "red", UNDECIDED: "yellow"}


def show_title(title: str) -> None:
    """Print the heading of a run."""
    PlainConsole().print(Text(title, style="bold"))


def show_tables(findings: Findings, shown: "Scenario") -> None:
    """Print the final numbers, one row for each group, in the words of the scenario as it is shown."""
    console, language = PlainConsole(), shown.language
    for k, table in enumerate(tables(findings, console.width, [group.label for group in shown.optimizer], language)):
        console.print("\n" * (k > 0), end="")
        console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))
    if words := points_line(findings, language):
        console.print(words, style="dim")
    order = findings.names.order[:MOST_POINTS]
    points, titles = [findings.critical[k] for k in order], [findings.names.titles[k] for k in order]
    for line in unit_lines(findings.landscape, points, titles):
        echo(said(line, language))
    result = findings.result
    _show_samples(findings, language)
    if gone := sum(findings.undefined):
        lost = sum(int((group.diverged >= 0).sum()) for group in result.groups)
        words = f"{gone:,} of {counted(lost, 'diverged particle')} stopped where the loss is undefined"
        echo(said(words, language))
    held = sum(int(stalled(result, group).sum()) for group in result.groups)
    if held:
        precision = result.scenario.run.precision
        words = f"{counted(held, 'particle')} stopped on a slope: updates are too small for {precision} there"
        echo(said(words, language))
    out, total = int(ends_on_map(findings)[:, -2].sum()), sum(len(group.diverged) for group in result.groups)
    if out:
        words = f"{out:,} of {counted(total, 'particle')} end outside the map; picture.window says what it shows"
        echo(said(words, language))
    beyond = sum(ends_beyond(findings.landscape, group) for group in result.groups)
    if beyond:
        words = f"{beyond:,} of {counted(total, 'particle')} end beyond the data, where the loss is extrapolated"
        echo(said(words, language))
    if words := warning(findings.landscape, findings.minima):
        echo(said(words, language))


def _show_samples(findings: Findings, language: str) -> None:
    """Say of how many particles losses are, in the table and in pictures, where it is not all of them."""
    result, some = findings.result, len(findings.measured)
    drawn = len(result.groups[0].loss_particles)
    if some < result.scenario.swarm.particles:
        echo(said(f"Losses and sharpness are those of {counted(some, 'particle')} of each group", language))
    if 0 < drawn < some:
        echo(
            said(
                f"Before the end, losses in pictures are those of {counted(drawn, 'particle')} of each group", language
            )
        )


def show_measures(report: "Report", shown: "Scenario") -> None:
    """Print each measure of the scenario: what it is, and each group's number."""
    findings, names = report.findings, _names(report, shown)
    for measure in findings.result.scenario.measure:
        other = getattr(measure.settings, "other", None)
        found = {label: measured(findings, measure, label) for label in names if label != other}
        for k, line in enumerate(measure_lines(findings, measure, found, names, shown.language)):
            _print_wrapped(Text(line.strip()), INDENT * (k > 0))


def _print_wrapped(text: Text, indent: int = 0) -> None:
    """Print a text in lines that fit the terminal."""
    console = PlainConsole()
    for part in text.wrap(console, console.width - indent):
        part.rstrip()
        console.print(Text(" " * indent).append(part))


def _names(report: "Report", shown: "Scenario") -> dict[str, str]:
    """What groups are called as the scenario is shown, by label."""
    pairs = zip(report.findings.result.groups, shown.optimizer, strict=True)
    return {group.label: table.label for group, table in pairs}


def show_claims(report: "Report", shown: "Scenario") -> None:
    """Print each claim with its verdict and numbers, with translated texts and labels."""
    console, language = PlainConsole(), shown.language
    names = _names(report, shown)
    for claim, text in zip(report.claims, shown.claim, strict=False):
        called = f"claim {', '.join(map(str, text.lecture))} of the lecture" if text.lecture else "claim"
        verdict = Text(said(claim.verdict, language), style=f"bold {COLOURS[claim.verdict]}")
        if claim.seeds is not None:
            often = said(f"with {len(claim.seeds.seeds)} seeds in {claim.seeds.held}", language)
            verdict.append(f"; {often}")
        console.print(Text(f"\n{said(called, language)} ").append(verdict).append(f": {text.says}"))
        for line in _numbers(claim, names, language):
            _print_wrapped(Text(line, style="dim"), INDENT)


def _numbers(claim: Checked, names: Mapping[str, str], language: str) -> Iterator[str]:
    """The numbers of a claim, each comparison's over particles and over seeds."""
    for k, line in enumerate(lines(claim, names, language)):
        yield line
        if over := seeds_line(claim, k, language):
            yield over


def show_seeds(report: "Report", shown: "Scenario") -> None:
    """Print the losses over seeds, where other seeds were asked."""
    found, language = report.seeds, shown.language
    if found is None:
        return
    fixed = f", {said('the same in all', language)}: {', '.join(found.fixed)}" if found.fixed else ""
    _print_wrapped(Text(said(f"means over {len(found.seeds)} seeds", language) + fixed))
    for group, row in zip(shown.optimizer, found.rows, strict=True):
        losses = (f"{said(name, language)} {_over_seeds(row, key)}" for name, key in LOSSES.items())
        _print_wrapped(Text(f"{group.label}: {', '.join(losses)}"), INDENT)


def _over_seeds(row: Mapping[str, Cell], key: str) -> str:
    ends = (row[f"{key}{end}"] for end in ENDS.values())
    return estimate_text(Estimate(*(float(value) if isinstance(value, int | float) else nan for value in ends)))


def show_closing(done: Sequence["Report"], seconds: Sequence[float], language: str) -> None:
    """Print a row for each scenario: how many claims held and failed, and its time."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for head in ("\nscenario", "claims\nhold", "do\nnot", "not\ndecided", "\nseconds"):
        table.add_column(said(head, language), justify="left" if head.endswith("scenario") else "right")
    for report, time in zip(done, seconds, strict=True):
        counts = [sum(claim.verdict == verdict for claim in report.claims) for verdict in COLOURS]
        table.add_row(
            printable(report.findings.result.scenario.name), *(str(count or "") for count in counts), f"{time:.1f}"
        )
    console = PlainConsole()
    console.print("")
    console.print(table)


def show_place(report: "Report", wanted: Path | None, language: str, *, quiet: bool) -> None:
    """Print the result folder and its files, and on stderr what is missing; ``wanted`` is the folder asked for."""
    result, folder = report.findings.result, report.folder
    if report.missing:
        say(str(folder), f"{'; '.join(report.missing)}; everything else is kept")
    if not result.complete:
        fewest, most = (pick(len(group.update) for group in result.groups) for pick in (min, max))
        frames = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
        complain(f"stopped early; kept {frames} frames of each group, without pictures")
    if words := unfinished(folder):
        complain(f"{folder}: {words}")
    if wanted not in (None, folder) and not quiet:
        echo(said(f"{wanted} belongs to another run; this run is in {folder}", language))
    echo(folder if quiet else written(folder))
