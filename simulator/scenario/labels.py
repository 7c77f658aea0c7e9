"""What groups are called that have no label: by kind and batch size and, where these are equal, by what differs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errsurf.scenario.measures import cell_text

NO_DIFFERENCE = ("label", "kind", "batch", "color")
MOST_LETTERS = 80


def labels_of(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """The label of every raw ``[[optimizer]]`` table: its own, or "sgd, batch 5" and "sgd, batch 5, lr 0.1"."""
    plain = [str(table.get("label") or _usual(table)) for table in tables]
    alike: dict[str, list[int]] = {}
    for k, label in enumerate(plain):
        if not tables[k].get("label"):
            alike.setdefault(label, []).append(k)
    told_apart = {k: text for places in alike.values() if len(places) > 1 for k, text in _told_apart(tables, places)}
    return [f"{label}{told_apart.get(k, '')}"[:MOST_LETTERS] for k, label in enumerate(plain)]


def _usual(table: Mapping[str, Any]) -> str:
    return f"{table.get('kind', '')}, {batch_text(table.get('batch', 'full'))}"


def batch_text(batch: Any) -> str:
    """A batch size in a label."""
    return "full batch" if batch == "full" else f"batch {batch}"


def _told_apart(tables: Sequence[Mapping[str, Any]], places: Sequence[int]) -> Iterator[tuple[int, str]]:
    """What differs among the tables at some places, as the end of each one's label."""
    keys = dict.fromkeys(key for k in places for key in ("lr", *tables[k]) if key not in NO_DIFFERENCE)
    first = tables[places[0]]
    differing = [key for key in keys if any(tables[k].get(key) != first.get(key) for k in places)]
    for k in places:
        yield k, "".join(f", {key} {setting_text(tables[k][key])}" for key in differing if key in tables[k])


def setting_text(value: Any) -> str:
    """A setting in a label; a table by its values."""
    if isinstance(value, Mapping):
        return " ".join(map(setting_text, value.values()))
    return " ".join(map(setting_text, value)) if isinstance(value, list) else cell_text(value)
