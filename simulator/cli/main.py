"""The command ``errsurf``: each command is one file of this folder, imported when it is called."""

import gc
import sys
from contextlib import chdir, suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from errsurf.cli.faults import words_for
from errsurf.cli.interrupt import Terminated, termination
from errsurf.cli.terminal import complain
from errsurf.errors import UserError
from errsurf.system.text import first_line


class Commands(click.Group):
    """Commands found by listing the folder; the first line of their docstring is read without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of all commands."""
        return sorted(file.stem.removesuffix("_command") for file in Path(__file__).parent.glob("*_command.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"errsurf.cli.{cmd_name}_command").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, but suggest the nearest name for an unknown command."""
        from difflib import get_close_matches

        if ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise UserError(f"no command `{args[0]}`; there are {', '.join(self.list_commands(ctx))}{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As in click, which takes any EOFError for Ctrl-D at a prompt; errsurf has no prompts."""
        _import_elsewhere()
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise RuntimeError(f"unexpected end of data: {error}") from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands with their first lines, read from the files as text; options as in click."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        names = (name for name in self.list_commands(ctx) if name.startswith(incomplete))
        return [CompletionItem(name, help=_first_line(name)) for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and first lines, read from the files as text."""
        rows = [(name, _first_line(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_line(name: str) -> str:
    return first_line(Path(__file__).parent / f"{name}_command.py")


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="errsurf", prog_name="errsurf")
@click.pass_context
def commands(context: click.Context) -> None:
    """Gradient-based optimizers on two-parameter error surfaces.

    Try `errsurf run saddle_escape`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _import_elsewhere() -> None:
    """Import libraries that read settings from the working folder while another folder is the working one."""
    for library, file in {"numba": ".numba_config.yaml", "matplotlib": "matplotlibrc"}.items():
        if Path(file).exists():
            with chdir(Path(__file__).parent):
                import_module(library)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 2 for a user's error, 1 for a failure, 130 after Ctrl-C."""
    _print_anything()
    # Imports make many objects and no garbage: with Python's limit of 700, searching for it is 8% of a short command.
    gc.set_threshold(20_000)
    try:
        with termination():
            return commands.main(args=arguments, prog_name="errsurf", standalone_mode=False) or 0
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        return 130
    except Terminated as end:
        _say("stopped")
        return end.code
    except Exception as error:
        words = words_for(error)
        if words is None:
            raise
        _say(words.text)
        return words.code


def _say(text: str) -> None:
    with suppress(OSError):
        complain(text)


def _print_anything() -> None:
    """Print question marks for characters that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            poor = stream.errors == "surrogateescape" and stream.encoding.lower() != "utf-8"
            if poor or stream.errors == "strict":
                stream.reconfigure(errors="replace")
