"""What a finished comparison prints: what the search chose, what other seeds say of it, and what they decide."""

from collections.abc import Iterator, Mapping
from math import isinf
from typing import NamedTuple

from errsurf.claims.wording import estimate_text, some
from errsurf.cli.terminal import echo
from errsurf.comparing.choice import Choice, Tried
from errsurf.comparing.comparison import FairComparison
from errsurf.comparing.judging import Difference, Judged
from errsurf.measures.intervals import Estimate
from errsurf.scenario import Scenario
from errsurf.settings.value_lists import Value, value_word
from errsurf.sweeps.captions import column_words
from errsurf.system.numbers import counted, number_text
from errsurf.system.text import printable
from errsurf.words import said


class _Words(NamedTuple):
    """What groups are called, by label, and the language."""

    names: Mapping[str, str]
    language: str

    def said(self, text: str) -> str:
        """A text in the language."""
        return said(text, self.language)

    def called(self, label: str) -> str:
        """A group's name."""
        return printable(self.names[label])


def show_comparison(found: FairComparison, shown: Scenario) -> None:
    """Print the choice of each group, the judgement of other seeds, and the differences, as a scenario is shown."""
    pairs = zip(found.scenario.optimizer, shown.optimizer, strict=True)
    words = _Words({own.label: each.label for own, each in pairs}, shown.language)
    how = f"searched with seed {found.scenario.seed}" if found.searched else "nothing is searched"
    what = (column_words(found.search.known, found.statistic), f"the {found.best} is best")
    echo(", ".join(map(words.said, (*what, f"{found.budget} for each group", how))))
    if any(choice.refused for choice in found.choices):
        share = f"{100 * found.most_diverged:g}%"
        echo(words.said(f"values with which more than {share} of the particles diverge are not chosen"))
    for choice in found.choices if found.searched else ():
        echo(*_choice_lines(choice, words))
    if not found.judged:
        return
    fixed = f", with {' and '.join(found.fixed)} fixed" if found.fixed else ""
    echo(words.said(f"judged by {counted(len(found.seeds), 'seed')} from {found.seeds[0]} on{fixed}"))
    for each in found.judged:
        some_of = words.said(some(each.n, each.particles))
        echo(f"  {words.called(each.label)}: {words.said(_judged_text(each))}{some_of}")
    if reason := found.without_number:
        echo(words.said(f"  n: particles that have a number; the others {reason}"))
    if found.differences:
        echo(words.said("means of differences paired over seeds, 95% for all of them together"))
    for difference in found.differences:
        echo(f"  {_difference_text(difference, words)}")


def _choice_lines(choice: Choice, words: _Words) -> Iterator[str]:
    """The best of a group, what lies beside it, what the search cost, and how long an update was measured to take."""
    best = choice.best
    found = f"{_settings(best)}: {words.said(estimate_text(best.estimate))}" if best else words.said("none")
    yield f"  {words.called(choice.label)}: {found}{words.said(some(best.n, best.particles)) if best else ''}"
    for key, pair in choice.neighbours.items():
        beside = [f"{_word(each.settings[key])} gives {_number(each, words)}" for each in pair if each]
        yield words.said(f"    beside it, {key} {', '.join(beside)}")
    for refused in choice.refused[:1]:
        value, lost = _number(refused, words), f"{refused.diverged:,} of {refused.particles:,}"
        yield words.said(f"    not chosen: {_settings(refused)} gives {value}, but {lost} particles diverged")
    cost = choice.cost
    each = cost.seconds / max(cost.updates, 1)
    yield words.said(
        f"    {counted(len(choice.tried), 'value')} tried: {counted(cost.updates, 'update')}, "
        f"{counted(cost.examples, 'example')}, {number_text(cost.seconds, 3)} seconds, {number_text(each, 3)} an update"
    )


def _judged_text(each: Judged) -> str:
    return f"{estimate_text(each.over_seeds)} over seeds, {_interval(each)} over particles"


def _number(each: Tried, words: _Words) -> str:
    return f"{number_text(each.estimate.value)}{words.said(some(each.n, each.particles))}"


def _interval(each: Judged) -> str:
    return f"[{number_text(each.over_particles.low)}, {number_text(each.over_particles.high)}]"


def _difference_text(each: Difference, words: _Words) -> str:
    pair = words.said(f"{words.called(each.group)} minus {words.called(each.other)}")
    decided = words.said(f"{words.called(each.better)} is better" if each.better else "not decided")
    parts = [words.said(_apart(each.estimate)), "; ".join([decided, *filter(None, [_doubt(each, words)])])]
    return ": ".join([pair, *parts])


def _apart(estimate: Estimate) -> str:
    """A difference, or the bound of one with something that never came."""
    if isinf(estimate.value):
        return f"above {number_text(estimate.low)}" if estimate.value > 0 else f"below {number_text(estimate.high)}"
    return estimate_text(estimate)


def _doubt(each: Difference, words: _Words) -> str:
    return "; ".join(words.said(printable(part)) for part in each.doubt.split("; "))


def _settings(tried: Tried) -> str:
    return ", ".join(f"{key} {_word(value)}" for key, value in tried.settings.items())


def _word(value: Value) -> str:
    return number_text(value) if isinstance(value, float) else value_word(value)
