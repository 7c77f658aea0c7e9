"""Text in HTML: everything is escaped unless its type says that it is markup already."""

import json
import re
from html import escape
from string import Template
from typing import Any

from errsurf.system.text import xml_text
from errsurf.words import said

FIXED = re.compile(r"(?<=>)[^<>$]+(?=<)|(?<=aria-label=\")[^\"$]+|(?<=title=\")[^\"$]+")


class Markup(str):
    """HTML that can stand in a page as it is."""


def markup(value: object) -> Markup:
    """A value as HTML: its text, escaped for content and for attributes in quotes; markup stays as it is."""
    return value if isinstance(value, Markup) else Markup(escape(xml_text(str(value))))


def in_script(text: str) -> Markup:
    """JSON or TOML that can stand inside a script element: its strings have an escape for each ``<``."""
    return Markup(xml_text(text).replace("<", "\\u003c"))


def script_json(value: Any) -> Markup:
    """JSON that can stand inside a script element."""
    return in_script(json_text(value))


def json_text(value: Any) -> str:
    """Short JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def filled(template: str, **values: Any) -> Markup:
    """A template with its blanks filled; no value can be forgotten, since each is escaped or is markup."""
    return Markup(Template(template).substitute({name: markup(value) for name, value in values.items()}))


def translated(template: str, language: str) -> str:
    """A template with its own texts, labels and tips in a language."""
    return FIXED.sub(lambda found: said(found[0], language), template)
