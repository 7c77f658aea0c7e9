"""Tables for a terminal: measured times by batch size, and the lecture's table with numbers."""

from collections.abc import Iterator
from functools import partial

from rich.table import Table
from rich.text import Text

from errsurf.batch_times.records import FLAT, BatchTimes, Row, Series
from errsurf.batch_times.words import NAMES, in_time, times
from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.engine.group_plan import WIDE_BATCH
from errsurf.measures.intervals import Estimate
from errsurf.scenario import updates_per_epoch
from errsurf.settings.learning_rates import lr_words
from errsurf.system.numbers import number_text
from errsurf.words import said

DRAWN = "batches\ndrawn"
LINE, ANY_WIDTH = 110, 1000
LECTURE = (
    "The lecture measured a network on MNIST with a V100: an epoch took over 350 s at batch 1 and about 20 s at batch "
    "1,000, and one update hardly longer until about 1,000 examples filled the chip.  These are its numbers, not "
    "measured here."
)


def show_batch_times(found: BatchTimes) -> None:
    """Print the times of all batch sizes, the table of small against large batches, and an explanation."""
    language = found.scenario.language
    _print(_times(found, language))
    _say(f"Medians of {found.repeats} runs on {found.processor}, {found.threads} threads.", language)
    for line in _growth(found):
        _say(line, language)
    echo("")
    _print(_rows(found, language))
    for line in _meaning(found):
        _say(line, language)


def _times(found: BatchTimes, language: str) -> Table:
    """A row for each batch size: one update on each device, then one epoch."""
    table = _table(said("batch", language))
    for what in ("one update", "one epoch"):
        for series in found.series:
            second = DRAWN if series.drawn else NAMES[series.device].replace(", ", ",\n")
            head = f"{said(what, language)}\n{said(second, language)}"
            table.add_column(head, justify="right", no_wrap=True)
    for k, batch in enumerate(found.series[0].batches):
        epochs = [series.epoch(found.examples)[k] for series in found.series]
        updates = [series.update[k] for series in found.series]
        table.add_row(f"{batch:,}", *(in_time(each.value) for each in (*updates, *epochs)))
    return table


def _rows(found: BatchTimes, language: str) -> Table:
    """The lecture's table: each number with its interval and a word, beside the lecture's word."""
    table, told = _table(""), partial(said, language=language)
    for size in (found.small, found.large):
        table.add_column(told(f"batch {size:,}"), justify="right", no_wrap=True)
        table.add_column(told("here"), no_wrap=True)
        table.add_column(told("lecture"), no_wrap=True)
    for row in found.rows:
        name = Text(told(row.name)).append(f"\n{told(row.what)}", style="not bold")
        small, large = (
            (_cell(number, row, language), told(row.here[k]), told(row.lecture[k]))
            for k, number in enumerate((row.small, row.large))
        )
        table.add_row(name, *small, *large)
    return table


def _table(first: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column(first, style="bold", no_wrap=True)
    return table


def _print(table: Table) -> None:
    """At full width on any terminal."""
    PlainConsole(width=PlainConsole(width=ANY_WIDTH).measure(table).maximum).print(table, crop=False)


def _say(text: str, language: str) -> None:
    lines = Text(said(text, language)).wrap(PlainConsole(), LINE)
    echo(*(line.plain.rstrip() for line in lines))


def _cell(number: Estimate, row: Row, language: str) -> Text:
    """A number, and its interval below."""
    words = in_time if row.unit else _plain
    interval = said(words(number.low, number.high), language)
    return Text(said(words(number.value), language)).append(f"\n{interval}", style="dim")


def _plain(*numbers: float) -> str:
    return " to ".join(number_text(each) for each in numbers)


def _growth(found: BatchTimes) -> Iterator[str]:
    """Up to which batch size the time of an update is constant, for each device."""
    for series in found.series:
        if not series.drawn:
            yield f"{NAMES[series.device]}: {_grown(series, found)}"


def _grown(series: Series, found: BatchTimes) -> str:
    small, large = (series.update[series.batches.index(size)] for size in (found.small, found.large))
    flat = series.flat_to
    if flat == series.batches[-1]:
        until = f"no update takes {FLAT} times as long as that of batch 1"
    elif flat == series.batches[0]:
        until = "an update takes longer from the second example on"
    else:
        until = f"an update takes about as long up to batch {flat:,}"
    ratio = times(large.value / small.value)
    return f"{until}; batch {found.large:,} takes {ratio} as long as batch {found.small:,}."


def _meaning(found: BatchTimes) -> Iterator[str]:
    """An explanation of the table's numbers."""
    scenario, group = found.scenario, found.scenario.optimizer[0]
    small, large = (updates_per_epoch(size, 1, found.examples) * found.epochs for size in (found.small, found.large))
    yield (
        "Times are of one particle.  The examples of a batch lie side by side, or each update draws its batch from "
        "all.  An epoch takes as long as its updates.  A particle takes one thread of the CPU, however many there are; "
        f"batches of {WIDE_BATCH} and more fill its lanes."
    )
    yield (
        f"The other numbers are of {found.particles} particles on {scenario.surface.kind} ({scenario.name}) with "
        f"{found.examples:,} examples: {small:,} updates of batch {found.small:,} or {large:,} of batch "
        f"{found.large:,}, {group.kind}, lr from {lr_words(group.settings.lr)} linearly to 0; starts all over the "
        "map, or where the scenario has its own.  Error over length: root mean square error of the batch's gradient "
        "over the length of the full one, median over the map."
    )
    yield (
        "All intervals are 95%: of the median run, and by bootstrap over particles.  The same: times within "
        f"{FLAT} times, losses within 1% of what training gained, with all of their intervals.  Unclear: the intervals "
        "overlap."
    )
    if found.diverged:
        yield f"{found.diverged:,} of the {4 * found.particles:,} particles diverged and are in none of these numbers."
    yield LECTURE
    for why in found.missing.values():
        yield f"No GPU was measured: {why}"
