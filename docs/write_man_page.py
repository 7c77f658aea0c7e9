"""Write docs/errsurf.1, the manual page of all commands, from the commands themselves.

Run ``python docs/write_man_page.py`` after changing an option or a help text; a test compares both.
"""

import inspect
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from errsurf.cli.main import commands

PAGE = Path(__file__).parent / "errsurf.1"
STATUS = "0 for success, 1 for a failure or an unmet --strict, 2 for an error that you can fix, 130 after Ctrl-C."
CACHE = "Folder of compiled kernels, in place of the user's cache folder."


def page() -> str:
    """The page, from every command."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    context = click.Context(commands, info_name="errsurf", **commands.context_settings)
    names = commands.list_commands(context)
    summary = inspect.cleandoc(commands.help or "").partition("\n")[0]
    yield f'.TH ERRSURF 1 "" "errsurf {version("errsurf")}" "User Commands"'
    yield from (".SH NAME", f"errsurf \\- {_plain(summary.rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B errsurf", ".I COMMAND", "[\\fIoptions\\fR] \\fIarguments\\fR")
    yield ".SH COMMANDS"
    pictures: dict[str, str] = {}
    for name in names:
        command = commands.get_command(context, name)
        assert command is not None
        yield from _command(command, click.Context(command, info_name=name, parent=context), pictures)
    yield ".SH OPTIONS OF PICTURES"
    yield from _options(pictures)
    yield from (".SH EXIT STATUS", _plain(STATUS))
    yield from (".SH ENVIRONMENT", ".TP", ".B ERRSURF_CACHE", CACHE)


def _command(command: click.Command, context: click.Context, pictures: dict[str, str]) -> Iterator[str]:
    """The section of a command; options of pictures are kept for a section of their own."""
    yield f".SS {_plain(command.get_usage(context).partition(': ')[2])}"
    yield from _paragraphs(inspect.cleandoc(command.help or ""))
    own = {}
    for option in command.get_params(context):
        row = option.get_help_record(context) if isinstance(option, click.Option) else None
        if row and option.name != "help":
            (pictures if (option.name or "").startswith("picture_") else own)[row[0]] = row[1]
    yield from _options(own)
    if any((option.name or "").startswith("picture_") for option in command.params):
        yield from (".PP", "It also takes the options of pictures.")


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of a help; examples, after the mark of click, line by line."""
    for part in text.split("\n\n"):
        if part.startswith("\b"):
            head, *lines = part.removeprefix("\b").strip().split("\n")
            yield from (".PP", _plain(head), ".nf", *(f"    {_plain(line.strip())}" for line in lines), ".fi")
        else:
            yield from (".PP", _plain(part))


def _options(rows: dict[str, str]) -> Iterator[str]:
    for option, meaning in rows.items():
        yield from (".TP", f"\\fB{_plain(option)}\\fR", _plain(meaning))


def _plain(text: str) -> str:
    """A text in one line, in which nothing is a command of troff."""
    line = re.sub(r"\s+", " ", text).strip().replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{line}" if line.startswith((".", "'")) else line


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
