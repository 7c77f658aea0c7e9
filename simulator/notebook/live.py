"""A page that computes its run as a widget of a notebook: its controls and Python stay in step."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from errsurf.errors import UserError
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import require_scenario


class LiveWidget(Protocol):
    """What ``live`` returns; Jupyter shows it, and ``observe`` calls a function when one of the first four changes.

    ``settings`` are the changes of the page as its link has them: a path such as "0.lr", "1.schedule.decay",
    "swarm.particles" or "run.seed" and a value, the number being that of the page's group.  ``groups`` are the
    scenario's groups that those of the page are copies of, by place.  ``clock`` is where the page is, in examples seen
    or in updates as its scale, and ``playing`` is None until a page has been shown.  All four can be assigned.
    ``positions`` are those of all particles at the page's clock, (particles, 2) for each label, and ``updates`` the
    updates that each group has made there: both as the page told them last.
    """

    groups: list[int]
    settings: dict[str, Any]
    clock: float
    playing: bool | None

    @property
    def scenario(self) -> Scenario:
        """The scenario of what the page shows, which `errsurf run` computes to the same bits."""

    @property
    def positions(self) -> dict[str, NDArray[np.floating]]:
        """Where the particles are; a page tells it when it pauses, and when it is asked."""

    @property
    def updates(self) -> dict[str, int]:
        """How many updates each group has made where ``positions`` are."""

    def change(self, settings: Mapping[str, Any]) -> None:
        """Change some of the settings."""

    def ask_positions(self) -> None:
        """Let the page tell its positions; they are there when the next cell runs."""

    def result(self) -> Result:
        """Simulate ``scenario`` in Python: its positions are those of the page in every bit."""


def live(scenario: Scenario, optimizers: Sequence[str] | None = None) -> LiveWidget:
    """A scenario's live page as a widget, for Jupyter, JupyterLab, VS Code, Colab and marimo.

    What is changed on the page is read from the widget, and what is assigned to the widget changes the page.  The page
    has the kernels of ``optimizers``, besides the scenario's own; of all unless they are given.  Raises UserError where
    the package anywidget is missing, or no page can compute the scenario.

    Examples:
        >>> import errsurf
        >>> widget = errsurf.live(errsurf.read_scenario("saddle_escape"), ["sgd"])
        >>> widget.change({"2.lr": 0.02, "swarm.particles": 100})
        >>> widget.scenario.optimizer[2].settings.lr, widget.scenario.run.rounding
        (0.02, 'portable')
        >>> widget.result()["batch 1 (lr 0.02)"].position.shape[1:]
        (100, 2)
    """
    require_scenario(scenario)
    try:
        from errsurf.notebook.widget import Widget
    except ModuleNotFoundError as error:
        raise UserError(f'errsurf.live needs {error.name}: pip install "errsurf[notebook]"') from None
    found: LiveWidget = Widget(scenario, optimizers)
    return found
