"""Messages and exit codes for errors."""

import re
import shlex
from typing import NamedTuple

import click

from errsurf.errors import RunError, UserError, reason
from errsurf.system.text import MAX_LETTERS, printable


class Words(NamedTuple):
    """A message and the exit code: 2 for a user's error, 1 for any other."""

    text: str
    code: int


def words_for(error: Exception) -> Words | None:
    """The message for an expected exception; None for a bug."""

    match error:
        case UserError():
            return Words(str(error), 2)
        case RunError():
            return Words(str(error), 1)
        case click.ClickException():
            return Words(printable(_usage(error), MAX_LETTERS), error.exit_code)
        case MemoryError():
            return Words("out of memory; lower swarm.particles, run.updates or surface.examples", 1)
        case UnicodeEncodeError():
            letters = error.object[error.start : error.end].encode("ascii", "backslashreplace").decode()
            return Words(f"this system cannot name a file with `{letters}`; set PYTHONUTF8=1, or change the label", 1)
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return Words(printable(f"{where}{reason(error)}", MAX_LETTERS), 1)

    return None


def _usage(error: click.ClickException) -> str:
    """Click's message in one line, with a hint to --help."""
    words = re.sub(
        r"\.? \((Did you mean .*)\)$", lambda found: f"; d{found[1][1:]}", error.format_message().rstrip(".")
    )
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.NoSuchOption) and context and (meant := _as_change(error.option_name, context)):
        words = f"{words.partition(';')[0]}; did you mean `{meant}`?"
    return f"{words[:1].lower()}{words[1:]}" + (f"; see {context.command_path} --help" if context else "")


def _as_change(option: str, context: click.Context) -> str:
    """How a command with ``--set`` says what an option of no command may mean: a key of a scenario."""
    from errsurf.scenario.keys import meant_change

    if not any("--set" in each.opts for each in context.command.params):
        return ""
    meant = meant_change(option.lstrip("-").replace("-", "_"))
    return meant and f"--set {shlex.quote(meant)}"
