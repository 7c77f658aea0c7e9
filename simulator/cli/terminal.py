"""Printing: all text passes through here, so that no file's text controls the terminal."""

import click

from errsurf.system.text import printable


def echo(*lines: object, err: bool = False, bold: bool = False) -> None:
    """Print each text as one line, with control characters and bidirectional marks as escapes."""
    text = "\n".join(printable(str(line)) for line in lines)
    click.echo(click.style(text, bold=True) if bold else text, err=err)


def complain(message: str) -> None:
    """Print an error or a notice on stderr; a message of several lines stays so."""
    echo(*f"errsurf: {message}".split("\n"), err=True)


def echo_exactly(text: str) -> None:
    """Print JSON, of which json.dumps has escaped what is not ASCII, or a script of errsurf as it is."""
    click.echo(text)


def say(what: str, text: str) -> None:
    """Print a notice about a file or a scenario on stderr."""
    complain(printable(f"{what}: {text}"))
