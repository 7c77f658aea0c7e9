"""Pictures of a result as files: any format, by the suffix, and the figure of the result folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from errsurf.drawing.figures.files import save_pixels
from errsurf.drawing.formats import PictureRequest, format_of
from errsurf.drawing.history.frames import clock_end
from errsurf.drawing.moving.fitting import fitted
from errsurf.drawing.origin import origin
from errsurf.drawing.views import painter
from errsurf.system.atomic_write import whole_file

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.drawing.history.numbers import BasinOf
    from errsurf.run.result import Result


def write_picture(request: PictureRequest, path: str | Path, *, most: int | None = None) -> None:
    """Write the picture that the scenario's ``[picture]`` describes, in the format that the suffix of ``path`` names.

    With ``most`` the file has at most so many bytes; what it gave up for that is said.  It appears under its name
    when it is complete.  Raises UserError for a suffix that is no format, for a format that needs an extra which is
    not installed, and for a picture that cannot be made so small; OSError for what the system refuses.
    """
    found = format_of(path)
    with whole_file(path) as file:
        if most is None:
            found.write(request, file)
        else:
            file.write(fitted(found, request, most))


def write_figure(
    result: "Result", path: str | Path, *, critical: Sequence["Critical"] = (), basin_of: "BasinOf | None" = None
) -> None:  # fmt: skip
    """Write the result folder's figure: the last frame at twice the size, with long trails; raises OSError."""
    width, height = result.scenario.picture.size
    factor = min(2.0, 3840 / width, 3840 / height)
    size = (round(width * factor), round(height * factor))
    ready = painter(result, critical=critical, basin_of=basin_of, size=size, fade=0.5)
    with whole_file(path) as file:
        save_pixels(ready.frame(clock_end(result)), file, origin(result))
