"""The tables of a scenario file: names, types, ranges, defaults and meaning of every key.

The models that check a file, the JSON Schema and the written scenario are derived from these named tuples.
``[surface]``, ``[swarm]``, ``[[optimizer]]`` and its ``schedule`` add the settings that the record of their kind
declares.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

from annotated_types import Ge, Le, Len

from errsurf.records import listing
from errsurf.sampling.particles import WATCHED
from errsurf.scenario.picture_tables import Picture
from errsurf.schedules import ScheduleTable
from errsurf.settings.durations import Length
from errsurf.settings.gradient_options import Clip, Noise
from errsurf.settings.kinds import MOST, Count, Lines, OneLine, Point, Seed
from errsurf.settings.rules import Rule, matching
from errsurf.settings.value_lists import MOST_VALUES, has_values
from errsurf.starts import Swarm
from errsurf.wrappers import Wrapping


class GenericTest(NamedTuple):
    """The test examples, where they differ from the training examples."""

    examples: Annotated[Count, "test examples"] = 500
    shift: Annotated[
        Annotated[float, Ge(0)] | Point | None,
        "as in [surface]; a number replaces the training examples' spread, [x, y] their displacement",
    ] = None
    scale: Annotated[float | None, Ge(1), Le(1000), "as in [surface]; by default, the training value"] = None
    tilt: Annotated[float | None, Ge(0), "as in [surface]; by default, the training value"] = None


class GenericExamples(NamedTuple):
    """Examples of a surface that is one formula: scale_i f(theta - shift_i) + tilt_i . theta."""

    examples: Annotated[Count, "training examples"] = 20
    shift: Annotated[
        Annotated[float, Ge(0)] | Point,
        "standard deviation of the examples' shifts, or the one shift [x, y] of them all",
    ] = 0.0
    scale: Annotated[float, Ge(1), Le(1000), "geometric standard deviation of the examples' factors"] = 1.0
    tilt: Annotated[float, Ge(0), "standard deviation of the examples' tilts, which sum to zero"] = 0.0
    seed: Annotated[Seed | None, "seed of the examples; by default, the scenario's"] = None


class OwnTest(NamedTuple):
    """The test examples; any setting of the surface may differ from the training examples' here."""

    examples: Annotated[Count | None, "number of test examples; by default 500, or those of a data file"] = None


class OwnExamples(NamedTuple):
    """Examples of a surface that draws or reads its own."""

    examples: Annotated[Count | None, "number of training examples; by default 20, or those of a data file"] = None
    seed: Annotated[Seed | None, "seed of the examples; by default, the scenario's"] = None


VARIED = Rule("a table, each key one that --set takes, and its value a list or a text as --vary takes it", has_values)
UpdatePart = Literal["gradient", "movement", "effective_rate", "iterate", "memory"]
MOST_FRAMES = 100_000
Moment = Annotated[int, Ge(0), Le(MOST)]
Ascending = Rule(
    "whole numbers from 0, each one larger than the one before",
    lambda updates: all(a < b for a, b in pairwise(updates)),
    "not in ascending order",
)
Moments = Annotated[tuple[Moment, ...], Len(1, MOST_FRAMES), Ascending]
SamplingKind = Literal["reshuffle", "once", "replacement"]


class Sampling(NamedTuple):
    """How examples are put into batches."""

    kind: Annotated[
        SamplingKind,
        "`reshuffle`: shuffle before each epoch; `once`: shuffle once; `replacement`: draw with replacement",
    ] = "reshuffle"
    shared: Annotated[bool, "all particles see the same batches"] = False
    drop_last: Annotated[bool, "leave out a last batch of an epoch that would be smaller than the others"] = False


class RunTable(NamedTuple):
    """How long a run is and what it records.  Exactly one of `epochs` and `updates` is needed."""

    epochs: Annotated[Count | None, "length of the run: every example used this many times"] = None
    updates: Annotated[Count | None, "length of the run in updates of each group"] = None
    precision: Annotated[Literal["float32", "float64"], "floating-point type of the run"] = "float32"
    rounding: Annotated[
        Literal["fast", "portable"],
        "`portable`: the same bits on every processor and in a browser, on the CPU only; `fast`: fused multiply-adds",
    ] = "fast"
    seed: Annotated[Seed | None, "seed of the order of examples and of noise; by default, the scenario's"] = None
    sampling: Annotated[SamplingKind | Sampling, "how examples are put into batches"] = Sampling()
    frames: Annotated[
        Annotated[int, Ge(2), Le(MOST)] | Literal["all"] | Moments,
        "frames, spread over the run; or `all`: every update; or a list: after these updates, and at start and end",
    ] = 200
    frame_spacing: Annotated[
        Literal["even", "log"], "frames evenly spaced, or evenly in the logarithm of the update: dense at the start"
    ] = "even"
    losses: Annotated[bool, "record losses at frames, of up to 250 particles"] = True
    record: Annotated[
        tuple[UpdatePart, ...],
        Len(0, 5),
        "what updates are made of, recorded at each frame; `memory` is all that the rule and its wrappers remember",
    ] = ()
    record_particles: Annotated[
        Annotated[int, Ge(1), Le(MOST)] | Literal["all"], "particles for which `record` is kept, evenly chosen"
    ] = WATCHED


class ChangeTable(NamedTuple):
    """What changes in a group from a given time on; any setting of its optimizer may be given too."""

    after: Annotated[Length, "time of the change"]
    batch: Annotated[Count | Literal["full"] | None, "as above; a new epoch begins with another batch size"] = None
    accumulate: Annotated[Count | None, "as above; a new epoch begins with another number"] = None
    schedule: Annotated[
        ScheduleTable | None, "as above; times count from the change, shares are of the rest of the run"
    ] = None


class GroupTable(NamedTuple):
    """Keys that every optimizer has in addition to its own settings."""

    label: Annotated[str | None, Len(1, 80), OneLine, "name of the group; by default, `kind, batch n`"] = None
    at: Annotated[Point | None, "where this group starts: the centre of its swarm; by default, as [swarm] says"] = None
    batch: Annotated[Count | Literal["full"], "examples in a batch, or `full`: all of them"] = "full"
    accumulate: Annotated[Count, "batches whose mean gradient makes one update"] = 1
    clip: Annotated[Clip | None, "bound on the gradient"] = None
    noise: Annotated[Noise | None, "noise on the gradient, before it is clipped"] = None
    lr_scaling: Annotated[
        Literal["linear", "sqrt"] | None,
        "multiply lr by (examples of an update / `lr_batch`), or by its root; the resolved lr is the product",
    ] = None
    lr_batch: Annotated[Count | None, "examples of an update for which lr is meant; for `lr_scaling`"] = None
    wrappers: Annotated[tuple[Wrapping, ...], Len(0, 8), "what is done around each update, in this order"] = ()
    schedule: Annotated[
        ScheduleTable, 'the learning rate over time; `schedule = "cosine"` stands for `{ decay = "cosine" }`'
    ] = ScheduleTable()
    changes: Annotated[tuple[ChangeTable, ...], Len(0, 10_000), "changes at later times, one table for each time"] = ()
    color: Annotated[
        str | None,
        matching("#[0-9a-fA-F]{6}", "a # and six hexadecimal digits, two each for red, green and blue"),
        "colour of the group in pictures, such as `#0072b2`; by default, the theme's next one",
    ] = None


def _any_case(word: str) -> str:
    """A pattern for a word in capitals or not; editors know no flags in patterns."""
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


_DEVICES = ("con", "prn", "aux", "nul", "com[0-9¹²³]", "lpt[0-9¹²³]", r"conin\$", r"conout\$")
RESERVED = f"(?:{'|'.join(map(_any_case, _DEVICES))})"
"""Names of devices on Windows, whatever suffix follows."""
_NEVER = r"/\\:*?\"<>|\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
FILE = rf"(?!{RESERVED} *\.)[^.{_NEVER}][^{_NEVER}]{{{{0,100}}}}\.{{0}}"


def _file(suffix: str) -> Rule:
    """The rule for a file's name; figure.png is the run's own."""
    if suffix == "png":
        own = rf"(?!{_any_case('figure')}\.png$)"
        return matching(own + FILE.format(suffix), "a plain file name that ends in .png, but not figure.png")
    return matching(FILE.format(suffix), f"a plain file name that ends in .{suffix}")


SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?) ?(kB|MB)")
UNITS = {"kB": 1000, "MB": 1_000_000}


def file_size(text: str) -> int:
    """Bytes of a text such as ``2MB`` or ``500 kB``; 0 for any other."""
    found = SIZE.fullmatch(text)
    return int(float(found[1]) * UNITS[found[2]]) if found else 0


ROOM = Rule(
    "a number above 0 of up to 12 digits and its unit, kB or MB, such as 2MB",
    lambda text: file_size(text) > 0,
    schema={"pattern": f"^{SIZE.pattern}$"},
)


class OutputSize(NamedTuple):
    """Pictures made after the run, in the result folder."""

    max_size: Annotated[
        str | None, ROOM, "largest size of a file; a moving picture becomes smaller or gets fewer frames to fit"
    ] = None


def output_files() -> dict[str, Any]:
    """The keys of ``[output]`` that name a file: the suffix of each picture format; no format is loaded for this."""
    formats = listing.docstrings("errsurf.drawing.formats")
    words = {name: f"{text[:1].lower()}{text[1:].removesuffix('.')}" for name, text in formats.items()}
    return {name: Annotated[str | None, _file(name), text] for name, text in words.items()}


class SweepTable(NamedTuple):
    """What `errsurf sweep` varies, unless its options say otherwise; a run does not look at it."""

    vary: Annotated[
        Mapping[str, Any],
        VARIED,
        'keys as `--set` takes them, each with the values it takes: `"optimizer.lr" = "log:1e-3:1:13"`',
    ] = {}
    zip: Annotated[bool, "all keys take their next value together, instead of all combinations"] = False
    seeds: Annotated[int, Ge(1), Le(MOST_VALUES), "each combination runs with so many seeds, from `seed` on"] = 1


class Head(NamedTuple):
    """The keys of a scenario file outside [surface] and [[optimizer]]."""

    title: Annotated[str | None, Len(0, 200), OneLine, "shown above the picture; by default, the file's name"] = None
    about: Annotated[str, Len(0, 10_000), Lines, "what to see, in a few sentences"] = ""
    seed: Annotated[Seed, "seed of all random numbers"] = 0
    swarm: Annotated[Swarm, "the particles' starts, the same in every group"] = Swarm()
    run: Annotated[RunTable, "length, numbers, order of the examples and recorded frames"] = RunTable()
    picture: Annotated[Picture, "how the run is drawn"] = Picture()
    output: Annotated[Mapping[str, str], "pictures made after the run, in the result folder"] = {}
    sweep: Annotated[SweepTable, "what a sweep varies"] = SweepTable()


def variants(union: Any) -> dict[str, Any]:
    """The tables of a union by the one name that their first key takes."""
    first = {table: get_type_hints(table)[table._fields[0]] for table in get_args(union)}
    return {get_args(literal)[0]: table for table, literal in first.items()}
