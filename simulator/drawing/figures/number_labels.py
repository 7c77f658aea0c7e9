"""Short labels beside many points of a map, none over another or over a mark."""

from collections.abc import Iterator, Sequence

from errsurf.drawing.boxes import Box
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, text_width
from errsurf.drawing.map.landmarks import Label

Spot = tuple[int, int]


def labels(texts: Sequence[str], spots: Sequence[Spot], area: Box, style: Style) -> list[Label]:
    """One text a spot, as close to it as there is room inside the area; without room it is left out."""
    half, kind = round(12 * style.line), style.number
    taken = [Box(x - half, y - half, x + half, y + half) for x, y in spots]
    found: list[Label] = []
    for text, spot in zip(texts, spots, strict=True):
        boxes = (box for box in _boxes(text, spot, half, kind) if box.inside(area))
        free = next((box for box in boxes if not any(map(box.overlaps, taken))), None)
        if free is not None:
            taken.append(free)
            found.append(Label(text, free.left, free.top, kind))
    return found


def _boxes(text: str, spot: Spot, half: int, kind: Type) -> Iterator[Box]:
    """Places around a spot, near ones first: at the right, the left, above, below, and the corners between."""
    (x, y), width, height = spot, text_width(text, kind), line_height(kind)
    for gap in (half + 1, half + kind.size):
        across = (x + gap, x - gap - width, x - width // 2)
        down = (y - height // 2, y - gap - height + kind.size // 4, y + gap - kind.size // 4)
        for left, top in (
            (across[0], down[0]),
            (across[1], down[0]),
            (across[2], down[1]),
            (across[2], down[2]),
            (across[0], down[1]),
            (across[1], down[1]),
            (across[0], down[2]),
            (across[1], down[2]),
        ):
            yield Box(left, top, left + width, top + height)
