"""A short scenario with comments: a surface, optimizers at learning rates that get somewhere, a picture."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from errsurf.engine.landscape import Landscape
from errsurf.engine.landscape import surface as landscape_of
from errsurf.errors import FormulaError, UserError
from errsurf.optimizers import optimizer_names
from errsurf.records.names import nearest
from errsurf.run.result import Group
from errsurf.run.simulation import simulate
from errsurf.scenario import Scenario, scenario_from
from errsurf.scenario.elsewhere import meant_table
from errsurf.surfaces import surface as surface_record
from errsurf.surfaces import surface_names
from errsurf.surfaces.formulas.reading import FUNCTIONS, formula_tree, names
from errsurf.surfaces.shared.line_columns import line_columns

FRAMES, LEAST_ON_MAP = 31, 0.95
RATES = tuple(digit * 10.0**power for power in range(-6, 1) for digit in (1, 2, 5))
UPDATES, TRIED, BATCH, PARTICLES = 300, 16, 4, 500
COLUMNS = ("a", "b", "c", "d")


def named_surface(kind: str) -> dict[str, Any]:
    """The table of a kind of surface, of examples that differ where the kind has generic ones.

    Examples of a surface about a saddle differ by a quarter of the slope on the way down to it; others by a shift.
    """
    if kind not in surface_names() or surface_record(kind).examples is not None:
        return {"kind": kind}
    landscape = landscape_of(kind)
    place = _above_saddle(landscape, kind)
    if place is not None:
        slope = float(np.hypot(*landscape.gradient(np.array([place]), "train")[0]))
        return {"kind": kind, "examples": 20, "tilt": float(f"{slope / 4:.1g}")}
    (left, right), _ = surface_record(kind).window
    return {"kind": kind, "examples": 20, "shift": float(f"{0.01 * (right - left):.2g}")}


def formula_surface(formula: str) -> dict[str, Any]:
    """The table of a formula over x, y and up to four columns, a to d, with normal numbers."""
    try:
        used = sorted(names(formula_tree(formula, ("x", "y", *COLUMNS), FUNCTIONS)) & {*COLUMNS})
    except FormulaError:
        used = []  # what is wrong with it is said when the scenario is read
    table = {"kind": "expression", "loss": formula, "examples": 20 if used else 1}
    return table | ({"columns": dict.fromkeys(used, "normal(0, 1)")} if used else {})


def csv_surface(file: Path, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The table of a straight line through two columns of a CSV file, both standardized; and what was chosen, told."""
    name = _below(file, folder)
    found = line_columns(file)
    named = {"input": found.input, "target": found.target}
    table = {"kind": "linear_regression", "data": name, "columns": named, "standardize": True}
    return table, list(found.told())


def _below(file: Path, folder: Path) -> str:
    """A data file's name as a scenario in the folder has it."""
    try:
        return file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        raise UserError(
            f"{file}: a scenario reads files in its own folder or below only; copy it to {folder}"
        ) from None


def new_text(
    stem: str,
    surface: dict[str, Any],
    optimizers: Sequence[str],
    folder: Path,
    progress: Callable[[float], None] | None = None,
) -> str:
    """The text of a scenario that runs, called ``stem``; the learning rates are the best of 21 that are tried.

    Raises UserError for names that are not known, and ScenarioError for a surface that cannot be used.
    """
    kinds = _kinds(optimizers)
    plain = scenario_from({"surface": surface, "run": {"updates": 1}, "optimizer": kinds}, folder, stem)
    examples = plain.surface.train.examples
    batch: int | str = BATCH if examples > BATCH else "full"
    start, spread = _start(plain)
    swarm = {"start": "cloud", "at": list(start), "spread": spread}
    tables = {"surface": surface, "swarm": swarm | {"particles": TRIED}, "run": {"updates": UPDATES, "frames": FRAMES}}
    groups = []
    for k, kind in enumerate(kinds):
        group = kind | {"batch": kind.get("batch", batch)}
        groups.append({**kind, "lr": _best_rate(tables, group, folder), "batch": group["batch"]})
        (progress or (lambda _share: None))((k + 1) / len(kinds))
    updates_an_epoch = 1 if batch == "full" else -(-examples // BATCH)
    return _text(stem, surface, swarm, groups, max(1, UPDATES // updates_an_epoch))


def _kinds(given: Sequence[str]) -> list[dict[str, Any]]:
    """What names of optimizers mean; those that share a kind are labelled with the names."""
    known = optimizer_names()
    tables = [{"kind": name} if name in known else meant_table(name) for name in given]
    if problem := "no names" if not tables else next(_problems(given, tables), ""):
        raise UserError(f"--optimizers: {problem}")
    kinds = [table["kind"] for table in tables]
    labels = [{"label": name} if kinds.count(kind) > 1 else {} for name, kind in zip(given, kinds, strict=True)]
    return [table | label for table, label in zip(tables, labels, strict=True)]


def _problems(given: Sequence[str], tables: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Names that mean no optimizer, and those that mean one again."""
    known = optimizer_names()
    for name, table in zip(given, tables, strict=True):
        first = given[tables.index(table)]
        if table["kind"] not in known:
            near = nearest(name, known)
            hint = f"; did you mean `{near}`?" if near else ""
            yield f"`{name}`: no such optimizer; `errsurf list optimizers` names all{hint}"
        elif name != first or given.count(name) > 1:
            hint = "; `momentum` is sgd with momentum 0.9" if table == {"kind": "sgd"} else ""
            yield f"`{name}` is {'given twice' if name == first else f'the same as `{first}`'}{hint}"


def _start(scenario: Scenario) -> tuple[tuple[float, float], float]:
    """Of places all over the map with a loss up to the median, the one farthest from the lowest; and a spread.

    On a surface about a saddle it is a place from which paths come down to the saddle, with a small spread.
    """
    landscape = landscape_of(scenario)
    window = scenario.picture.window or landscape.window
    place = _above_saddle(landscape, scenario.surface.kind)
    if place is not None:
        return place, float(f"{0.002 * (window[0][1] - window[0][0]):.1g}")
    axes = [np.linspace(low + 0.1 * (high - low), high - 0.1 * (high - low), 9) for low, high in window]
    places = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    loss = landscape.loss(places, "train")
    known = np.isfinite(loss)
    if not known.any():
        raise UserError("the loss is undefined all over the map; give the surface another window")
    places, loss = places[known], loss[known]
    sides = np.array([high - low for low, high in window])
    away = np.hypot(*((places - places[np.argmin(loss)]) / sides).T)
    x, y = places[np.argmax(np.where(loss <= np.median(loss), away, -1.0))]
    return (float(f"{x:.3g}"), float(f"{y:.3g}")), float(f"{0.02 * sides.max():.1g}")


def _best_rate(tables: dict[str, Any], group: dict[str, Any], folder: Path) -> float:
    """The rate that keeps particles on the map and has the lowest mean loss on the way.

    At the end a rate may be lucky that throws particles about.
    """
    tried = [{**group, "lr": lr, "label": str(lr)} for lr in RATES]
    result = simulate(scenario_from(tables | {"optimizer": tried}, folder))
    low, high = np.array(result.scenario.picture.window or result.landscape.window).T

    def score(of: Group) -> tuple[bool, float]:
        on_map = ((of.position >= low) & (of.position <= high)).all(axis=-1)
        return on_map.mean() < LEAST_ON_MAP, float(np.mean(np.where(np.isfinite(of.train_loss), of.train_loss, np.inf)))

    scores = [score(of) for of in result.groups]
    return RATES[scores.index(min(scores))]


def _above_saddle(landscape: Landscape, kind: str) -> tuple[float, float] | None:
    """The highest place on a circle around the one saddle of a surface, in the middle of its window; None without."""
    record = surface_record(kind)
    points = record.critical_points(record.settings()) if record.critical_points else ()
    saddles = [(point.x, point.y) for point in points if point.kind == "saddle"]
    middle = tuple(sum(ends) / 2 for ends in record.window)
    if saddles != [middle]:
        return None
    turn = np.linspace(0.0, 2 * np.pi, 360, endpoint=False)
    radius = 0.3 * min(high - low for low, high in record.window)
    places = middle + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    x, y = places[np.argmax(landscape.loss(places, "train"))]
    return round(float(x), 3) + 0.0, round(float(y), 3) + 0.0


def _text(
    stem: str, surface: dict[str, Any], swarm: dict[str, Any], groups: Sequence[dict[str, Any]], epochs: int
) -> str:
    """The file: what is changed first stands first."""
    kinds = [group.get("label", group["kind"]) for group in groups]
    listed = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
    parts: tuple[tuple[str, str], ...] = (
        (f"Run this with `errsurf run {stem}.toml`; docs/scenario.md lists all keys.", _lines("", {"title": listed})),
        ("1. The surface. `errsurf list surfaces` names others.", _lines("[surface]", surface)),
        (
            "2. Where particles start, and how many each group has.",
            _lines("[swarm]", swarm | {"particles": PARTICLES}),
        ),
        (
            "3. How long: passes over all examples. `updates = 300` counts updates instead.",
            _lines("[run]", {"epochs": epochs}),
        ),
        (
            f"4. The optimizers, a group each. Of {len(RATES)} rates tried for {UPDATES} updates, lr has the\n"
            '# lowest mean loss on the way; `batch` is the number of examples in an update, or "full".\n'
            "# `errsurf list optimizers` names others.",
            "\n".join(_lines("[[optimizer]]", group) for group in groups),
        ),
        (
            "5. Pictures beside figure.png. `errsurf list formats` names others.",
            _lines("[output]", {"gif": f"{stem}.gif"}),
        ),
    )
    return "\n".join(f"# {said}\n{text}" for said, text in parts)


def _lines(head: str, table: dict[str, Any]) -> str:
    """A table, one line for each key."""
    return "".join(f"{line}\n" for line in [*filter(None, [head]), *(f"{key} = {_value(table[key])}" for key in table)])


def _value(value: Any) -> str:
    """A value on one line; tomli_w breaks lists."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return tomli_w.dumps({"value": value}).removeprefix("value = ").rstrip()
