"""The cells of a sweep: combinations of settings and seeds, each a scenario of its own with a name."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from math import prod
from pathlib import Path
from typing import Any

from errsurf.engine.size import check_size
from errsurf.errors import Fault, ScenarioError, TooLargeError
from errsurf.scenario import Scenario, scenario_from
from errsurf.scenario.changes import change
from errsurf.scenario.labels import labels_of
from errsurf.settings.value_lists import Value, value_word
from errsurf.sweeps.axes import SEED, Axis, Block
from errsurf.sweeps.content import content_digest, own_paths, own_records, texts_of
from errsurf.system.text import printable

VERSION = version("errsurf")
GROUP = "group"
"""The key that keeps one group, by its label."""
CHECKED = 4096
MAX_FAULTS = 20
NAME_LETTERS = 16
SHOWN = ("title", "about", "output", "translation", "sweep", "compare")
"""Tables and texts that no number of a run depends on."""

Tables = dict[str, Any]


@dataclass(frozen=True)
class Cells:
    """The cells of a sweep, numbered from 0: the product of ``blocks``, the last of which changes fastest.

    ``tables`` are those of the scenario, without what only pictures need; its data files lie in ``folder``.
    ``data`` are the hashes of data files by the texts that name them, and ``records`` those of the user's own records,
    of which cells that have names ``used`` some; a sweep that is opened has those of its making.
    """

    tables: Tables
    folder: Path | None
    name: str
    blocks: tuple[Block, ...]
    records: Mapping[str, str] = field(default_factory=lambda: dict(own_records()), compare=False)
    data: dict[str, str] = field(default_factory=dict, compare=False)
    used: set[str] = field(default_factory=set, compare=False)
    _checked: dict[int, Scenario] = field(default_factory=dict, compare=False, init=False)

    def __len__(self) -> int:
        """How many cells there are."""
        return prod(len(block[0].values) for block in self.blocks)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What varies besides the seed, each with its different values."""
        return tuple(Axis(key, _distinct(values)) for key, values in self._axes() if key != SEED)

    @cached_property
    def seeds(self) -> tuple[Value, ...]:
        """The seeds of every combination, if they are varied; the scenario's otherwise."""
        return next((axis.values for axis in self._axes() if axis.key == SEED), (self.tables.get(SEED, 0),))

    def _axes(self) -> Iterator[Axis]:
        return (axis for block in self.blocks for axis in block)

    def values(self, k: int) -> dict[str, Value | None]:
        """The value of each varied key in cell k; None where it is the scenario's own."""
        found: dict[str, Value | None] = {}
        for block in reversed(self.blocks):
            k, place = divmod(k, len(block[0].values))
            found = {axis.key: axis.values[place] for axis in block} | found
        return found

    def named(self, k: int) -> str:
        """The name of cell k, a hash of what its numbers depend on."""
        kept, changes = of_group(self.tables, self.changes(k))
        tables = deepcopy(kept)
        change(tables, changes, [])
        return self._hashed(tables)

    def all_names(self) -> list[str]:
        """The names of all cells."""
        return [self.named(k) for k in range(len(self))]

    def scenario(self, k: int) -> Scenario:
        """The scenario of cell k; raises ScenarioError, with all faults, which name the cell."""
        first = k - k % self._seeds
        if (known := self._checked.get(first)) is None:
            return scenario_of(self.tables, self.folder, self.name, self.changes(k))
        return known if k == first else replace(known, seed=self.seeds[k - first])

    def check(self) -> tuple[str, ...]:
        """What the groups are called; raises ScenarioError or TooLargeError for cells that cannot run.

        Up to 4,096 cells are checked; of more, those in which one key differs from the first cell, and the corners.
        """
        found: dict[tuple[str, str, str], Fault] = {}
        labels = Labels()
        for k in self._to_check():
            try:
                scenario = self.scenario(k)
                check_size(scenario, None)
                labels.add(scenario)
                if len(self._checked) < CHECKED:
                    self._checked[k] = scenario
            except ScenarioError as error:
                found |= {
                    key: each for each in error.faults if (key := (each.key, each.problem, each.given)) not in found
                }
            except TooLargeError as error:
                raise TooLargeError(f"cell {cell_words(self.changes(k))}: {error}") from None
            if len(found) >= MAX_FAULTS or (found and k == 0):
                break
        if found:
            raise ScenarioError(list(found.values())[:MAX_FAULTS])
        return labels.names()

    @property
    def _seeds(self) -> int:
        """How many cells, one after the other, differ in their seed alone."""
        last = self.blocks[-1] if self.blocks else ()
        return len(last[0].values) if len(last) == 1 and last[0].key == SEED else 1

    def _to_check(self) -> Iterator[int]:
        """The cells that are checked: of seeds only the first one."""
        lengths, strides = self._lengths_and_strides()
        yield from self.beside_the_first()
        if len(lengths) == 1:
            return
        if (count := prod(lengths)) <= CHECKED:
            yield from (k for k in _places(lengths, strides) if k)
        elif count:
            yield from _places(
                [min(length, 2) for length in lengths], [(n - 1) * s for n, s in zip(lengths, strides, strict=True)]
            )

    def beside_the_first(self) -> Iterator[int]:
        """The first cell, and those in which one key besides the seed differs from it."""
        yield 0
        for length, stride in zip(*self._lengths_and_strides(), strict=True):
            yield from (place * stride for place in range(1, length))

    def _lengths_and_strides(self) -> tuple[list[int], list[int]]:
        """Of each block how many values it has, 1 for seeds, and how far apart cells with the next ones are."""
        lengths = [1 if block[0].key == SEED else len(block[0].values) for block in self.blocks]
        return lengths, [prod(len(block[0].values) for block in self.blocks[j + 1 :]) for j in range(len(self.blocks))]

    def changes(self, k: int) -> dict[str, Value]:
        """The changes that make cell k, whole tables before what is in them."""
        given = {key: value for key, value in self.values(k).items() if value is not None}
        return dict(sorted(given.items(), key=lambda item: (item[0] == SEED, item[0].count("."))))

    def _hashed(self, tables: Tables) -> str:
        kept = {SEED: 0} | {key: table for key, table in tables.items() if key not in (*SHOWN, "picture")}
        kept["window"] = tables.get("picture", {}).get("window")
        data = {text: self._digest(text.partition(":")[0]) for text in texts_of(tables.get("surface"))}
        text = json.dumps([VERSION, self._own(kept), data, _plain(kept)], sort_keys=True)
        return sha256(text.encode()).hexdigest()[:NAME_LETTERS]

    def files(self) -> dict[Path, str]:
        """What identifies the content of each file that rows depend on: data of cells that have names, own records."""
        data = {path: self.data[text] for text, path in self.data_files().items()}
        return data | {path: self.records.get(name, "") for name, path in own_paths().items()}

    def data_files(self) -> dict[str, Path]:
        """The data files of cells that have names, by the texts that name them."""
        return {text: (self.folder or Path()) / text for text, digest in self.data.items() if digest}

    def _own(self, tables: Tables) -> dict[str, str]:
        """The records of the user's own that tables name, and what these may import, with their content's hashes."""
        if not self.records:
            return {}
        texts = {text.replace(" ", "_") for text in texts_of(tables)}
        named = {name for name in self.records if Path(name).stem in texts}
        kinds = {name.partition("/")[0] for name in named}
        named |= {name for name in self.records if name.partition("/")[0] in kinds and Path(name).name[0] == "_"}
        self.used.update(named)
        return {name: self.records[name] for name in sorted(named)}

    def _digest(self, text: str) -> str:
        """What identifies the content of the file that a text names; empty if it names none."""
        if text not in self.data:
            path = (self.folder or Path()) / text
            self.data[text] = content_digest(path) if path.suffix else ""
        return self.data[text]


def scenario_of(tables: Tables, folder: Path | None, name: str, changes: Mapping[str, Value]) -> Scenario:
    """The scenario of a cell with these changes; raises ScenarioError, with all faults, which name the cell."""
    kept, changed = of_group(tables, changes)
    try:
        return scenario_from(kept, folder, name, changed)
    except ScenarioError as error:
        file = f"{name}, cell {cell_words(changes)}"
        raise ScenarioError([replace(fault, file=file) for fault in error.faults]) from None


def of_group(tables: Tables, changes: Mapping[str, Value]) -> tuple[Tables, dict[str, Value]]:
    """The tables with the one group whose label ``changes`` gives as ``group``, if they do, and the other changes."""
    rest, groups = dict(changes), tables.get("optimizer", [])
    labels = labels_of(groups) if GROUP in changes else []
    if changes.get(GROUP) not in labels:
        return tables, rest
    label = rest.pop(GROUP)
    return {**tables, "optimizer": [{**groups[labels.index(label)], "label": label}]}, rest


def cell_words(changes: Mapping[str, Value]) -> str:
    """What is different in a cell, for people."""
    given = [f"{key} = {value_word(value)}" for key, value in changes.items()]
    return printable(", ".join(given) or "the scenario itself", 200)


class Labels:
    """Labels and kinds that the groups have in different cells."""

    def __init__(self) -> None:
        self._found: list[tuple[dict[str, None], dict[str, None]]] = []

    def add(self, scenario: Scenario) -> None:
        """Take note of the groups of a cell."""
        for k, group in enumerate(scenario.optimizer):
            if k == len(self._found):
                self._found.append(({}, {}))
            for known, name in zip(self._found[k], (group.label, group.kind), strict=True):
                known[name] = None

    def names(self) -> tuple[str, ...]:
        """The label of each group, or its kind where labels differ between cells, or its number."""
        names = [next((next(iter(known)) for known in found if len(known) == 1), "") for found in self._found]
        return tuple(name if name and names.count(name) == 1 else f"group {k + 1}" for k, name in enumerate(names))


def numeric_tables(tables: Mapping[str, Any]) -> Tables:
    """The tables of a scenario that its numbers depend on."""
    kept = {key: deepcopy(table) for key, table in tables.items() if key not in (*SHOWN, "picture")}
    window = tables.get("picture", {}).get("window")
    return kept if window is None else kept | {"picture": {"window": window}}


def _distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    found: list[Value] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)


def _places(lengths: list[int], strides: list[int]) -> Iterator[int]:
    """All sums of multiples of strides, each below its length."""
    if not lengths:
        yield 0
        return
    for place in range(lengths[0]):
        yield from (place * strides[0] + rest for rest in _places(lengths[1:], strides[1:]))


def _plain(value: Any) -> Any:
    """A value in which 1.0 and 1 are the same."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
