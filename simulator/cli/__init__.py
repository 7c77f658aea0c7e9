"""The command line: ``errsurf``."""

from errsurf.cli.main import main

__all__ = ["main"]
