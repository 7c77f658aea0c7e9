"""The tables of docs/claims.md: what was measured, as Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from errsurf.batch_times.words import in_time

MARKS = {"holds": "**yes**", "not decided": "open", "does not hold": "no"}
GOOD = 0.05


def table_lines(figures: dict[str, Any]) -> Iterator[str]:
    """A table of the file with its title and the claims that it checks."""
    yield f"### {figures['title']}\n"
    yield from {"grid": _grid, "tuned": _tuned, "timed": _timed}[figures["kind"]](figures)


def verdicts(figures: dict[str, Any]) -> Iterator[str]:
    """Every verdict of a table on a claim that is the lecture's."""
    if figures["kind"] == "timed":
        yield from (row["verdict"] for surface in figures["surfaces"].values() for row in surface["rows"])
    elif figures["kind"] == "tuned":
        for line in figures["lines"]:
            yield from _counted(figures, line["compared"], line["verdicts"])
    else:
        for cell in (cell for row in figures["cells"] for cell in row):
            yield from _counted(figures, figures["compared"], cell)


def _counted(figures: dict[str, Any], compared: Sequence[Any], cell: Sequence[Any]) -> Iterator[str]:
    own = figures["counted"]
    yield from (found[0] for what, found in zip(compared, cell, strict=True) if own[what["claim"]])


def _grid(figures: dict[str, Any]) -> Iterator[str]:
    yield from _claims(figures)
    if figures["columns"]["name"]:
        yield from _plane(figures)
    else:
        yield from _column(figures)


def _claims(figures: dict[str, Any]) -> Iterator[str]:
    """Where the runs come from, and the claims with their letters."""
    changes = ", ".join(f"{key} = {_plain(value)}" for key, value in figures["changes"].items())
    yield f"`{figures['scenario']}`" + (f" with {changes}" if changes else "") + "\n"
    letters = _letters(figures)
    yield from (f"* {letter}{says}" for letter, says in zip(letters, figures["claims"], strict=True))
    yield ""


def _letters(figures: dict[str, Any]) -> list[str]:
    count = len(figures["claims"])
    return [f"({ascii_lowercase[k]}) " if count > 1 else "" for k in range(count)]


def _heads(figures: dict[str, Any], compared: Sequence[dict[str, Any]]) -> list[str]:
    """A head for each number: its claim's letter, what it is, and of whom where a claim speaks of several."""
    heads = []
    for each in compared:
        alike = [other for other in compared if other["claim"] == each["claim"]]
        whose = [each["group"]] if len({one["group"] for one in alike}) > 1 else []
        against = [f"against {each['other']}"] if len({one["other"] for one in alike}) > 1 else []
        heads.append(_letters(figures)[each["claim"]] + ", ".join([*whose, *against, each["number"]]))
    return heads


def _column(figures: dict[str, Any]) -> Iterator[str]:
    """One setting varied: a line for each of its values and, if they are numbers, where claims hold in words."""
    values, heads = figures["rows"]["values"], _heads(figures, figures["compared"])
    rows = [
        [value, *map(_long, cells[0]), *(_number(law[k]) for law in figures["laws"].values())]
        for k, (value, cells) in enumerate(zip(values, figures["cells"], strict=True))
    ]
    yield from markdown((figures["rows"]["name"], *heads, *figures["laws"]), rows)
    yield ""
    for k, head in enumerate(heads) if all(map(_is_number, values)) else ():
        found = [cells[0][k][0] for cells in figures["cells"]]
        yield f"* {head}: {_where(values, found)}."


def _plane(figures: dict[str, Any]) -> Iterator[str]:
    """Two settings varied: verdict and number of the first comparison."""
    down, across = figures["rows"]["name"], figures["columns"]["name"]
    yield f"Numbers: {figures['compared'][0]['number']}; down {down}, across {across}.\n"
    rows = [
        [value, *(_short(cell[0]) for cell in cells)]
        for value, cells in zip(figures["rows"]["values"], figures["cells"], strict=True)
    ]
    yield from markdown((f"{down} \\ {across}", *figures["columns"]["values"]), rows)


def _where(values: Sequence[str], found: Sequence[str]) -> str:
    """In words: the values at which a claim holds, is open and does not hold."""
    parts = []
    for verdict in MARKS:
        runs = [
            [v for v, _ in run]
            for same, run in groupby(zip(values, found, strict=True), lambda p: p[1])
            if same == verdict
        ]
        if runs:
            parts.append(f"{verdict} at " + ", ".join(_run(run) for run in runs))
    return "; ".join(parts)


def _run(values: Sequence[str]) -> str:
    """Neighbouring values: the ends of three and more."""
    return f"{values[0]} to {values[-1]}" if len(values) > 2 else ", ".join(values)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _tuned(figures: dict[str, Any]) -> Iterator[str]:
    yield from _claims(figures)
    if figures["rows"]["name"]:
        yield from _tuned_rows(figures)
    else:
        yield from _tuned_one(figures)


def _tuned_one(figures: dict[str, Any]) -> Iterator[str]:
    """Every group at every rate, and the claims."""
    (line,) = figures["lines"]
    yield f"Numbers: {figures['best']}, in bold at each group's best rate. As good are the rates around it that lose at"
    yield f"most {GOOD:.0%} of {figures['scale']}.\n"
    rows = []
    for label, found, best in zip(figures["groups"], line["numbers"], line["best"], strict=True):
        cells = [f"**{_number(each[0])}**" if k == best else _number(each[0]) for k, each in enumerate(found)]
        rows.append([label, *cells, _good(figures["rates"], found, best, line["scale"])])
    yield from markdown(("lr", *(f"{rate:g}" for rate in figures["rates"]), "as good"), rows)
    yield ""
    for head, found in zip(_heads(figures, line["compared"]), line["verdicts"], strict=True):
        yield f"* {head}: {_long(found)}"


def _good(rates: Sequence[float], found: Sequence[Any], best: int, scale: float) -> str:
    """The neighbouring rates around the best one whose number is as good."""
    good = [isinstance(each[0], float | int) and each[0] <= found[best][0] + GOOD * scale for each in found]
    first, last = best, best
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(rates) and good[last + 1]:
        last += 1
    return f"{rates[first]:g} to {rates[last]:g}" if first < last else f"{rates[best]:g}"


def _tuned_rows(figures: dict[str, Any]) -> Iterator[str]:
    """Each group's best rate and number in every row, and the claims."""
    rates = f"{figures['rates'][0]:g} to {figures['rates'][-1]:g}"
    yield f"Numbers of groups: {figures['best']} at the best of the rates {rates}, which stands behind it.\n"
    rows = []
    for value, line in zip(figures["rows"]["values"], figures["lines"], strict=True):
        own = [
            f"{_number(found[best][0])} at {figures['rates'][best]:g}"
            for found, best in zip(line["numbers"], line["best"], strict=True)
        ]
        rows.append([value, *own, *map(_long, line["verdicts"])])
    heads = _heads(figures, figures["lines"][0]["compared"])
    yield from markdown((figures["rows"]["name"], *figures["groups"], *heads), rows)


def _timed(figures: dict[str, Any]) -> Iterator[str]:
    rows = [[name, *_timed_cells(row)] for name, found in figures["surfaces"].items() for row in found["rows"]]
    sizes = (f"batch {figures['small']:,}", f"batch {figures['large']:,}")
    yield from markdown(("surface", "", *sizes, "here", "lecture", "holds"), rows)
    yield ""
    if any(row["name"] == "one update" for found in figures["surfaces"].values() for row in found["rows"]):
        for name, found in figures["surfaces"].items():
            flat = ", ".join(f"{device} up to batch {batch:,}" for device, batch in found["flat_to"].items())
            yield f"* {name}: an update takes at most {figures['flat']:g} times that of batch 1 on {flat}."


def _timed_cells(row: dict[str, Any]) -> list[str]:
    shown = [in_time(*each[:1]) + f" [{in_time(*each[1:])}]" if row["unit"] == "s" else _interval(each)
             for each in (row["small"], row["large"])]  # fmt: skip
    return [
        f"{row['name']}: {row['what']}",
        *shown,
        "/".join(row["here"]),
        "/".join(row["lecture"]),
        MARKS[row["verdict"]],
    ]


def _short(cell: Sequence[Any]) -> str:
    return f"{MARKS[cell[0]]} {_number(cell[1])}"


def _long(cell: Sequence[Any]) -> str:
    return f"{MARKS[cell[0]]} {_interval(cell[1:])}"


def _interval(numbers: Sequence[Any]) -> str:
    value, low, high = map(_number, numbers)
    return value if low == high == value else f"{value} [{low}, {high}]"


def _number(value: Any) -> str:
    if value is None:
        return "none"
    number = float(value)
    if number == float("inf"):
        return "never"
    return f"{number:,.0f}" if 1e3 <= abs(number) < 1e9 else f"{number:z.3g}"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_plain(each)}" for key, each in value.items()) + "}"
    return f"[{', '.join(map(_plain, value))}]" if isinstance(value, list | tuple) else str(value)


def markdown(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table, numbers to the right."""
    heads = list(heads)
    yield _line(heads)
    yield f"| --- |{' ---: |' * (len(heads) - 1)}"
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
