"""What commands print: every text passes here, so that no terminal obeys what stands in other people's files."""

import click

from errsurf.system.text import printable


def echo(*lines: object, err: bool = False, bold: bool = False) -> None:
    """Print each text as one line; control characters and bidirectional marks stand as escapes."""
    text = "\n".join(printable(str(line)) for line in lines)
    click.echo(click.style(text, bold=True) if bold else text, err=err)


def complain(message: str) -> None:
    """Print on stderr what is wrong, or what should be known; the message's lines stay lines."""
    echo(*f"errsurf: {message}".split("\n"), err=True)


def echo_exactly(text: str) -> None:
    """Print JSON as it is: json.dumps has escaped what is not ASCII."""
    click.echo(text)
