"""The widget of ``errsurf.live``."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from errsurf.drawing.page.live_page import live_page
from errsurf.notebook.state import state_scenario, told
from errsurf.run.result import Result
from errsurf.run.simulation import simulate
from errsurf.scenario import Scenario


class Widget(anywidget.AnyWidget):
    """See ``LiveWidget``; what begins with an underscore is for ``widget.js``."""

    _esm = files("errsurf.notebook").joinpath("widget.js").read_text(encoding="utf-8")
    groups = traitlets.List(traitlets.Int()).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    clock = traitlets.Float(0.0).tag(sync=True)
    playing = traitlets.Bool(None, allow_none=True).tag(sync=True)
    _page = traitlets.Unicode().tag(sync=True)
    _places = traitlets.Dict().tag(sync=True)
    _asked = traitlets.Int(0).tag(sync=True)

    def __init__(self, scenario: Scenario, optimizers: Sequence[str] | None) -> None:
        self._told, self._heard = told(scenario), False
        page = live_page(scenario, optimizers, embed=True)
        super().__init__(groups=list(range(len(scenario.optimizer))), _page=page)

    @property
    def scenario(self) -> Scenario:
        """See ``LiveWidget``."""
        return state_scenario(self._told, self.groups, self.settings)

    @property
    def positions(self) -> dict[str, NDArray[np.floating]]:
        """See ``LiveWidget``."""
        return {
            str(each["label"]): np.frombuffer(each["data"], _precision(each["type"])).reshape(-1, 2)
            for each in self._places.get("groups", ())
        }

    @property
    def updates(self) -> dict[str, int]:
        """See ``LiveWidget``."""
        return {str(each["label"]): int(each["update"]) for each in self._places.get("groups", ())}

    def change(self, settings: Mapping[str, Any]) -> None:
        """See ``LiveWidget``."""
        self.settings = {**self.settings, **settings}

    def ask_positions(self) -> None:
        """See ``LiveWidget``."""
        self._asked += 1

    def result(self) -> Result:
        """See ``LiveWidget``."""
        return simulate(self.scenario)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the page tells: it has checked each value, and says itself what cannot be together."""
        self._heard = True
        try:
            super().set_state(sync_data)
        finally:
            self._heard = False

    @traitlets.validate("settings")
    def _require_settings(self, proposal: Any) -> Any:
        if not self._heard:
            state_scenario(self._told, self.groups, proposal["value"])
        return proposal["value"]

    @traitlets.validate("groups")
    def _require_groups(self, proposal: Any) -> Any:
        count = len(self._told.tables["optimizer"])
        if not proposal["value"] or not all(0 <= k < count for k in proposal["value"]):
            raise traitlets.TraitError(f"groups are numbers from 0 to {count - 1}, those of the scenario's groups")
        return proposal["value"]


def _precision(name: str) -> type[np.floating]:
    return np.float64 if name == "float64" else np.float32
