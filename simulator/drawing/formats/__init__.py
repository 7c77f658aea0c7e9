"""Kinds of picture files, one file each, named as the suffix; a new file in this folder is a new format."""

from importlib.util import find_spec
from pathlib import Path

from errsurf.drawing.picture_file import Format, PictureRequest, Reduction
from errsurf.errors import UserError
from errsurf.records import listing
from errsurf.records.names import nearest

__all__ = ["Format", "PictureRequest", "Reduction", "format_names", "format_of", "picture_format"]


def format_names() -> tuple[str, ...]:
    """Suffixes without their dot, sorted."""
    return listing.names(__name__)


@listing.cached
def picture_format(name: str) -> Format:
    """The record of the format with this suffix; KeyError if no file has it."""
    return listing.record(__name__, name, Format)


def format_of(path: str | Path) -> Format:
    """The format that a file's suffix names; raises UserError if there is none, or if it needs a missing package."""
    path = Path(path)
    name = path.suffix.removeprefix(".").lower()
    if name not in format_names():
        near = nearest(name, format_names())
        hint = f"; did you mean `{path.with_suffix('.' + near)}`?" if near else ""
        given = "unknown suffix" if name else "no suffix"
        raise UserError(f"{path}: {given}; allowed: {', '.join('.' + known for known in format_names())}{hint}")
    found = picture_format(name)
    if found.module and find_spec(found.module) is None:
        raise UserError(
            f"{path}: .{name} needs the package `{found.module}`, which is not installed; "
            f"install it with: python -m pip install {found.module}"
        )
    return found
