"""Write docs/command_line.md: every command with its options, from the commands themselves.

Run ``python docs/write_command_line_page.py`` after changing an option or a help text; a test compares both.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from errsurf.cli.main import commands

PAGE = Path(__file__).parent / "command_line.md"
OPENING = """\
# The command line

`errsurf COMMAND --help` prints what this page has. Options of pictures are those of `[picture]` in
[scenario files](scenario.md), which has their ranges. Exit codes: 0 for success, 1 for a failure or an unmet
`--strict`, 2 for an error that you can fix, 130 after Ctrl-C. This page is written by
`docs/write_command_line_page.py`. The manual page `docs/errsurf.1`, by `docs/write_man_page.py`, has the same:
`man docs/errsurf.1` shows it in a checkout, and `man errsurf` once it lies in `~/.local/share/man/man1/`.
"""


def page() -> str:
    """The page, from every command."""
    return "\n".join([OPENING, *_commands()]).rstrip() + "\n"


def _commands() -> Iterator[str]:
    context = click.Context(commands, info_name="errsurf", terminal_width=100, **commands.context_settings)
    pictures: dict[str, str] = {}
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        rows = _rows(command, click.Context(command, info_name=name, parent=context))
        yield from _section(command, click.Context(command, info_name=name, parent=context), rows[""])
        pictures |= rows["picture_"]
        if rows["picture_"]:
            yield "It also takes the [options of pictures](#options-of-pictures).\n"
    yield "## Options of pictures\n"
    yield from _table(pictures)


def _rows(command: click.Command, context: click.Context) -> dict[str, dict[str, str]]:
    """Options and their meaning, those of pictures apart."""
    rows: dict[str, dict[str, str]] = {"": {}, "picture_": {}}
    for option in command.get_params(context):
        if isinstance(option, click.Option) and option.name != "help" and (row := option.get_help_record(context)):
            group = "picture_" if (option.name or "").startswith("picture_") else ""
            rows[group][_cell(row[0])] = _cell(row[1])
    return rows


def _section(command: click.Command, context: click.Context, rows: dict[str, str]) -> Iterator[str]:
    yield f"## errsurf {context.info_name}\n"
    yield f"`{_line(command.get_usage(context).partition(': ')[2])}`\n"
    yield f"{_text(command)}\n"
    yield from _table(rows)


def _table(rows: dict[str, str]) -> Iterator[str]:
    if rows:
        yield "| option | meaning |\n| --- | --- |"
        yield from (f"| `{option}` | {meaning} |" for option, meaning in rows.items())
        yield ""


def _text(command: click.Command) -> str:
    """The help text in Markdown: examples below one another are a block."""
    text = inspect.cleandoc(command.help or "")
    return re.sub(r"\n*^\x08?\n?((?:^ +\S.*\n?)+)", _block, text, flags=re.MULTILINE).replace("\x08", "")


def _block(found: re.Match[str]) -> str:
    return f"\n\n```text\n{inspect.cleandoc(found[1])}\n```\n"


def _cell(text: str) -> str:
    """A help text as a cell of a table."""
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    """A text in one line."""
    return re.sub(r"\s+", " ", text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
