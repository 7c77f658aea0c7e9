"""Menus: scenarios with their claims, optimizers, schedules, charts."""

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
    """An item of a menu: its name, its value, a description in paragraphs, and its key; ``on`` is for switches."""

    name: str
    value: str
    about: str = ""
    key: str = ""
    on: bool | None = None


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

    @property
    def large(self) -> bool:
        """Whether it covers the whole window: what is chosen takes the place of all that it hides."""
        return self.what == "scenario"

    def moved(self, by: int) -> "Menu":
        """Move the current item, wrapping at the ends."""
        return self._replace(at=(self.at + by) % len(self.items))


def scenario_menu(folders: Sequence[Path], language: str) -> Menu:
    """The bundled scenarios, and the files of some folders, by their titles in a language."""
    from errsurf.scenario import bundled

    files = [str(file) for folder in folders for file in sorted(folder.glob("*.toml"))[:_MAX_FILES]]
    found = [item for source in [*bundled(), *files] if (item := _scenario_item(source, language))]
    items = {(item.name, item.about): item for item in reversed(found)}
    return Menu("scenario", "Open another scenario", tuple(reversed(items.values())))


def optimizer_menu(what: str, title: str, note: str = "", now: str = "") -> Menu:
    """The optimizers, with their descriptions below a note; ``now`` is the current one."""
    from errsurf.optimizers import optimizer, optimizer_names, summary

    items = []
    for name in optimizer_names():
        record = optimizer(name)
        about = (note, summary(name), record.formula, f"Use: {record.when_to_use}", f"Fails: {record.weakness}")
        items.append(Item(name, name, "\n".join(filter(None, about))))
    names = [item.value for item in items]
    return Menu(what, title, tuple(items), names.index(now) if now in names else 0)


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
    """Charts for the first or the second place, with their descriptions."""
    items = tuple(Item(name, name, listing.summary(charts.__name__, name.replace(" ", "_"))) for name in names)
    return Menu(f"chart {place}", "Chart", items, names.index(now) if now in names else 0)


def _scenario_item(source: str, language: str) -> Item | None:
    """Title and description of a scenario file; None for other files."""
    from errsurf.scenario import scenario_text

    with suppress(UserError, ValueError, RecursionError):
        tables = tomllib.loads(scenario_text(source))
        if "surface" in tables and "optimizer" in tables:
            given = [each for each in tables.get("translation", ()) if isinstance(each, dict)]
            texts = tables | next((each for each in given if each.get("lang") == language), {})
            about = " ".join(str(texts.get("about", "")).split())
            return Item(str(texts.get("title") or Path(source).stem), source, about)
    return None
