"""Words for letters that have no place in a formula."""

import unicodedata

WORDS = {
    ".": "a dot belongs to a number, as in 0.5; nothing has attributes",
    "[": "a formula has round brackets",
    "]": "a formula has round brackets",
    "{": "a formula has round brackets",
    "}": "a formula has round brackets",
    "'": "a formula holds no text",
    '"': "a formula holds no text",
    "`": "a formula holds no text",
    "=": "write the loss itself, without `=`",
    "|": "write an absolute value as abs(...)",
    ":": "a formula is one expression; nothing is defined in it",
    ";": "a formula is one expression",
    "\\": "write a formula in plain characters, without commands",
    "#": "a formula has no comments",
    "_": "a name begins with a letter",
}
ALIKE = {
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{ASTERISK OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{DIVISION SLASH}": "/",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HYPHEN}": "-",
    "\N{GREEK SMALL LETTER PI}": "pi",
    "\N{SUPERSCRIPT TWO}": "^2",
    "\N{SUPERSCRIPT THREE}": "^3",
    "\N{SQUARE ROOT}": "sqrt",
}
PLAIN = "letters a to z, digits and + - * / ^ ( ) , . < >"


def strange(text: str) -> tuple[str, str, str]:
    """Problem, what is allowed, and what may have been meant by the first of these letters."""
    letter = text[0]
    if letter in WORDS:
        return WORDS[letter], "", ""
    if letter.isascii() and letter.isprintable():
        return f"`{letter}` is not allowed in a formula", PLAIN, ""
    plain = ALIKE.get(letter, unicodedata.normalize("NFKC", letter))
    named = unicodedata.name(letter, "")
    shown = f"`{letter}`, {named}," if named and letter.isprintable() else f"the letter U+{ord(letter):04X}"
    return f"{shown} is not allowed in a formula", PLAIN, plain if plain.isascii() and plain.isprintable() else ""
