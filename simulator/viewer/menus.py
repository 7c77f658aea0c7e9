"""Menus: scenarios with their claims, optimizers, schedules, charts."""

import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from errsurf.drawing import charts
from errsurf.errors import UserError
from errsurf.records import listing

SCHEDULES: dict[str, dict[str, object]] = {
    "constant": {"decay": "constant"},
    "warmup, then constant": {"decay": "constant", "warmup": "10%"},
    "linear": {"decay": "linear"},
    "cosine": {"decay": "cosine"},
    "warmup, then cosine": {"decay": "cosine", "warmup": "10%"},
    "step": {"decay": "step", "step_size": "25%"},
    "exponential": {"decay": "exponential", "gamma": 0.99},
    "inverse square root": {"decay": "inverse_sqrt"},
    "one cycle": {"decay": "one_cycle"},
    "cosine with restarts": {"decay": "cosine_restarts", "T_0": "25%"},
}
"""The schedules of the menu, by name, as `schedule` tables of a scenario."""

_SCHEDULE_WORDS = {
    "constant": "The rate is constant.",
    "warmup, then constant": "The rate rises linearly over the first tenth of the run, then is constant.",
    "linear": "The rate falls linearly to zero.",
    "cosine": "The rate falls along half a cosine.",
    "warmup, then cosine": "The rate rises over the first tenth of the run, then falls along half a cosine.",
    "step": "The rate falls to a tenth after each quarter of the run.",
    "exponential": "The rate is multiplied by 0.99 at each update.",
    "inverse square root": "The rate falls as one over the square root of time.",
    "one cycle": "The rate rises from a small value, then falls to almost nothing.",
    "cosine with restarts": "The rate falls along half a cosine, four times.",
}
_MAX_FILES = 200


class Item(NamedTuple):
    """An item of a menu: its name, its value, and a description in paragraphs."""

    name: str
    value: str
    about: str = ""


class Menu(NamedTuple):
    """An open menu: what choosing does, a heading, the items, and the index of the current one."""

    what: str
    title: str
    items: tuple[Item, ...]
    at: int = 0

    @property
    def item(self) -> Item:
        """The current item."""
        return self.items[self.at]

    def moved(self, by: int) -> "Menu":
        """Move the current item, wrapping at the ends."""
        return self._replace(at=(self.at + by) % len(self.items))


def scenario_menu(folders: Sequence[Path]) -> Menu:
    """The bundled scenarios, and the files of some folders, by their titles."""
    from errsurf.scenario import bundled

    files = [str(file) for folder in folders for file in sorted(folder.glob("*.toml"))[:_MAX_FILES]]
    found = [item for source in [*bundled(), *files] if (item := _scenario_item(source))]
    items = {(item.name, item.about): item for item in reversed(found)}
    return Menu("scenario", "Open another scenario", tuple(reversed(items.values())))


def optimizer_menu() -> Menu:
    """The optimizers, with their descriptions."""
    from errsurf.optimizers import optimizer, optimizer_names, summary

    items = []
    for name in optimizer_names():
        record = optimizer(name)
        about = "\n".join((summary(name), record.formula, f"Use: {record.when_to_use}", f"Fails: {record.weakness}"))
        items.append(Item(name, name, about))
    return Menu("optimizer", "Add a group of particles", tuple(items))


def schedule_menu() -> Menu:
    """Schedules of the learning rate."""
    items = tuple(Item(name, name, _SCHEDULE_WORDS[name]) for name in SCHEDULES)
    return Menu("schedule", "Schedule of the learning rate", items)


def chart_menu(place: int, names: Sequence[str], now: str) -> Menu:
    """Charts for the first or the second place, with their descriptions."""
    items = tuple(Item(name, name, listing.summary(charts.__name__, name.replace(" ", "_"))) for name in names)
    return Menu(f"chart {place}", "Chart", items, names.index(now) if now in names else 0)


def _scenario_item(source: str) -> Item | None:
    """Title and description of a scenario file; None for other files."""
    from errsurf.scenario import scenario_text

    with suppress(UserError, ValueError, RecursionError):
        tables = tomllib.loads(scenario_text(source))
        if "surface" in tables and "optimizer" in tables:
            about = " ".join(str(tables.get("about", "")).split())
            return Item(str(tables.get("title") or Path(source).stem), source, about)
    return None
