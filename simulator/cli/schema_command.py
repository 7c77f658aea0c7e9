"""Print the JSON Schema of scenario files, for editors that complete and check TOML.

\b
Examples:
  errsurf schema
"""

import json

import click

from errsurf.cli.options import folder_options
from errsurf.cli.terminal import echo_exactly


@click.command("schema", help=__doc__)
@folder_options
def command() -> None:
    """Print to standard output."""
    from errsurf.scenario import json_schema

    echo_exactly(json.dumps(json_schema(), indent=2))
