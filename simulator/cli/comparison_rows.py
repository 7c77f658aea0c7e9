"""What a finished comparison prints: what the search chose, what other seeds say of it, and what they decide."""

from collections.abc import Iterator

from errsurf.claims.wording import estimate_text
from errsurf.cli.terminal import echo
from errsurf.comparing.choice import Choice, Tried
from errsurf.comparing.comparison import FairComparison
from errsurf.comparing.judging import Difference, Judged
from errsurf.settings.value_lists import Value, value_word
from errsurf.system.numbers import counted, number_text
from errsurf.system.text import printable


def show_comparison(found: FairComparison) -> None:
    """Print the choice of each group, the judgement of other seeds, and the differences."""
    echo(f"{found.best} {found.statistic}, {found.budget} for each group, searched with seed {found.scenario.seed}")
    if any(choice.refused for choice in found.choices):
        echo(f"values with which more than {100 * found.most_diverged:g}% of the particles diverge are not chosen")
    for choice in found.choices:
        echo(*_choice_lines(choice))
    if not found.judged:
        return
    fixed = f", with {' and '.join(found.fixed)} fixed" if found.fixed else ""
    echo(f"judged by {counted(len(found.seeds), 'seed')} from {found.seeds[0]} on{fixed}")
    for each in found.judged:
        echo(_judged_line(each))
    if found.differences:
        echo("differences, seed by seed, 95% for all of them together")
    for difference in found.differences:
        echo(_difference_line(difference))


def _choice_lines(choice: Choice) -> Iterator[str]:
    """The best of a group, what lies beside it, what the search cost, and how long an update was measured to take."""
    best = choice.best
    found = f"{_settings(best)}: {estimate_text(best.estimate)}" if best else "none"
    yield f"  {printable(choice.label)}: {found}"
    for key, pair in choice.neighbours.items():
        beside = [f"{_word(each.settings[key])} gives {number_text(each.estimate.value)}" for each in pair if each]
        yield f"    beside it, {key} {', '.join(beside)}"
    for refused in choice.refused[:1]:
        value, lost = number_text(refused.estimate.value), f"{refused.diverged:,} of {refused.particles:,}"
        yield f"    not chosen: {_settings(refused)} gives {value}, but {lost} particles diverged"
    cost = choice.cost
    each = cost.seconds / max(cost.updates, 1)
    yield (
        f"    {counted(len(choice.tried), 'value')} tried: {counted(cost.updates, 'update')}, "
        f"{counted(cost.examples, 'example')}, {number_text(cost.seconds, 3)} seconds, {number_text(each, 3)} an update"
    )


def _judged_line(each: Judged) -> str:
    return f"  {printable(each.label)}: {estimate_text(each.over_seeds)} over seeds, {_interval(each)} over particles"


def _interval(each: Judged) -> str:
    return f"[{number_text(each.over_particles.low)}, {number_text(each.over_particles.high)}]"


def _difference_line(each: Difference) -> str:
    decided = f"{printable(each.better)} is better" if each.better else "not decided"
    verdict = f"{decided}; {printable(each.doubt)}" if each.doubt else decided
    return f"  {printable(each.group)} minus {printable(each.other)}: {estimate_text(each.estimate)}: {verdict}"


def _settings(tried: Tried) -> str:
    return ", ".join(f"{key} {_word(value)}" for key, value in tried.settings.items())


def _word(value: Value) -> str:
    return number_text(value) if isinstance(value, float) else value_word(value)
