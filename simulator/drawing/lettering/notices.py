"""What of a scenario's texts cannot be drawn as it is written."""

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from errsurf.drawing.lettering.fonts import Faces, faces
from errsurf.drawing.lettering.formulas import faulty, parts
from errsurf.drawing.lettering.text import unjoined
from errsurf.records.names import cut
from errsurf.scenario.files import font_file
from errsurf.words import texts as fixed_words

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

_MOST, _LONGEST = 5, 80
_NAMED = "or name a font, or a .ttf or .otf file beside the scenario, with picture.font (--font)"
_FONT = f"install a font for it, {_NAMED}"
_HAN_FONT = f"install Noto Sans CJK (`fonts-noto-cjk` on Debian), {_NAMED}"


def texts(scenario: "Scenario") -> dict[str, str]:
    """Title, caption and labels by their keys."""
    labels = {f"optimizer[{k}].label": group.label for k, group in enumerate(scenario.optimizer, 1)}
    return {"title": scenario.title, "picture.caption": scenario.picture.caption} | labels


def scenario_faces(scenario: "Scenario") -> Faces:
    """The fonts of a scenario's pictures: together they have all its characters, as far as this machine can."""
    words = [*texts(scenario).values(), *fixed_words(scenario.language).values()]
    plain = [part for text in words for part, is_formula in parts(text) if not is_formula]
    return faces(plain, font_file(scenario.picture, scenario.folder) or scenario.picture.font)


def notices(scenario: "Scenario") -> tuple[str, ...]:
    """One sentence for each thing that a picture of this scenario cannot show as it is written.

    That is a character no font has, a formula that is none, letters that Pillow cannot join, a font that is not there.
    """
    return tuple(_notices(scenario))


def _notices(scenario: "Scenario") -> Iterator[str]:
    found = scenario_faces(scenario)
    if found.problem:
        yield f"picture.font: {found.problem}; the usual fonts are used"
    if found.missing:
        needed = _needed(scenario, found.missing)
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in needed[:_MOST])
        advice = _HAN_FONT if any("CJK" in unicodedata.name(c, "") for c in needed) else _FONT
        more = " and more" if len(needed) > _MOST else ""
        yield f"no font has {named}{more}, so a diamond with a question mark is drawn; {advice}"
    for key, text in texts(scenario).items():
        for part, wrong in faulty(text):
            yield f"{key}: {cut(part, _LONGEST)} cannot be read as a formula ({wrong}), so it is drawn as it is written"
        if unjoined(text):
            yield f"{key}: Pillow has no Raqm here, so letters of this script are neither joined nor turned round"


def _needed(scenario: "Scenario", missing: str) -> list[str]:
    """Of letters that no font has those of a scenario's texts, in their order; else those of fixed words."""
    own, fixed = texts(scenario).values(), fixed_words(scenario.language).values()
    found = ([c for c in dict.fromkeys("".join(part)) if c in missing] for part in (own, fixed))
    return next(filter(None, found), [])
