"""The final numbers of a run: tables that fit any terminal, hold every number, and break no word."""

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

from errsurf.analysis import Critical, GroupStatistics, Range, named
from errsurf.cli.final_columns import coordinate_digits, coordinate_text, loss_columns
from errsurf.cli.final_numbers import NARROWEST, tables
from helpers.command_line import SMALL, CommandLine
from helpers.synthetic_results import made_run, walks

LABELS = ("a", "full batch", "batch 1, momentum, warmup then cosine", "日本語" * 9, "x" * 80)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("minima", [0, 1, 2, 10])
@pytest.mark.parametrize("groups", [1, 8])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_fit_and_hold_every_number(width: int, minima: int, groups: int, language: str) -> None:
    findings = _findings(groups, minima)
    shown = [_lines(table, width) for table in tables(findings, width, own(findings), language)]
    assert max(cell_len(line) for lines in shown for line in lines) <= max(width, 20)
    text = "\n".join(line for lines in shown for line in lines)
    assert "…" not in text
    for number in ("1,000,000", "20,000,000", "0.123", "-1.23e-5", "123,000", "0.5", "0.6", "99.5", "1,234"):
        assert text.count(number) >= groups


@pytest.mark.parametrize("width", [NARROWEST, 60, 80, 120, 200])
def test_no_word_of_a_head_is_broken(width: int) -> None:
    findings = _findings(2, 10)
    for table in tables(findings, width, ["a", "b"], "en"):
        assert not [word for line in _lines(table, width) for word in line.split() if word.endswith("-")]


def test_the_median_stands_before_its_range() -> None:
    findings = _findings(1, 1)
    first, *_ = (_lines(table, 80) for table in tables(findings, 80, ["a"], "en"))
    *_, numbers, ranges = first
    assert numbers.split()[-3:-1] == ["0.123", "0.55"]
    assert "-1.23e-5 to 123,000" in ranges


def test_coordinates_are_called_as_the_surface_calls_its_parameters(errsurf: CommandLine) -> None:
    errsurf.file(SMALL.replace('"saddle"\ntilt = 0.4', '"sine_fit"'))
    assert errsurf("run", "small.toml", "--no-pictures") == 0
    assert {"w", "b", "x", "y"} & {*errsurf.out.split()} == {"w", "b"}


def test_words_of_labels_stay_whole_where_there_is_room() -> None:
    findings, labels = _findings(2, 2), ["batch 2", "batch 2, accumulated over 5"]
    for width in range(80, 120):
        shown = tables(findings, width, labels, "en")
        lines = [line for table in shown for line in _lines(table, width)]
        assert sum("accumulated" in line for line in lines) == len(shown)


def test_minima_that_do_not_fit_are_summed() -> None:
    findings = _findings(1, 10)
    shown = [_lines(table, 80) for table in tables(findings, 80, ["a"], "en")]
    (last,) = (lines for lines in shown if any("%" in word for word in lines[-1].split()[1:2]))
    shares = [float(word[:-1]) for word in last[-1].split() if word.endswith("%")]
    assert any(f"{10 - (len(shares) - 2)} other" in line for line in last), "all but those shown, and the way to them"
    assert sum(shares) == pytest.approx(99.0, abs=0.2 * len(shares))


def test_numbers_that_are_alike_are_shown_once() -> None:
    findings = _findings(2, 1)
    same = Range(0.5, 0.5, 0.5)
    findings.statistics = tuple(
        replace(each, train_loss=same, test_loss=same, diverged=0) for each in findings.statistics
    )
    text = "\n".join(line for table in tables(findings, 200, ["a", "b"], "en") for line in _lines(table, 200))
    assert "loss" in text
    assert not any(word in text for word in ("training", "test", "0.5 to 0.5", "diverged", "outside"))


def test_a_narrow_terminal_gets_one_number_a_line() -> None:
    findings = _findings(2, 2)
    lines = [line for text in tables(findings, NARROWEST - 1, ["a", "b"], "en") for line in _lines(text, NARROWEST - 1)]
    assert lines[0] == "a"
    assert {"  updates 1,000,000", "  training loss 0.123", "    -1.23e-5 to 123,000", "  diverged 1,234"} <= set(lines)


def _findings(groups: int, minima: int) -> Mock:
    """Numbers as long as they get."""
    train, test = Range(-1.234e-05, 0.1234, 123000.0), Range(0.5, 0.55, 0.6)
    found = GroupStatistics(1000000, 20000000, 2000, train, test, 99.5, (), 1.0, 1234, 2000)
    places = tuple(Critical(-12.345 + 1e-6 * k, -0.0001, "minimum", 0.0, (1.0, 1.0)) for k in range(minima))
    counts = np.array([[990 // max(minima, 1)] * minima + [0, 1000 - 990 // max(minima, 1) * minima, 0, 0]] * groups)
    run = made_run(*walks(groups, 2, 2))
    run.groups[:] = [replace(group, label=LABELS[k % len(LABELS)]) for k, group in enumerate(run.groups)]
    names = named(places, ((-13.0, 0.0), (-1.0, 1.0)))
    return Mock(
        statistics=(found,) * groups, critical=places, names=names, result=run, ends=Mock(return_value=counts),
        landscape=Mock(nodes=None),
    )  # fmt: skip


def own(findings: Mock) -> list[str]:
    return [group.label for group in findings.result.groups]


def _lines(table: object, width: int) -> list[str]:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(table)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_shares_of_a_single_group_are_its_own() -> None:
    findings = _findings(2, 2)
    findings.ends = Mock(return_value=np.array([[495, 495, 0, 10, 0, 0], [250, 500, 0, 0, 250, 0]]))
    rows = [line for line in _lines(tables(findings, 200, own(findings), "en")[0], 200) if "1,234" in line]
    assert np.array([row.split().count("25.0%") for row in rows]).tolist() == [0, 2]


def test_a_few_are_not_told_as_none_and_nearly_all_not_as_all() -> None:
    findings = _findings(1, 1)
    findings.ends = Mock(return_value=np.array([[0, 3999, 1, 0, 0]]))
    (row,) = (line for line in _lines(tables(findings, 200, own(findings), "en")[0], 200) if "1,234" in line)
    assert {"0.0%", ">99.9%", "<0.1%"} <= set(row.split())


@pytest.mark.parametrize(
    ("window", "values", "texts"),
    [
        ((0.0, 10.0), (0.00197,), ["0.0020"]),
        ((-1.0, 3.0), (0.97, 0.00197), ["0.97", "0.00"]),
        ((-1.0, 3.0), (1e-17,), ["0.00"]),
        ((0.0, 300.0), (207.4, 39.0), ["207", "39"]),
        ((0.0, 1e-3), (1e-4, 2.5e-4), ["0.00010", "0.00025"]),
        ((0.0, 1.0), (np.nan, np.inf), ["none", "infinite"]),
    ],
)
def test_small_coordinates_keep_digits(
    window: tuple[float, float], values: tuple[float, ...], texts: list[str]
) -> None:
    digits = coordinate_digits(window, values)
    assert [coordinate_text(value, digits) for value in values] == texts


def test_losses_that_look_alike_get_digits_that_tell_them_apart() -> None:
    findings = _findings(2, 1)
    (one, two), values = findings.statistics, (0.24581, 0.24583)
    spreads = [Range(value, value, value) for value in values]
    findings.statistics = tuple(
        replace(each, train_loss=spread, test_loss=spread) for each, spread in zip((one, two), spreads, strict=True)
    )
    (cells,) = [column.cells for column in loss_columns(findings) if column.head == "loss"]
    assert cells == ("0.24581", "0.24583")


def test_a_run_says_of_how_many_particles_losses_in_pictures_are(errsurf: CommandLine) -> None:
    errsurf.file(SMALL)
    for particles, told in ((250, False), (300, True)):
        assert errsurf("run", "small.toml", "--no-pictures", "--force", "--particles", str(particles)) == 0
        assert ("Before the end, losses in pictures are those of 250 particles of each group" in errsurf.out) == told
