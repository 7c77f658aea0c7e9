"""What a finished run prints: its numbers, and where it is."""

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from simulator.cli.table import tables
from simulator.findings import Findings


def show_title(title: str) -> None:
    """Print the heading of a run."""
    Console(highlight=False).print(Text(title, style="bold"))


def show_tables(findings: Findings) -> None:
    """Print the final numbers, a row a group."""
    console = Console(highlight=False)
    for k, table in enumerate(tables(findings, console.width)):
        console.print("\n" * (k > 0), end="")
        console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))


def show_place(findings: Findings, folder: Path, *, quiet: bool) -> None:
    """Print the result folder and the pictures in it, on stderr how much was kept of a run that was stopped."""
    result = findings.result
    if not result.complete:
        fewest, most = (pick(len(group.update) for group in result.groups) for pick in (min, max))
        frames = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
        click.echo(f"errsurf: stopped early; kept {frames} frames of each group, without pictures", err=True)
    files = [folder / name for name in result.scenario.output if name and (folder / name).is_file()]
    click.echo(", ".join(map(str, [folder] if quiet else [folder, *files])))


def say(what: str, text: str) -> None:
    """Print on stderr what should be known of a file or a scenario."""
    click.echo(f"errsurf: {what}: {text}", err=True)
