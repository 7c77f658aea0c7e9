"""The colours of a map from low loss to high, with some of the levels between them."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame
from errsurf.drawing.colours import colour_list, map_colours
from errsurf.drawing.lettering.text import line_height
from errsurf.drawing.map.level_labels import level_text
from errsurf.drawing.map.maps import Maps

_APART = 1.8


def bar_labels(maps: Maps, height: int) -> list[tuple[int, str]]:
    """Levels, by their numbers, that have room beside a bar this many pixels high, with their texts."""
    bands, line = (len(maps.levels) - 1) * (maps.level is None), line_height(maps.plan.style.tick)
    every = max(1, -(-round(_APART * line * bands) // max(height, 1)))
    return [(k, level_text(float(maps.levels[k]))) for k in range(every, bands, every)]


def draw_colorbar(canvas: Canvas, maps: Maps) -> None:
    """Draw the bar beside the map if it has room: each colour as high as any other."""
    box, style = maps.plan.bar, maps.plan.style
    if not box.height or maps.level is not None:
        return
    fills = colour_list(map_colours(style.theme, len(maps.levels) - 1))
    edges = [box.bottom - round(k * box.height / len(fills)) for k in range(len(fills) + 1)]
    for k, fill in enumerate(fills):
        canvas.fill(Box(box.left, edges[k + 1], box.right, edges[k]), fill)
    frame(canvas, box, style.theme.grey)
    kind, gap = style.tick, style.tick.size // 3
    canvas.write("loss", box.left, box.top - line_height(kind) - gap, kind, style.theme.foreground)
    for k, text in bar_labels(maps, box.height):
        canvas.fill(Box(box.right, edges[k], box.right + gap, edges[k] + 1), style.theme.grey)
        canvas.write(text, box.right + 2 * gap, edges[k] - line_height(kind) // 2, kind, style.theme.grey)
