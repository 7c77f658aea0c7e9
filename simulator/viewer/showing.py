"""A result shown where one is: in a notebook, or in a window."""

import sys
from typing import Any

from errsurf.errors import RunError, UserError
from errsurf.notebook import result_html
from errsurf.results.pictures import redrawn, with_picture_options
from errsurf.run.result import Result

_INSTEAD = 'errsurf.save_picture(result, "run.html") writes a page that any browser plays'


@with_picture_options
def show(result: Result, **picture: Any) -> None:
    """Show a result: in a notebook as a page that plays below the cell, else in the window of `errsurf watch`.

    The options are ``title`` and the keys of ``[picture]``, as for ``save_picture``.  The window is open until the
    user closes it.  Raises UserError, which says what to do, where there is neither a notebook nor a display, and
    ScenarioError for options that ``[picture]`` does not take.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> try:
        ...     errsurf.show(result)
        ... except errsurf.UserError:
        ...     path = errsurf.save_picture(result, "run.html")
    """
    changed = redrawn(result, picture)
    if _in_notebook():
        _display(changed)
    else:
        _watch(changed)


def _in_notebook() -> bool:
    """Whether IPython runs this with a kernel, which shows more than text."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def _display(result: Result) -> None:
    """Show the run's page below the cell."""
    from IPython.display import HTML, display

    display(HTML(result_html(result, most=None)))


def _watch(result: Result) -> None:
    """Show the run in a window until it is closed."""
    from errsurf.viewer.display import opened

    try:
        window = opened("errsurf")
    except RunError as error:
        raise UserError(f"{error}; in Python, {_INSTEAD}") from None
    from errsurf.viewer.loop import watch

    watch(window, result)
