"""Lists to pick from: scenarios with their claims, optimizers, schedules."""

import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from errsurf.drawing import charts
from errsurf.errors import UserError
from errsurf.records import listing

_MAX_FILES = 200


class Item(NamedTuple):
    """Something to pick: what it is called, what is asked for, and what is said of it, in paragraphs."""

    name: str
    value: str
    about: str = ""


class Menu(NamedTuple):
    """A list that is open: what picking does, a heading, the items, and the one that the keys are at."""

    what: str
    title: str
    items: tuple[Item, ...]
    at: int = 0

    @property
    def item(self) -> Item:
        """The one that the keys are at."""
        return self.items[self.at]

    def moved(self, by: int) -> "Menu":
        """Some items further, around the ends."""
        return self._replace(at=(self.at + by) % len(self.items))


def scenario_menu(folders: Sequence[Path]) -> Menu:
    """The bundled scenarios, and the files of some folders, by their titles."""
    from errsurf.scenario import bundled

    files = [str(file) for folder in folders for file in sorted(folder.glob("*.toml"))[:_MAX_FILES]]
    found = [item for source in [*bundled(), *files] if (item := _scenario_item(source))]
    items = {(item.name, item.about): item for item in reversed(found)}
    return Menu("scenario", "Watch another scenario", tuple(reversed(items.values())))


def optimizer_menu() -> Menu:
    """The optimizers, with what each is for."""
    from errsurf.optimizers import optimizer, optimizer_names, summary

    items = []
    for name in optimizer_names():
        record = optimizer(name)
        about = "\n".join((summary(name), record.formula, f"Use: {record.use}", f"Fails: {record.fails}"))
        items.append(Item(name, name, about))
    return Menu("optimizer", "Add a group of particles", tuple(items))


def schedule_choices() -> dict[str, dict[str, Any]]:
    """Schedules to pick, by a name: what a scenario's `schedule` table would say."""
    from errsurf.schedules import schedule, schedule_names

    plain = {name.replace("_", " "): {"decay": name, **schedule(name).example} for name in schedule_names()}
    warmed = [name for name, table in plain.items() if schedule(table["decay"]).warmup]
    return plain | {f"warmup, then {name}": plain[name] | {"warmup": "10%"} for name in warmed}


def schedule_menu() -> Menu:
    """Schedules of the learning rate, with what each does and what it is given."""
    from errsurf.scenario.words import written
    from errsurf.schedules import schedule, summary

    items = []
    for name, table in schedule_choices().items():
        about = (summary(table["decay"]), schedule(table["decay"]).formula, written(table))
        items.append(Item(name, name, "\n".join(about)))
    return Menu("schedule", "Schedule of the learning rate", tuple(items))


def chart_menu(place: int, names: Sequence[str], now: str) -> Menu:
    """Charts for the first or the second place, with what each shows."""
    items = tuple(Item(name, name, listing.summary(charts.__name__, name.replace(" ", "_"))) for name in names)
    return Menu(f"chart {place}", "Chart", items, names.index(now) if now in names else 0)


def _scenario_item(source: str) -> Item | None:
    """Title and claim of a scenario file; None for a file that is none."""
    from errsurf.scenario import scenario_text

    with suppress(UserError, ValueError, RecursionError):
        tables = tomllib.loads(scenario_text(source))
        if "surface" in tables and "optimizer" in tables:
            about = " ".join(str(tables.get("about", "")).split())
            return Item(str(tables.get("title") or Path(source).stem), source, about)
    return None
