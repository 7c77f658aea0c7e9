"""The files that a scenario reads: data and fonts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from errsurf.scenario.picture_tables import FONT_FILES, Picture
from errsurf.scenario.scenario import Scenario
from errsurf.scenario.tables import RESERVED
from errsurf.surfaces.shared.table import DataFile

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\\:*?"<>|]')
"""What some system does not take in a file's name."""


OWN_FONTS: dict[str, Path] = {}
"""Files of fonts that options of the command line named, by their names; a scenario's own lie in its folder."""


def font_file(picture: Picture, folder: Path | None) -> Path | None:
    """The file of the picture's font, in the scenario's folder; None where it names a family, or nothing."""
    is_file = picture.font is not None and picture.font.lower().endswith(FONT_FILES)
    return OWN_FONTS.get(str(picture.font), (folder or Path()) / str(picture.font)) if is_file else None


def data_files(scenario: Scenario) -> dict[str, Path]:
    """The files a scenario reads, by the names under which a result folder keeps its copies.

    Names that begin with a number and a hyphen are those of groups' folders.
    """
    font = font_file(scenario.picture, scenario.folder)
    files: dict[str, Path] = {font.name: font} if font else {}
    taken = {"scenario.toml", "summary.json", "manifest.json", "table.csv", "figure.png", "examples.npz", "own"}
    taken |= {name.lower() for name in scenario.output.values()}
    settings = (scenario.surface.train.settings, scenario.surface.test.settings, scenario.picture)
    for path in dict.fromkeys(Path(file) for each in settings for file in data_values(each)):
        own = Path(re.sub(r"^\d+-", "data-", FORBIDDEN.sub("-", path.name).rstrip(". ")) or "data")
        name, k = own.name, 2
        while name.lower() in taken or re.match(rf"{RESERVED} *(\.|$)", name):
            name, k = f"{own.stem}-{k}{own.suffix}", k + 1
        files[name] = path
        taken.add(name.lower())
    return files


def data_values(settings: Any) -> Iterator[DataFile]:
    """The data files among settings, at any depth."""
    if isinstance(settings, DataFile):
        yield settings
    elif isinstance(settings, tuple | dict):
        for value in settings.values() if isinstance(settings, dict) else settings:
            yield from data_values(value)
