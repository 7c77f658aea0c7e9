"""What ``[picture]`` says of groups and files that a scenario must have."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic_core import PydanticCustomError

from errsurf.errors import DataFileError
from errsurf.records.names import listed, nearest
from errsurf.scenario.files import font_file
from errsurf.scenario.paths import MAX_FONT_BYTES, file_below
from errsurf.scenario.picture_tables import FONT_FILES, Picture
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.surfaces.shared.table import csv_columns

MAX_PANELS = 12
COLUMNS = ("x", "y")
"""The columns of a trajectory's file."""


def picture_findings(picture: Picture, labels: Sequence[str], folder: Path | None) -> Iterator[Finding]:
    """Groups that there are not, more maps side by side than anyone can see, a font's file that is missing."""
    for k, group in enumerate(picture.groups or ()):
        if group not in labels and not (isinstance(group, int) and group <= len(labels)):
            known = f"a number from 1 to {len(labels)}, or one of the labels {listed(labels)}"
            near = nearest(group, labels) if isinstance(group, str) else ""
            yield Finding(("picture", "groups", k), "no such group", value_text(group), known, near)
    drawn = len(labels) if picture.groups is None else len(set(picture.groups))
    if picture.panels and drawn > MAX_PANELS:
        problem = f"{drawn} groups are too many for a map each"
        yield Finding(("picture", "panels"), problem, allowed=f"up to {MAX_PANELS}; name them with picture.groups")
    if (font := font_file(picture, folder)) is not None:
        try:
            file_below(font.parent, font.name, MAX_FONT_BYTES, FONT_FILES)
        except PydanticCustomError as error:
            said = error.context or {}
            yield Finding(("picture", "font"), said["problem"], value_text(font.name), "", said["nearest"])
    if picture.trajectory is not None:
        try:
            csv_columns(picture.trajectory, COLUMNS)
        except DataFileError as error:
            problem = str(error).replace(picture.trajectory, Path(picture.trajectory).name)
            yield Finding(("picture", "trajectory"), problem)
