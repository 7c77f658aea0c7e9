"""What colours and shapes of a figure mean."""

from collections.abc import Sequence

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import group_colours
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.look import Look
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.particles import SHAPES
from errsurf.drawing.vector.sheet import POINTS, Sheet, tone, write

_MAX_ROWS = 6


def group_key(page: Sheet, box: Box, scene: Scene, look: Look) -> None:
    """The groups' colours and labels in rows from the upper left corner of a box."""
    kind, places = look.number, key_places(scene, look, box.width)
    shown = [place for place in places if place[1] < _MAX_ROWS * line_height(kind)]
    colours = group_colours(look.theme, scene.numbers)
    for (left, top), group, colour in zip(shown, scene.groups, colours, strict=False):
        middle = box.top + top + 0.5 * line_height(kind)
        dot(page, box.left + left + 0.4 * kind.size, middle, 0.8 * kind.size, "o", tone(colour))
        label = shortened(group.label, box.width - round(1.2 * kind.size), kind)
        write(page, label, box.left + left + 1.2 * kind.size, box.top + top, kind, look.theme.ink)
    if len(shown) < len(places):
        words = f"and {len(places) - len(shown)} more groups"
        write(page, words, box.left, box.top + _MAX_ROWS * line_height(kind), kind, look.theme.grey)


def key_height(scene: Scene, look: Look, room: int) -> int:
    """Height of the groups' key in a width."""
    return min(key_places(scene, look, room)[-1][1], _MAX_ROWS * line_height(look.number)) + line_height(look.number)


def key_places(scene: Scene, look: Look, room: int) -> list[tuple[int, int]]:
    """Where each group's part of the key begins, from its upper left corner."""
    kind = look.number
    places, left, top = [], 0, 0
    for group in scene.groups:
        width = round(1.2 * kind.size) + text_width(group.label, kind)
        if left > 0 and left + width > room:
            left, top = 0, top + line_height(kind)
        places.append((left, top))
        left += width + round(1.5 * kind.size)
    return places


def marker_room(wanted: Sequence[int], look: Look) -> int:
    """Width of the key of markers and of the gap before it."""
    kind = look.tick
    words = [f"{update:,}" for update in wanted[:-1]] + [f"{update:,} updates" for update in wanted[-1:]]
    return sum(text_width(text, kind) + round(1.7 * kind.size) for text in words) + (kind.size if words else 0)


def marker_key(page: Sheet, box: Box, wanted: Sequence[int], look: Look) -> None:
    """Every shape and its update at the right end of a box; from the last one on, as many as there is room for."""
    kind, right = look.tick, float(box.right)
    for shape, update in reversed(list(enumerate(wanted))):
        text = f"{update:,}" if shape < len(wanted) - 1 else f"{update:,} updates"
        left = right - text_width(text, kind)
        if left - kind.size < box.left:
            return
        top = (box.top + box.bottom - line_height(kind)) / 2
        write(page, text, left, top, kind, look.theme.ink)
        middle = top + 0.5 * line_height(kind)
        dot(page, left - 0.6 * kind.size, middle, 0.7 * kind.size, SHAPES[shape % len(SHAPES)], tone(look.theme.ink))
        right = left - 1.7 * kind.size


def dot(page: Sheet, x: float, y: float, side: float, marker: str, colour: tuple[float, float, float]) -> None:
    """A shape with its middle at (x, y)."""
    from matplotlib.lines import Line2D

    width, height = page.size
    at = ([x / width], [1 - y / height])
    page.figure.add_artist(
        Line2D(*at, marker=marker, color=colour, markersize=side * POINTS, linestyle="none", markeredgewidth=0)
    )
