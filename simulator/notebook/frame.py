"""Pages of runs and scenarios in frames of their own, so that their style stays in there, and their pictures.

A result shows what was computed, with its own rounding, device and length, so its page plays the recording; a scenario
has no run yet, so its page computes one.
"""

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from errsurf.drawing.page.live_page import live_page
from errsurf.drawing.page.starting import calm, start_result
from errsurf.errors import ErrsurfError
from errsurf.results.pictures import save_picture
from errsurf.run.result import Result
from errsurf.scenario import Scenario

_CONTROLS = 120
_LIVE_HEIGHT = 640
_PAGE_SIZE = "1MB"


def framed(page: str, height: int) -> str:
    """HTML that shows a page, given as text, ``height`` pixels high; IPython warns of a bare frame.

    The page runs as one of another origin: it sees nothing of the notebook.
    """
    look = f'width="100%" height="{height}" style="border: 0"'
    return f'<div><iframe sandbox="allow-scripts allow-downloads" srcdoc="{escape(page)}" {look}></iframe></div>'


def result_html(result: Result, most: str | None = _PAGE_SIZE) -> str:
    """The page of a run, of at most ``most`` bytes such as "1MB", in a frame."""
    with TemporaryDirectory(prefix="errsurf-") as folder:
        page = save_picture(result, Path(folder) / "run.html", max_size=most).read_text(encoding="utf-8")
    return framed(page, result.scenario.picture.size[1] + _CONTROLS)


def result_png(result: Result) -> bytes:
    """The last frame of a run."""
    with TemporaryDirectory(prefix="errsurf-") as folder:
        return save_picture(result, Path(folder) / "run.png").read_bytes()


def scenario_html(scenario: Scenario) -> str:
    """The page that computes a scenario, in a frame; where there can be none, a sentence that says why."""
    try:
        return framed(live_page(scenario, embed=True), _LIVE_HEIGHT)
    except ErrsurfError as error:
        return f"<p>{escape(str(error))}</p>"


def scenario_png(scenario: Scenario) -> bytes:
    """The map with all particles at their starts; nothing is simulated."""
    return result_png(calm(start_result(scenario)))
