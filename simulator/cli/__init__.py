"""The command line: ``errsurf``."""

from simulator.cli.main import main

__all__ = ["main"]
