"""Regions of the plane of which a run counts when particles enter and leave them."""

from typing import Annotated, Literal, NamedTuple

from annotated_types import Gt, Len

from errsurf.settings.kinds import OneLine, Point, Rising

PLACES = ("at", "box", "loss")
"""The keys of which a region has one."""


class Region(NamedTuple):
    """A part of the plane: one of a disc `at` a point, a `box`, and where the training loss is low."""

    name: Annotated[str, Len(1, 80), OneLine, "by which statistics name it"]
    at: Annotated[Point | None, "the middle of a disc, which needs a `radius`"] = None
    radius: Annotated[Annotated[float, Gt(0)] | None, "of the disc"] = None
    box: Annotated[
        tuple[Annotated[tuple[float, float], Rising], Annotated[tuple[float, float], Rising]] | None,
        "[[x0, x1], [y0, y1]]: left and right edge, lower and upper edge",
    ] = None
    loss: Annotated[float | None, "level: where the loss of all training examples is at most that"] = None
    stop: Annotated[
        Literal["enter", "leave"] | None, "a particle stays where it is from the update on after which it did that"
    ] = None

    @property
    def kind(self) -> str:
        """Which of its keys says where it is."""
        return next((key for key in PLACES if getattr(self, key) is not None), "")

    @property
    def place(self) -> tuple[object, ...]:
        """Where it is: equal for equal parts of the plane."""
        return self.at, self.radius, self.box, self.loss


def disc(at: Point, radius: float) -> Region:
    """The points within a radius of a point; it has no name."""
    return Region("", at=at, radius=radius)


def level(loss: float) -> Region:
    """The points with at most this training loss; it has no name."""
    return Region("", loss=loss)
