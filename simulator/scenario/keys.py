"""The keys of a scenario as changes name them."""

from collections.abc import Iterator, Mapping
from typing import Any, get_origin

from errsurf.scenario.elsewhere import meant_key
from errsurf.scenario.labels import labels_of
from errsurf.scenario.models import scenario_model
from errsurf.scenario.wording import models_in


def keys_of(tables: Mapping[str, Any] | None) -> Iterator[str]:
    """Keys that ``--set`` takes: of these tables' kinds or of all kinds; ``optimizer.`` is all groups, a label one."""
    for name, field in scenario_model(tables).model_fields.items():
        found = models_in(field.annotation)
        keys = {key for model in found for key in model.model_fields}
        if not found:
            yield name
        elif name == "optimizer":
            labels = labels_of(tables["optimizer"]) if tables else ()
            yield from (f"{table}.{key}" for table in (name, *labels) for key in keys)
        elif get_origin(field.annotation) is not tuple:
            yield from (f"{name}.{key}" for key in keys)


def meant_change(name: str) -> str:
    """How ``--set`` gives the key that a name is, or means elsewhere: ``optimizer.lr=...``; empty if none is known."""
    keys: dict[str, str] = {}
    for key in keys_of(None):
        keys.setdefault(key.rpartition(".")[2], key)
    meant, _, value = (name if name in keys else meant_key(name, keys)).partition(" = ")
    return f"{keys[meant]}={value or '...'}" if meant else ""
