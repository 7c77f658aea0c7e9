"""The letters that an SVG file uses, within it."""

import re
from base64 import b64encode
from collections import defaultdict
from html import unescape
from io import BytesIO
from typing import Any

_TEXT = re.compile(r"<(text|tspan)\b([^>]*)>([^<]*)")
_FAMILIES = re.compile(r"'([^']+)'")
_RESTRICTED = 0x0002


def font_style(svg: str) -> str:
    """CSS that brings the fonts of a picture's texts, each reduced to the letters used (WOFF, RFC 1950's zlib inside).

    Letters stand in the first of their families that has them.  A font whose licence bits forbid it is left out.
    """
    used: dict[tuple[str, bool], set[str]] = defaultdict(set)
    style = ""
    for kind, given, words in _TEXT.findall(svg):
        found = re.search(r'style="([^"]*)', given)
        style = style if found is None and kind == "tspan" else unescape(found[1] if found else "")
        for family in _FAMILIES.findall(style):
            used[family, re.search(r"\b(bold|[6-9]00)\b", style) is not None] |= set(unescape(words))
    rules = [_rule(family, bold, letters) for (family, bold), letters in sorted(used.items())]
    return "".join(rules)


def _rule(family: str, bold: bool, letters: set[str]) -> str:
    from fontTools.ttLib import TTFont
    from matplotlib.font_manager import FontProperties, findfont

    weight = "bold" if bold else "normal"
    try:
        file = findfont(FontProperties(family=[family], weight=weight), fallback_to_default=False)
    except ValueError:
        return ""
    with TTFont(file, fontNumber=0) as font:
        if font["OS/2"].fsType & _RESTRICTED:
            return ""
        data = _reduced(font, letters)
    source = f"url(data:font/woff;base64,{b64encode(data).decode('ascii')})"
    return f"@font-face{{font-family:'{_css_string(family)}';font-weight:{weight};src:{source} format('woff')}}"


def _css_string(name: str) -> str:
    """A font's own name, which may be anything, between quotes of CSS and inside an element of XML."""
    return re.sub(r"[^A-Za-z0-9 _.-]", lambda found: f"\\{ord(found[0]):x} ", name)


def _reduced(font: Any, letters: set[str]) -> bytes:
    """A font with these letters only, without the date of its making."""
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=["kern", "mark", "mkmk"], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    work = subset.Subsetter(options)
    work.populate(text="".join(sorted(letters)))
    work.subset(font)
    font.recalcTimestamp = False
    file = BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()
