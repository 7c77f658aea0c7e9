"""What choosing an item of a menu does."""

from typing import TYPE_CHECKING

from errsurf.run.language import translated
from errsurf.scenario import read_scenario
from errsurf.settings.learning_rates import lr_words
from errsurf.viewer.actions import MORE, STAYS, action, more_menu
from errsurf.viewer.changing import change, replace_optimizer, steered
from errsurf.viewer.menus import Menu, schedule_choices
from errsurf.viewer.runs import watch_another
from errsurf.viewer.steering import segment_now
from errsurf.viewer.view_state import ViewState

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


def picked(state: ViewState, menu: Menu) -> None:
    """Run the menu's action for the current item."""
    state.menu = None
    act = {
        "scenario": _scenario, "add": _add, "optimizer": replace_optimizer, "schedule": _schedule,
        "chart 0": _first, "chart 1": _second, "more": _more,
    }  # fmt: skip
    act[menu.what](state, menu.item.value)


def _scenario(state: ViewState, source: str) -> None:
    """Watch another scenario in the same window."""
    found: list[Scenario] = []
    language = state.moment.result.scenario.language
    if state.attempt(lambda: found.append(translated(read_scenario(source), [language]))):
        state.attempt(lambda: watch_another(state, found[0]))


def _add(state: ViewState, kind: str) -> None:
    """Add a group with an optimizer's defaults, the steered group's batch and lr, and a free label."""
    label, k = kind, 2
    while label in state.labels:
        label, k = f"{kind} {k}", k + 1
    now = segment_now(state)
    table = {"kind": kind, "label": label, "batch": now.batch, "lr": now.settings.lr}
    if steered(state, lambda: state.live.add(table)):
        state.steer(label)
        state.notify(f"{label} joins with batch {now.batch}, lr {lr_words(now.settings.lr)}")


def _schedule(state: ViewState, name: str) -> None:
    change(state, schedule=schedule_choices()[name])


def _more(state: ViewState, name: str) -> None:
    """Run an action; switches leave the menu open."""
    chosen = action(name)
    chosen.act(state)
    if state.menu is None and (chosen.on is not None or name in STAYS):
        state.menu = more_menu(state, MORE.index(name))


def _first(state: ViewState, name: str) -> None:
    state.charts = (name, state.charts[1])


def _second(state: ViewState, name: str) -> None:
    state.charts = (state.charts[0], name)
