"""Numbers as people read them, on the terminal, in pictures and on pages."""

import json
import subprocess

import numpy as np
import pytest

from errsurf.drawing.page.assembly import FOLDER
from errsurf.system.numbers import counted, drawn_number, number_text, share_text
from helpers.page_script import NODE

NUMBERS = [0, -0.0, 1, 0.25, -1.5563, 1 / 3, 1e-3, 1.2e-4, 1e-5, -1.234e-7, 999.96, 1234, -12345.67, 99_999.5, 1e5]
NUMBERS += [123456, 999_999.9, 1e6, 1.5e7, 1e100, -2.5e-300]
SHARES = [0, 1e-5, 0.004, 0.3333, 0.5, 0.996, 0.9999, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0.25"), (-1.55634, "-1.556"), (1234.0, "1,234"), (123_456.7, "123,457"), (1.5e7, "1.5e7"),
        (1e-7, "1e-7"), (-0.0, "0"), (np.nan, "none"), (None, "none"), (-np.inf, "minus infinite"),
    ],
)  # fmt: skip
def test_a_number_has_four_digits_or_all_before_the_point(value: float | None, text: str) -> None:
    assert number_text(value) == text
    assert drawn_number(value) == text.replace("-", "\N{MINUS SIGN}")


def test_a_few_are_not_none_and_nearly_all_are_not_all() -> None:
    assert [share_text(share) for share in SHARES] == ["0%", "<1%", "<1%", "33%", "50%", ">99%", ">99%", "100%"]
    assert [share_text(share, 1) for share in (4e-4, 0.9995)] == ["<0.1%", ">99.9%"]
    assert [counted(number, "example") for number in (1, 2560)] == ["1 example", "2,560 examples"]


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_a_page_writes_numbers_as_python_does() -> None:
    script = FOLDER.joinpath("numbers.js").read_text(encoding="utf-8")
    script += f"\nconst found = [3, 4].map((n) => {NUMBERS}.map((value) => shortNumber(value, n)));"
    script += f"\nprocess.stdout.write(JSON.stringify([...found, {SHARES}.map(percent)]));"
    done = subprocess.run([str(NODE), "-e", script], encoding="utf-8", capture_output=True, check=True)
    *numbers, shares = json.loads(done.stdout)
    assert numbers == [[drawn_number(value, digits) for value in NUMBERS] for digits in (3, 4)]
    assert shares == [share_text(share) for share in SHARES]
