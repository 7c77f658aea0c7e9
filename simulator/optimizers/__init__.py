"""Update rules, one file each; a new file in this folder is a new optimizer."""

from functools import cache
from importlib import import_module
from pathlib import Path

from simulator.optimizers._record import Optimizer

__all__ = ["Optimizer", "optimizer", "optimizer_names", "summary"]


def optimizer_names() -> tuple[str, ...]:
    """Names of the optimizers in this folder, sorted."""
    return tuple(sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py")))


@cache
def optimizer(name: str) -> Optimizer:
    """The record of the optimizer with this name; KeyError if no file here has it."""
    if name not in optimizer_names():
        raise KeyError(name)
    record = import_module(f"simulator.optimizers.{name}").RECORD
    assert isinstance(record, Optimizer)
    return record


def summary(name: str) -> str:
    """First line of the optimizer file's docstring."""
    return (import_module(f"simulator.optimizers.{name}").__doc__ or "").partition("\n")[0]
