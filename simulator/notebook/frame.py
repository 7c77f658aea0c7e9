"""A run's page in a frame of its own, so that its style stays in there, and its picture."""

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from errsurf.results.pictures import save_picture
from errsurf.run.result import Result

_CONTROLS = 120
_PAGE_SIZE = "1MB"


def framed(page: str, height: int) -> str:
    """HTML that shows a page, given as text, ``height`` pixels high; IPython warns of a bare frame."""
    frame = f'<iframe srcdoc="{escape(page)}" width="100%" height="{height}" style="border: 0"></iframe>'
    return f"<div>{frame}</div>"


def result_html(result: Result, most: str | None = _PAGE_SIZE) -> str:
    """The page of a run, of at most ``most`` bytes such as "1MB", in a frame."""
    with TemporaryDirectory(prefix="errsurf-") as folder:
        page = save_picture(result, Path(folder) / "run.html", max_size=most).read_text(encoding="utf-8")
    return framed(page, result.scenario.picture.size[1] + _CONTROLS)


def result_png(result: Result) -> bytes:
    """The last frame of a run."""
    with TemporaryDirectory(prefix="errsurf-") as folder:
        return save_picture(result, Path(folder) / "run.png").read_bytes()
