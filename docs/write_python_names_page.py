"""Write docs/python_names.md: every public name of errsurf, with the first sentence of its docstring.

Run ``python docs/write_python_names_page.py`` after adding a name; a test compares the page with the package.  The site
shows signatures and whole docstrings in place of the list.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import errsurf

PAGE = Path(__file__).parent / "python_names.md"
OPENING = """\
# Names of the package

What `dir(errsurf)` lists is stable: the names, their parameters, and what their docstrings say.
`help(errsurf.simulate)` shows a docstring; the [tour](python.md) uses every function. This page is written by
`docs/write_python_names_page.py`.
"""


def page() -> str:
    """The page, from the table in the package's docstring."""
    return "\n".join([OPENING, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for heading, names in _sections():
        yield f"## {heading.capitalize()}\n"
        for name in names:
            yield f"* `{name}`: {_summary(getattr(errsurf, name))}"
        yield ""


def _sections() -> Iterator[tuple[str, list[str]]]:
    """Each row of the table: what the names are for, and they."""
    _, table, _ = re.split(r"^=+ +=+$", errsurf.__doc__ or "", maxsplit=2, flags=re.MULTILINE)
    for heading, text in re.findall(r"^(\w.*?)  +(.*(?:\n  +.*)*)", table, flags=re.MULTILINE):
        names = re.findall(r"``(\w+)``", text)
        yield heading, names if heading != "errors" else _errors()


def _errors() -> list[str]:
    """Exceptions, and what they hold."""
    from errsurf import errors

    return [name for name in errsurf.__all__ if hasattr(errors, name) and name[:1].isupper()]


def _summary(thing: object) -> str:
    """The first sentence of a docstring, in one line."""
    text = re.sub(r"\s+", " ", inspect.cleandoc(thing.__doc__ or "").partition("\n\n")[0])
    return re.split(r"(?<=\.) ", text)[0].replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
