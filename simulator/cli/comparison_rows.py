"""What a finished comparison prints: what the search chose, what other seeds say of it, and what they decide."""

from collections.abc import Sequence

from rich.table import Table

from errsurf.claims.wording import estimate_text
from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.comparing.choice import Choice, Tried
from errsurf.comparing.comparison import FairComparison
from errsurf.settings.value_lists import Value, value_word
from errsurf.system.numbers import counted, number_text
from errsurf.system.text import printable


def show_comparison(found: FairComparison) -> None:
    """Print the choice of each group, the judgement of other seeds, and the differences."""
    budget = f"{found.budget} for each group"
    echo(f"{found.best} {found.statistic}, {budget}; searched with seed {found.scenario.seed}")
    _print(
        ("group", "best", found.statistic, "neighbours", "tried", "updates", "examples", "seconds"),
        [_choice_row(choice) for choice in found.choices],
    )
    if not found.judged:
        return
    fixed = f", with {' and '.join(found.fixed)} fixed" if found.fixed else ""
    seeds = f"{found.seeds[0]} to {found.seeds[-1]}" if len(found.seeds) > 1 else str(found.seeds[0])
    echo(f"judged by {counted(len(found.seeds), 'seed')}, {seeds}{fixed}; 95% intervals")
    _print(
        ("group", "over seeds", "over particles", "particles"),
        [
            (each.label, estimate_text(each.over_seeds), estimate_text(each.over_particles), f"{each.n:,}")
            for each in found.judged
        ],
    )
    if found.differences:
        echo("differences, seed by seed; 95% for all of them together")
    for each in found.differences:
        verdict = f"{printable(each.better)} is better" if each.better else "not decided"
        pair = f"{printable(each.group)} - {printable(each.other)}"
        echo(f"  {pair}: {estimate_text(each.estimate)}: {verdict}")


def _choice_row(choice: Choice) -> tuple[str, ...]:
    cost = (f"{choice.cost.updates:,}", f"{choice.cost.examples:,}", number_text(choice.cost.seconds, 3))
    if choice.best is None:
        return (choice.label, "none", "", "", str(len(choice.tried)), *cost)
    best = "\n".join(f"{key} {_word(value)}" for key, value in choice.best.settings.items())
    beside = "\n".join(_beside(key, pair) for key, pair in choice.neighbours.items())
    return (choice.label, best, estimate_text(choice.best.estimate), beside, str(len(choice.tried)), *cost)


def _beside(key: str, pair: tuple[Tried | None, Tried | None]) -> str:
    """What the values beside the best gave."""
    words = (
        "edge" if each is None else f"{_word(each.settings[key])}: {number_text(each.estimate.value)}" for each in pair
    )
    return ", ".join(words)


def _word(value: Value) -> str:
    return number_text(value) if isinstance(value, float) else value_word(value)


def _print(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k > 3 else "left")
    for row in rows:
        table.add_row(*row)
    console = PlainConsole()
    console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))
