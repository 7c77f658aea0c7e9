"""Formulas that are refused: where, what and what was meant, for slips of the hand and for attacks alike."""

from random import Random
from time import process_time
from typing import Any

import pytest

from errsurf.errors import FormulaError, SettingsError
from errsurf.surfaces.formulas.numbers import MAX_DERIVED, MAX_POWER, worked_out
from errsurf.surfaces.formulas.reading import DEEPEST, FUNCTIONS, MAX_LETTERS, formula_tree
from helpers.expression_cases import made
from helpers.formula_reference import disagreement
from helpers.formula_texts import COLUMNS, any_text


def faults(text: str) -> list[Any]:
    """What is said of a formula that is refused, within a second of processor time."""
    made("x")
    began = process_time()
    with pytest.raises(SettingsError) as error:
        made(text)
    assert process_time() - began < 1
    return list(error.value.faults)


WORDS = [
    ("coss(x) + y", "column 1", "no function `coss`", "cos"),
    ("x + widht_2", "column 5", "no name `widht_2`", "width_2"),
    ("X^2", "column 1", "no name `X`", "x"),
    ("sin x", "column 1", "the function `sin` needs brackets", ""),
    ("2x", "column 2", "an operator is missing before `x`", ""),
    ("x(y + 1)", "column 1", "`x` is not a function; write a product as x*(...)", ""),
    ("(x", "column 1", "this bracket is never closed", ""),
    ("x)", "column 2", "this bracket was never opened", ""),
    ("1,5*x", "column 2", "write fractions as 0.5", ""),
    ("(1, 2)*x", "column 3", "a bracket is missing, or too much, before `,`", ""),
    ("x +", "column 4", "ends where a number, a name or `(` is expected", ""),
    ("x * / y", "column 5", "`/` where a number, a name or `(` is expected", ""),
    ("", "column 1", "is empty", ""),
    (" \n", "column 1", "is empty", ""),
    ("exp(x, y)", "column 1", "`exp` takes one argument, not 2", ""),
    ("max() + x", "column 1", "`max` takes at least one argument, not 0", ""),
    ("x = 3", "column 3", "without `=`", ""),
    ("|x|", "column 1", "abs(...)", ""),
    ("x > 0", "column 3", "only as the first argument of `where`", ""),
    ("max(x < 1, y)", "column 7", "only as the first argument of `where`", ""),
    ("where(x < y < 1, x, y)", "column 13", "only as the first argument of `where`", ""),
    ("where(x, y, 1)", "column 8", "begins with a comparison", ""),
    ("where(x < 1, y)", "column 1", "takes two values after its comparison, not 1", ""),
    ("where(x < 1, y, 0, x)", "column 1", "takes two values after its comparison, not 3", ""),
    ("where(x < 1, y, 0", "column 6", "never closed", ""),
    ("x + wher(x < 1, y, 0)", "column 5", "no function `wher`", "where"),
    ("x\N{SUPERSCRIPT TWO}", "column 2", "SUPERSCRIPT TWO", "^2"),
    ("x \N{MINUS SIGN} y", "column 3", "MINUS SIGN", "-"),
    ("\N{CYRILLIC SMALL LETTER HA}^2", "column 1", "CYRILLIC SMALL LETTER HA", ""),
    ("x\0", "column 2", "U+0000", ""),
    ("x +\n y + zz", "line 2, column 6", "no name `zz`", ""),
    ("1/0 + x", "column 2", "this part is not a finite number", ""),
    ("x*10^40", "column 5", "the number 1e+40 is too large", ""),
    ("x*1e-40", "column 3", "the number 1e-40 is too small", ""),
    ("1/(x - x)", "column 1", "is nowhere a real number", ""),
    ("x + (x - x - 2)^0.3", "column 1", "is nowhere a real number", ""),
    ("x*exp((x - x - 2)^0.3)", "column 1", "is nowhere a real number", ""),
    ("log(x - x) + y", "column 1", "is nowhere a real number", ""),
    ("a^2", "column 1", "depends on neither of the two parameters", ""),
    ("x - x", "column 1", "depends on neither of the two parameters", ""),
    ("x^17", "column 2", "this power is too high", ""),
    ("((x + y)^5)^4", "column 12", "these powers of powers are too high together", ""),
    ("1e30*x*1e30*y", "column 1", "the number 1e+60 is too large", ""),
    ("(1e20*x)^3", "column 1", "a number in its derivatives that is too large", ""),
]


@pytest.mark.parametrize(("text", "place", "words", "nearest"), WORDS)
def test_faults_say_where_what_and_what_was_meant(text: str, place: str, words: str, nearest: str) -> None:
    (fault, *_) = faults(text)
    assert fault.key == "loss"
    assert fault.problem.startswith(f"{place}: ")
    assert words in fault.problem
    assert fault.nearest == nearest


def test_all_faults_of_a_formula_are_said_at_once() -> None:
    said = [fault.problem.partition(":")[0] for fault in faults("coss(x) + foo*sin - (y")]
    assert said == ["column 1", "column 11", "column 15", "column 21"]


def test_the_part_of_a_long_formula_that_is_faulty_is_shown() -> None:
    (fault,) = faults("+".join(["x*y"] * 30) + " + coss(x) + " + "+".join(["x*y"] * 30))
    assert "coss(x)" in fault.given
    assert len(fault.given) < 70


HOSTILE = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__",
    "x.real",
    "(lambda: x)()",
    "lambda x: x",
    "[x for x in (1, 2)]",
    "{x: y}",
    "x[0]",
    "'x'",
    'f"{x}"',
    "x if y else 1",
    "x; y",
    "x := 3",
    "x @ y",
    "eval(x)",
    "exec(x)",
    "open(x)",
    "sympify(x)",
    "Integral(x)",
    "e.x",
    "oo*x",
    "nan + x",
    "zoo",
    "I*x",
    "None",
    "True + x",
    "print",
    "x\n\nimport os",
    "x # comment",
    "\\x78",
    "\N{FULLWIDTH LATIN SMALL LETTER X}",
    "e\N{ZERO WIDTH SPACE}xp(x)",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "9^9^9^9*x",
    "x^9^9^9",
    "(((x^16)^16)^16)^16",
    "10^" * 400 + "x",
    "1e999999999*x",
    "9" * 1900 + "*x",
    "(" * 900 + "x" + ")" * 900,
    "(" * 1999,
    "-" * 1999 + "x",
    "sin(" * 400 + "x" + ")" * 400,
    "2^" * 900 + "x",
    "x+" * 5_000_000 + "x",
    "x*" * 900 + "x",
    "*".join(f"(x+{k}*y)" for k in range(100)),
    "1/(1+" * 25 + "x" + ")" * 25,
    "exp(" * 28 + "x*y" + ")" * 28,
    "max(" + ",".join(f"{k}*x" for k in range(200)) + ")",
    "tan(" * 20 + "x" + ")" * 20,
    ",".join(["x"] * 900),
    "\0" * 1000,
    "\N{PILE OF POO}" * 1000,
    "x" * 2000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_formula_is_refused_in_words_within_a_second(text: str) -> None:
    for fault in faults(text):
        assert fault.problem
        assert len(fault.problem) + len(fault.given) < 400


BROKE = [
    "x + max(1, 2)",
    "x + min(2)",
    "((tanh(pi + 3 - width_2 - x))^0.3)/(((sqrt((pi)^0.3))^085)/((pi*a)^0.3 - sin(x) - 0.5 - pi))",
    "(x + y)**0.e3 + x",
    "(sqrt(max(7e0, x, b)))^1.5 + ((2 + a)/(max(e, pi, pi)))**0.5",
    "tan(" * 8 + "x*y" + ")" * 8,
    "exp((-2*x)^0.3) + sin(x - x + 1)*y",
]


@pytest.mark.parametrize("text", BROKE)
def test_what_fuzzing_broke_is_whole(text: str) -> None:
    """docs/fuzzing.md says what each of these was."""
    began = process_time()
    record = made(text)
    assert process_time() - began < 2
    assert disagreement(text, record) == ""


def test_any_text_gives_a_tree_or_words() -> None:
    """A short run of tests/campaigns/fuzz_formulas.py."""
    random, outcomes = Random(5), set[bool]()
    for _ in range(1500):
        text = any_text(random)
        try:
            worked_out(formula_tree(text, ("x", "y", *COLUMNS), FUNCTIONS))
            outcomes.add(True)
        except FormulaError as error:
            outcomes.add(not error.faults)
    assert outcomes == {True, False}


def test_limits_are_where_they_are_said_to_be() -> None:
    assert made(f"x^{MAX_POWER}").formula
    assert "too high" in faults(f"x^{MAX_POWER + 1}")[0].problem
    assert made("(" * (DEEPEST - 1) + "x" + ")" * (DEEPEST - 1)).formula
    assert "nested too deep" in faults("(" * DEEPEST + "x" + ")" * DEEPEST)[0].problem
    assert made("x" + " " * (MAX_LETTERS - 1)).formula
    assert "letters long" in faults("x" + " " * MAX_LETTERS)[0].problem
    assert f"{MAX_DERIVED:,}" in faults("*".join(["x"] * 100))[0].allowed
