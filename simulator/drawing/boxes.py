"""Rectangles of pixels."""

from typing import NamedTuple


class Box(NamedTuple):
    """Pixels from ``left`` up to but not including ``right``, ``top`` up to but not including ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    def inside(self, other: "Box") -> bool:
        """Whether no pixel of this box lies outside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def overlaps(self, other: "Box") -> bool:
        """Whether the two boxes share a pixel."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


NOWHERE = Box(0, 0, 0, 0)


def edges(box: Box) -> tuple[Box, Box, Box, Box]:
    """Lines of one pixel around a box, outside it."""
    outer = Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
    upper, lower = outer._replace(bottom=box.top), outer._replace(top=box.bottom)
    return upper, lower, outer._replace(right=box.left), outer._replace(left=box.right)
