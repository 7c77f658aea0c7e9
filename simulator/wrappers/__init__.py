"""What may be done around the update of any optimizer; a new file in this folder is a new wrapper."""

from collections.abc import Iterable

from errsurf.records import listing
from errsurf.wrappers._record import Nothing, Wrapper, Wrapping

__all__ = ["Nothing", "Wrapper", "Wrapping", "records", "summary", "wrapper", "wrapper_names"]


def wrapper_names() -> tuple[str, ...]:
    """Names of the wrappers, sorted."""
    return listing.names(__name__)


@listing.cached
def wrapper(name: str) -> Wrapper:
    """The record of the wrapper with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Wrapper)


def records(wrappings: Iterable[Wrapping]) -> tuple[Wrapper, ...]:
    """The records of a group's wrappers."""
    return tuple(wrapper(each.kind) for each in wrappings)


def summary(name: str) -> str:
    """First line of the wrapper file's docstring."""
    return listing.summary(__name__, name)
