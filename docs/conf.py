"""The site of docs/: ``python -m sphinx -W docs build/docs`` writes it.

The pages are plain Markdown that reads well on a code host; what only a site needs is added here.
"""

import os
import re
import tomllib
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LISTS = ("index", "tutorials", "how_to", "reference", "explanation", "examples")
SOURCE = f"{PROJECT['urls']['Source']}/blob/main"

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
release = version = PROJECT["version"]
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["conf.py"]
myst_heading_anchors = 4
html_theme = "pydata_sphinx_theme"
html_title = f"errsurf {release}"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_context = {"default_mode": "light"}
html_last_updated_fmt = None
copyright = f"{author}, MIT licence"  # noqa: A001 - the name that Sphinx reads
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
default_role = "literal"

os.environ.setdefault("ERRSURF_CACHE", str(ROOT / "build" / "kernels"))


def outside_links(text: str, depth: int) -> str:
    """Links that leave docs/ lead to the code host."""
    up = re.escape("../" * (depth + 1))
    return re.sub(rf"\]\({up}(?!\.\.)([^)]+)\)", rf"]({SOURCE}/\1)", text)


def titled_links(text: str) -> str:
    """A link whose text is the name of its file shows the page's title instead."""
    return re.sub(r"\[(?:docs/)?[\w/]+\.md\]\((?=[\w/]+\.md[)#])", "[](", text)


def targets(text: str) -> str:
    """An anchor in HTML is a target for links."""
    return re.sub(r'^<a id="([\w-]+)"></a>$', r"(\1)=", text, flags=re.MULTILINE)


def contents(text: str) -> str:
    """The pages that a page of links lists are its part of the site's table of contents."""
    pages = re.findall(r"^\* \[[^]]*\]\(([\w/]+)\.md\)", text, flags=re.MULTILINE)
    return "\n".join([text, "```{toctree}", ":hidden:", "", *pages, "```"])


def described(text: str) -> str:
    """Below each heading of the page of names, what the docstrings of its names say."""
    import errsurf

    def directive(found: re.Match[str]) -> str:
        kind = "autofunction" if found[1].islower() else "autoclass"
        members = "\n   :members:" if kind == "autoclass" and hasattr(errsurf, found[1]) else ""
        return f"```{{eval-rst}}\n.. {kind}:: errsurf.{found[1]}{members}\n```"

    return re.sub(r"^\* `(\w+)`.*$", directive, text, flags=re.MULTILINE)


def on_source_read(_app: Sphinx, name: str, source: list[str]) -> None:
    """Make of a plain page what a page of the site needs."""
    text = targets(titled_links(outside_links(source[0], name.count("/"))))
    source[0] = contents(text) if name in LISTS else described(text) if name == "python_names" else text


def setup(app: Sphinx) -> None:
    """Register the changes."""
    app.connect("source-read", on_source_read)
    app.add_lexer("csv", TextLexer)
