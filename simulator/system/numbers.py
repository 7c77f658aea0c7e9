"""Numbers as people read them, the same in tables, sentences and pictures; ``page/numbers.js`` does so on pages."""

from math import floor, isinf, isnan, log10

MINUS = "\N{MINUS SIGN}"


def number_text(value: float | None, digits: int = 4) -> str:
    """A number with so many digits, and all of them before the point up to a million, grouped by thousands.

    Beyond, and below 0.0001, it has an exponent, as 1.5e-7; a number that does not exist is "none".
    """
    if value is None or isnan(value):
        return "none"
    if isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    size = abs(float(f"{value:.{max(digits, 1)}g}"))
    if 1000 <= size < 1e6:
        return f"{value:,.{max(digits, floor(log10(size)) + 1)}g}"
    return f"{value:z.{digits}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def drawn_number(value: float | None, digits: int = 4) -> str:
    """The same for pictures, with a true minus sign."""
    return number_text(value, digits).replace("-", MINUS)


def share_text(share: float, decimals: int = 0) -> str:
    """A share in percent; a few are never told as none, and nearly all never as all."""
    text, last = f"{share:.{decimals}%}", 10.0**-decimals
    if share > 0 and float(text[:-1]) == 0:
        return f"<{last:g}%"
    return f">{100 - last:g}%" if share < 1 and float(text[:-1]) == 100 else text


def came_text(came: int, of: int) -> str:
    """What is said of a time that came in so many seeds, too few for their median."""
    return f"{came} of {of} seeds" if came else "never"


def counted(number: int, word: str, words: str = "") -> str:
    """A number of things, in words."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
