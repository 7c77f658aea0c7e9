"""What of a scenario's texts cannot be drawn as it is written."""

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

_MOST, _LONGEST = 12, 80


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
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in found.missing[:_MOST])
        more = f" and {len(found.missing) - _MOST} more" if len(found.missing) > _MOST else ""
        yield f"no font has {named}{more}, so a box is drawn; install a font for it, or name one with picture.font"
    for key, text in texts(scenario).items():
        for part, wrong in faulty(text):
            yield f"{key}: {cut(part, _LONGEST)} cannot be read as a formula ({wrong}), so it is drawn as it is written"
        if unjoined(text):
            yield f"{key}: Pillow has no Raqm here, so letters of this script are neither joined nor turned round"
