"""Print the JSON Schema of scenario files, for editors that complete and check TOML."""

import json

import click

from simulator.cli.options import folder_options


@click.command("schema", help=__doc__)
@folder_options
def command() -> None:
    """To standard output."""
    from simulator.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
