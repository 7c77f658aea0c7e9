"""Texts for the reading of formulas: good ones from a grammar, the same with damage, and what attackers try."""

from random import Random

COLUMNS = ("a", "b", "width_2")
ONE = ("exp", "log", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "abs", "sign")
MANY = ("min", "max")
PIECES = (
    *"()+-*/^,.:;=<>!&|~%@#$?_'\"`\\[]{} \t\n\r\0\x7f0123456789xyabeE",
    *("**", "//", "->", ":=", "..", "__", "lambda ", "import ", "__class__", "__import__", "eval", "exec", "open"),
    *(
        " if ",
        " else ",
        " for ",
        " in ",
        " and ",
        "not ",
        "await ",
        "yield ",
        "None",
        "True",
        "x.real",
        "x[0]",
        "f'{x}'",
    ),
    *("1e999", "1e-999", "0x10", "1_0", "1j", "9" * 40, "nan", "inf", "oo", "zoo", "I", "E", "N", "Symbol", "sympify"),
    *("\N{CYRILLIC SMALL LETTER HA}", "\N{MINUS SIGN}", "\N{SUPERSCRIPT TWO}", "\N{FULLWIDTH LATIN SMALL LETTER X}"),
    *("\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ARABIC-INDIC DIGIT ONE}", "\N{PILE OF POO}", "\ufeff"),
)


def good(random: Random, depth: int = 4) -> str:
    """A formula of the grammar, with numbers of moderate size."""
    if depth == 0 or random.random() < 0.15:
        names = ("x", "y", "x", "y", "x", "y", *COLUMNS, "pi", "e")
        return random.choice(names) if random.random() < 0.7 else _number(random)
    inner = lambda: good(random, depth - 1)  # noqa: E731
    match random.randrange(9):
        case 0 | 1:
            return f"{inner()} {random.choice('+-')} {inner()}"
        case 2:
            return f"{inner()}*{inner()}"
        case 3:
            return f"({inner()})/({inner()})"
        case 4:
            return f"({inner()}){random.choice(('^', '**'))}{random.choice(('2', '3', '2', '-1', '0.5', '1.5', '0.3'))}"
        case 5:
            return f"{random.choice('-+')}({inner()})"
        case 6:
            return f"{random.choice(ONE)}({inner()})"
        case 7:
            return f"where({inner()} {random.choice(('<', '<=', '>', '>='))} {inner()}, {inner()}, {inner()})"
    return f"{random.choice(MANY)}({', '.join(inner() for _ in range(random.randint(1, 3)))})"


def damaged(random: Random, text: str) -> str:
    """The text with a few pieces put in, taken out, doubled or exchanged."""
    for _ in range(random.randint(1, 4)):
        at, length = random.randint(0, len(text)), random.choice((0, 0, 1, 1, 2, 8))
        piece = random.choice(PIECES) if random.random() < 0.8 else text[at : at + 20]
        text = text[:at] + piece + text[at + length :]
    return text


def noise(random: Random) -> str:
    """Pieces in a row that mean nothing."""
    return "".join(random.choice(PIECES) for _ in range(random.randint(0, 60)))


def huge(random: Random) -> str:
    """A text that is long, deep or steep."""
    n = random.choice((10, 29, 30, 31, 100, 1000, 5000))
    inner = good(random, 1)
    shapes = (
        "(" * n + inner + ")" * n,
        random.choice(ONE + MANY) + "(" + inner,
        "-" * n + inner,
        "+".join([inner] * n),
        "*".join([inner] * n),
        "^".join([inner] * n),
        f"({inner})^{n}",
        "9" * n,
        f"{inner}*1e{n}",
        "x" * n,
        "(" * n,
        ",".join(["x"] * n),
        (random.choice(ONE) + "(") * n + inner + ")" * n,
        "max(" + ",".join(f"{k}*x" for k in range(n)) + ")",
        "1/(1+" * n + "x" + ")" * n,
    )
    return random.choice(shapes)


def any_text(random: Random) -> str:
    """One of all these."""
    kind = random.random()
    if kind < 0.4:
        return good(random, random.randint(1, 5))
    if kind < 0.8:
        return damaged(random, good(random, random.randint(1, 5)))
    return noise(random) if kind < 0.95 else huge(random)


def _number(random: Random) -> str:
    return random.choice(("0", "1", "2", "3", "10", "0.5", ".25", "2.", "1.5e-1", "7e0", f"{random.uniform(0, 9):.3f}"))
