"""Print or install what a shell needs to complete commands, names, keys and files.

With --install, it is written where the shell looks for it, for you alone; it works in the next shell that you open.

\b
Examples:
  errsurf completion bash --install
  errsurf completion zsh
"""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from errsurf.cli.terminal import echo, echo_exactly
from errsurf.errors import RunError, reason

PLACES = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/errsurf"),
    "zsh": ("ZDOTDIR", "", ".zfunc/_errsurf"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/errsurf.fish"),
}
"""For each shell the variable of a folder, that folder in the home folder, and the file in it."""
HINTS = {
    "bash": "; it needs the package bash-completion, which most systems have",
    "zsh": "; `.zshrc` needs these lines once: `fpath+=(~/.zfunc)` and `autoload -Uz compinit && compinit`",
    "fish": "",
}


@click.command("completion", help=__doc__)
@click.argument("shell", type=click.Choice(tuple(PLACES)))
@click.option("--install", is_flag=True, help="Write it to its place.")
def command(shell: str, install: bool) -> None:
    """Print the script, or write it."""
    from errsurf.cli.main import commands

    kind = get_completion_class(shell)
    assert kind is not None
    given = kind(commands, {}, "errsurf", "_ERRSURF_COMPLETE")
    text = given.source_template % given.source_vars()
    if not install:
        echo_exactly(text)
        return
    file = _place(shell)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{file}: {reason(error)}; it was not written") from error
    echo(f"{file}{HINTS[shell]}")


def _place(shell: str) -> Path:
    variable, folder, file = PLACES[shell]
    given = os.environ.get(variable, "")
    return (Path(given) if given else Path.home() / folder) / file
