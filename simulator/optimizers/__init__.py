"""Update rules, one file each; a new file in this folder is a new optimizer."""

from errsurf.optimizers._record import FAMILIES, Hessian, Optimizer, Pair
from errsurf.records import listing

__all__ = ["FAMILIES", "Hessian", "Optimizer", "Pair", "optimizer", "optimizer_names", "summary"]


def optimizer_names() -> tuple[str, ...]:
    """Names of the optimizers, sorted."""
    return listing.names(__name__)


@listing.cached
def optimizer(name: str) -> Optimizer:
    """The record of the optimizer with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Optimizer)


def summary(name: str) -> str:
    """First line of the optimizer file's docstring."""
    return listing.summary(__name__, name)
