"""What picking an item of a list does."""

from typing import TYPE_CHECKING

from errsurf.scenario import read_scenario
from errsurf.viewer.menus import Menu, schedule_choices
from errsurf.viewer.runs import watch_another
from errsurf.viewer.show import Show
from errsurf.viewer.steering import lr_now

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


def picked(show: Show, menu: Menu) -> None:
    """Do what the list is for."""
    show.menu = None
    act = {
        "scenario": _scenario, "optimizer": _optimizer, "schedule": _schedule, "chart 0": _first, "chart 1": _second,
    }  # fmt: skip
    act[menu.what](show, menu.item.value)


def _scenario(show: Show, source: str) -> None:
    """Watch another scenario in the same window."""
    found: list[Scenario] = []
    if show.attempt(lambda: found.append(read_scenario(source))):
        show.attempt(lambda: watch_another(show, found[0]))


def _optimizer(show: Show, kind: str) -> None:
    """A group of an optimizer's own defaults, with the batch of the group that is steered, under a free label."""
    group = show.moment.result.scenario.optimizer[show.place]
    label, k = kind, 2
    while label in show.labels:
        label, k = f"{kind} {k}", k + 1
    table = {"kind": kind, "label": label, "batch": group.batch, "lr": lr_now(show)}
    if show.attempt(lambda: show.live.add(table)):
        show.steer(label)
        show.say(f"{label} joins with batch {group.batch}, lr {lr_now(show):g}")


def _schedule(show: Show, name: str) -> None:
    show.change(schedule=schedule_choices()[name])


def _first(show: Show, name: str) -> None:
    show.charts = (name, show.charts[1])


def _second(show: Show, name: str) -> None:
    show.charts = (show.charts[0], name)
