"""The sources by which a kernel sees when particles enter and leave regions, and the numbers that it reads."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from errsurf.engine.link import Sources
from errsurf.settings.regions import Region

NUMBERS = {"at": 3, "box": 4, "loss": 1}


class Kind(NamedTuple):
    """What a kernel depends on of a region: which key says where it is, and whether particles stop there."""

    place: str
    stop: str


def kinds_of(regions: Sequence[Region]) -> tuple[Kind, ...]:
    """What a kernel depends on of regions, in order."""
    return tuple(Kind(region.kind, region.stop or "") for region in regions)


def has_level(kinds: Sequence[Kind]) -> bool:
    """Whether losses are needed after every update."""
    return any(kind.place == "loss" for kind in kinds)


def passage_rows(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Names of the rows that are kept: all entries, then all exits."""
    return tuple(f"{way}_{k}" for way in ("entered", "left") for k in range(len(kinds)))


def loss_rows(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Names of the rows in which losses are summed."""
    return ("loss", "loss_part") if has_level(kinds) else ()


def region_numbers(regions: Sequence[Region], examples: int) -> list[float]:
    """The numbers of regions as kernels read them: middle and squared radius, edges, or the sum of so many losses."""
    found: list[float] = []
    for region in regions:
        if region.at is not None and region.radius is not None:
            found += [*region.at, region.radius * region.radius]
        elif region.box is not None:
            found += [*region.box[0], *region.box[1]]
        elif region.loss is not None:
            found.append(region.loss * examples)
    return found


def number_names(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Names of these numbers among the options of a kernel."""
    return tuple(f"region_{k}_{j}" for k, kind in enumerate(kinds) for j in range(NUMBERS[kind.place]))


def add_note(sources: Sources, kinds: Sequence[Kind], lanes: int = 1) -> None:
    """Add ``note``, which compares a lane's position with all regions; ``lanes`` are those of a row."""
    lines = ["x, y, stopped = s[SHOWN_X + lane], s[SHOWN_Y + lane], s[STOPPED + lane]"]
    for k, kind in enumerate(kinds):
        lines += _note_lines(k, kind, f"PASSAGE + {k * lanes}", f"PASSAGE + {(len(kinds) + k) * lanes}")
    sources.add_inlined("note(s, lane, options, count)", *lines, "s[STOPPED + lane] = stopped", "return")


def _note_lines(k: int, kind: Kind, entered: str, left: str) -> Iterator[str]:
    """Compare with one region.  A particle that has diverged is nowhere; one that was stopped has a negative mark."""
    number = [f"options.region_{k}_{j}" for j in range(NUMBERS[kind.place])]
    if kind.place == "at":
        yield f"u, v = x - {number[0]}, y - {number[1]}"
        yield f"inside = u * u + v * v <= {number[2]}"
    elif kind.place == "box":
        yield f"inside = ({number[0]} <= x) & (x <= {number[1]}) & ({number[2]} <= y) & (y <= {number[3]})"
    else:
        yield f"inside = s[LOSS + lane] <= {number[0]}"
    yield "inside = inside & (stopped <= real(0))"
    yield f"entered, left = s[{entered} + lane], s[{left} + lane]"
    yield "left = count if (entered != real(0)) & (left == real(0)) & (not inside) else left"
    yield "entered = count if (entered == real(0)) & inside else entered"
    yield f"s[{entered} + lane] = entered"
    yield f"s[{left} + lane] = left"
    if kind.stop:
        event = "entered" if kind.stop == "enter" else "left"
        yield f"stopped = real(-1) if ({event} != real(0)) & (stopped == real(0)) else stopped"
