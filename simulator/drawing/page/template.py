"""The page's template with its blanks filled: style and scripts are in the page, or in files that pages share."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from errsurf.drawing.origin import origin
from errsurf.drawing.page.content import Content
from errsurf.drawing.page.formula import label_markup
from errsurf.drawing.page.formula_box import page_script
from errsurf.drawing.page.markup import Markup, filled, in_script, script_json, translated
from errsurf.drawing.page.parts import Shared, script_elements
from errsurf.drawing.page.themes import bright_and_dark, opening_theme, page_variables
from errsurf.words import said

FOLDER = files("errsurf.drawing.page")
SCRIPTS = (
    "data",
    "clock",
    "words",
    "numbers",
    "surface",
    "map",
    "swarm",
    "overlays",
    "chart",
    "legend",
    "player",
    "hands",
    "start",
)
FORMULA_SCRIPTS = ("formula_box",)
"""Scripts of a page that computes its run and has a formula box, besides."""
LIVE_SCRIPTS = (*SCRIPTS[:-1], "scales", "state", "toml", "settings", "follow", "live", "hosting", SCRIPTS[-1])
_SHAPES = "\u25c6\u25a0\u25b2\u25bc\u2605\u2b22"


def page_texts(told: Content, run: dict[str, Any]) -> dict[str, Any]:
    """The words of a page of a scenario, by the template's blanks for them; ``theme`` is that of its picture."""
    scenario = told.scene.result.scenario
    language = scenario.language
    return {
        "language": language,
        "theme": scenario.picture.theme,
        "title": scenario.title,
        "heading": label_markup(scenario.title),
        "about": " ".join(scenario.about.split()),
        "caption": label_markup(scenario.picture.caption),
        "marked": _marked(scenario.picture.markers, language),
        "described": said(_description(told), language),
        "word": said(run["clock"]["word"], language),
        "chart": said(f"Chart over {run['clock']['word']}, one curve a group", language),
        "origin": in_script(origin(told.scene.result)),
    }


def put_together(
    texts: Mapping[str, Any],
    run: Mapping[str, Any],
    data: str,
    precision: str,
    *,
    live: bool = False,
    box: bool = False,
    embed: bool = False,
    shared: Shared | None = None,
) -> str:
    """The template with its blanks filled: only what is known to be code of this folder goes in as it is.

    A ``live`` page computes its run: its worker, and what it knows, are among the arrays; style and scripts are in
    files that it shares with others if these are given.  It may have a formula ``box``.  With ``embed`` it has no title
    and no footer, for a frame in another page.
    """
    language, theme = texts["language"], texts["theme"]
    return filled(
        translated(_text("page.html"), language),
        **{key: text for key, text in texts.items() if key != "theme"},
        theme=Markup(opening_theme(theme) + (" data-embed" if embed else "")),
        above=Markup() if shared is None else shared.above,
        formula=Markup(translated(_text("live_formula.html"), language)) if box else Markup(),
        arrays=data, precision=precision, version=version("errsurf"), run=script_json(run),
        **(_inside(theme, live=live, box=box) if shared is None else _outside(shared)),
        **_live_parts(language, live=live),
    )  # fmt: skip


def _inside(theme: str, *, live: bool, box: bool) -> dict[str, Markup]:
    """Style and script in the page, allowed by their hashes; a live page has its script packed with its data."""
    style, script = page_style(theme, live=live), boot_script() if live else _script(SCRIPTS)
    allowed = [script, live_script(box=box)] if live else [script]
    return {
        "style": Markup(f"<style>{style}</style>"),
        "style_rule": Markup(f"'{_hash(style)}'"),
        "script": Markup(f"<script>{script}</script>"),
        "script_rule": Markup(" ".join(f"'{_hash(each)}'" for each in allowed)),
        "policies": Markup("errsurf errsurf-page" if live else "'none'"),
    }


def _outside(shared: Shared) -> dict[str, Markup]:
    """Style and scripts in files beside the page."""
    return {
        "style": Markup(f'<link rel="stylesheet" href="{shared.style}">'),
        "style_rule": Markup("'self'"),
        "script": script_elements(shared.scripts),
        "script_rule": Markup("'self'"),
        "policies": Markup("errsurf"),
    }


def page_style(theme: str, *, live: bool) -> Markup:
    """The style of pages with a theme."""
    light, dark = (page_variables(name) for name in bright_and_dark(theme))
    sheets = _text("page.css") + (_text("live.css") if live else "")
    return filled(sheets, light=Markup(light), dark=Markup(dark))


def _live_parts(language: str, *, live: bool) -> dict[str, Markup]:
    """What a page has that computes its run: controls, buttons, and what its rules allow.

    WebAssembly is compiled, and a worker is made of the page's own text; nothing else is allowed that other pages are
    not.
    """
    if not live:
        return dict.fromkeys(("settings", "claims", "steps", "keys", "wasm", "worker"), Markup())
    files = {"settings": "live", "claims": "live_claims", "steps": "live_steps", "keys": "live_keys"}
    parts = {name: Markup(translated(_text(f"{file}.html"), language)) for name, file in files.items()}
    return parts | {"wasm": Markup(" 'wasm-unsafe-eval'"), "worker": Markup("; worker-src blob:")}


def boot_script() -> Markup:
    """The script that starts a page which computes its run."""
    return Markup(shortened(_script(("boot",))))


def _script(names: Sequence[str], first: str = "") -> Markup:
    return Markup('(() => {\n"use strict";\n' + first + "\n".join(_text(f"{name}.js") for name in names) + "})();\n")


def live_script(*, box: bool = False) -> str:
    """The script of a page that computes its run, with a formula box or without; it is packed with the page's data."""
    names = (*LIVE_SCRIPTS[:-1], *(FORMULA_SCRIPTS if box else ()), LIVE_SCRIPTS[-1])
    return shortened(_script(names, page_script() if box else ""))


def shortened(text: str) -> str:
    """A script of this folder without its comments and the spaces at the beginnings of lines."""
    text = re.sub(r"(?ms)^ *\/\*.*?\*\/\n", "", text)
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())


def _marked(updates: Sequence[int], language: str) -> str:
    """What the shapes on the trails mean."""
    words = [*(f"{update:,}" for update in updates[:-1]), *(f"{update:,} updates" for update in updates[-1:])]
    return ", ".join(f"{_SHAPES[k % len(_SHAPES)]} {said(each, language)}" for k, each in enumerate(words))


def _description(told: Content) -> str:
    groups = told.groups
    labels = ", ".join(group.label for group in groups)
    return f"Map of the training loss with {len(groups[0].diverged):,} particles of each group: {labels}"


def _text(name: str) -> str:
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")
