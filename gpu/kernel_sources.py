"""Which sources make up a CUDA kernel: those of the CPU's, for one lane, with the loops of this folder around them.

Small tables lie in shared memory with an odd stride, large ones by column where examples come in turn.  Terms and
settings are arguments of the kernel, which are constant memory.
"""

from itertools import cycle
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.kernel_sources import UNROLLED, Rows, Shape, add_update, added_up, block_rows
from errsurf.engine.link import Sources, linked
from errsurf.engine.patch_sources import add_patches
from errsurf.engine.random_lanes import add_normal
from errsurf.engine.region_sources import has_level, passage_rows
from errsurf.engine.rule import Rule
from errsurf.engine.rule_sources import derivatives
from errsurf.gpu import order_templates, templates
from errsurf.gpu.target import CUDA
from errsurf.sampling import orders as sampling
from errsurf.sampling import philox
from errsurf.sampling.philox import LOW, Stream
from errsurf.surfaces import Surface
from errsurf.surfaces.shared.examples import example_fields
from errsurf.surfaces.shared.record import Lookup

WARP, BLOCK = 32, 128
SUMS = {"in_turn": templates.sum_in_turn, "replaced": templates.sum_replaced}


class Loop(NamedTuple):
    """How the threads of a particle find and share examples.

    ``order`` is how examples are found: "in_turn", "shuffled", "networked" or "replaced", ``examples`` how many there
    are, 0 where the kernel does not depend on it.  Threads of ``wide`` particles are in several warps; ``near`` tables
    are copied into shared memory.
    """

    order: str
    examples: int
    wide: bool
    near: bool


class TableLayout(NamedTuple):
    """A table of numbers: its ``columns``; ``apart`` is 1 if those of an example stand together, ``stride`` apart."""

    columns: tuple[int, ...]
    apart: int
    stride: int


def loop_of(kind: str, examples: int, *, full: bool, wide: bool, near: bool) -> Loop:
    """The loop for an order of examples."""
    if full:
        return Loop("in_turn", 0, wide, near)
    if kind == "replacement":
        return Loop("replaced", 0, wide, near)
    if examples <= sampling.SMALL:
        return Loop("shuffled", 0, wide, near)
    return Loop("networked", examples, wide, near)


def update_kernel(name: str, surface: Surface, rule: Rule, precision: str, shape: Shape, loop: Loop) -> Any:
    """The module with the kernel ``updates`` for this surface, rule and loop."""
    sources, rows = Sources(CUDA), block_rows(rule, shape, surface.lookup)
    columns = len(example_fields(surface))
    add_update(sources, surface, rule, precision, shape, 1, flat=True)
    lookup = added_up(rule, surface.lookup)
    sources.add("ROWS", f"ROWS = {sum(map(len, rows))}\nORDER = {int(Stream.ORDER)}\n")
    sources.add_formula(philox.philox, "philox", "uint64")
    _add_table(sources, columns, table_layout(columns, shape, loop), loop)
    _add_order(sources, loop)
    _add_sums(sources, rule, rows, lookup, loop)
    _add_normal(sources, rule, precision)
    _add_state(sources, rule, rows)
    for part in (templates.batches_left, templates.record_position, templates.watched_place):
        sources.add_plain(part)
    most = most_threads(precision, surface)
    threads, blocks = (most, 1) if loop.wide else (BLOCK, most // BLOCK)
    sources.add("compiled", f"compiled = kernel({threads}, {blocks})\n")
    watched = _add_regions(sources, rule, loop) if rule.regions else {"observe": "", "note_passages": ""}
    sources.add_plain(templates.updates, "compiled", renamed=watched)
    return linked(f"cuda_{name}", precision, tuple(sources.values()), CUDA)


# Wells with sgd and with adam take at most 64 registers, as nvJitLink counts them for sm_90.
def most_threads(precision: str, surface: Surface) -> int:
    """Threads of a multiprocessor whose state fits its 65,536 registers: 64 for each thread, or twice as many."""
    return 512 if precision == "float64" or surface.lookup else 1024


def state_rows(rule: Rule) -> int:
    """Numbers of a particle that are kept between launches: those that ``packed`` of engine/state_layout.py gives."""
    rows = block_rows(rule, Shape(1, ()))
    return 3 + len(rows.recorded) + len(rows.memory) + len(rows.passage)


def table_layout(columns: int, shape: Shape, loop: Loop) -> TableLayout:
    """Where the columns that differ stand; neighbours read neighbours where examples come in turn."""
    kept = shape.varying or tuple(range(min(1, columns)))
    if loop.near:
        return TableLayout(kept, 1, len(kept) | 1)
    return TableLayout(kept, 0, 1) if loop.order == "in_turn" else TableLayout(kept, 1, len(kept))


def laid_out(table: NDArray[Any], layout: TableLayout) -> NDArray[Any]:
    """The flat table of numbers that a kernel reads, of an example table (examples, columns)."""
    kept = table[:, layout.columns]
    if layout.apart == 0:
        return np.ascontiguousarray(kept.T).ravel()
    padded = np.zeros((len(kept), layout.stride), table.dtype)
    padded[:, : kept.shape[1]] = kept
    return padded.ravel()


def _add_table(sources: Sources, columns: int, layout: TableLayout, loop: Loop) -> None:
    """How an example is read; columns that are the same for all are one number."""
    place = {
        column: f"uint64(at) + uint64({k})" if layout.apart else f"uint32(at + uint32({k}) * examples)"
        for k, column in enumerate(layout.columns)
    }
    items = [f"table[{place[k]}]" if k in place else f"first[{k}]" for k in range(columns)]
    sources.add_inlined("fixed_example(row)", f"return Example({', '.join(f'row[{k}]' for k in range(columns))})")
    sources.add_inlined(
        "read_example(table, first, index, examples)",
        f"at = uint32(index * uint32({layout.stride}))",
        f"return Example({', '.join(items)})",
    )
    if loop.near:
        sources.add_plain(templates.near, name="kept_table")
    else:
        sources.add_inlined("kept_table(table, rows)", "return table")
    sources.add_inlined("digits_begin(table)", f"return {'table.size * table.itemsize' if loop.near else '0'}")


def _add_order(sources: Sources, loop: Loop) -> None:
    """Where examples are found."""
    if loop.order == "shuffled":
        sources.add_formula(sampling.digits, "two_digits", "uint64")
        sources.add_formula(sampling.ranked, "ranked", "uint32")
    if loop.order == "networked":
        _add_network(sources, loop.examples)
    if loop.order == "replaced":
        sources.add_formula(sampling.below, "below", "uint64")
    elif loop.order == "in_turn":
        sources.add("TOGETHER", f"TOGETHER = {UNROLLED}\n")
    else:
        sources.add_plain(getattr(order_templates, f"example_{loop.order}"), name="example_at")
    sources.add_plain(getattr(order_templates, f"begin_{loop.order}"), name="begin_epoch")


def _add_network(sources: Sources, examples: int) -> None:
    """The rounds of the Feistel network written out, its sides as constants."""
    a, b = sampling.sides(examples)
    words = 2 * sampling.double_rounds(a)
    sources.add("MIX_1", f"MIX_1, MIX_2 = {sampling.MIX_1 << 16 & LOW}, {sampling.MIX_2}\n")
    sources.add_plain(order_templates.feistel_round)
    made = [f"w{4 * quad + k}" for quad in range(-(-words // 4)) for k in range(4)]
    sources.add_inlined(
        "network_keys(epoch, seen, key_0, key_1)",
        *(
            f"{', '.join(made[k : k + 4])} = philox(uint64({k // 4}), epoch, seen, uint64(ORDER), key_0, key_1)"
            for k in range(0, len(made), 4)
        ),
        f"return ({', '.join(f'uint32({word})' for word in made[:words])},)",
    )
    ways = (("left", "right", a), ("right", "left", b))
    rounds = [
        f"{x} = feistel_round({x}, {y}, keys[{k}], uint32({side}))"
        for k, (x, y, side) in zip(range(words), cycle(ways))
    ]
    sources.add_inlined(
        "network_image(keys, at)",
        f"left = uint32(at // uint32({b}))",
        f"right = uint32(at - uint32(left * uint32({b})))",
        *rounds,
        f"return uint32(uint32(left * uint32({b})) + right)",
    )


def _add_sums(sources: Sources, rule: Rule, rows: Rows, lookup: Lookup | None, loop: Loop) -> None:
    """What a batch adds up in registers, and how the threads of a particle put their sums together."""
    if lookup:
        add_patches(sources, lookup, derivatives(rule))
        first, count = f"PATCH + {len(rows.patch) - lookup.side**2}", lookup.side**2
        sources.add_inlined(
            "begin_sums(s, first, terms)", "place_patches(s, 1, first, terms)", "return patch_place(s, 0), no_patch()"
        )
        sources.add_inlined("with_example(sums, s, place, e, terms)", "return with_patch(sums, e, place, terms)")
        after = "evaluate_patches(s, 1, first)"
    else:
        first, count, after = "SUM", len(rows.sum), "return"
        plus = ", ".join(f"sums[{k}] + values[{k}]" for k in range(count))
        sources.add_inlined("begin_sums(s, first, terms)", f"return 0, ({'real(0), ' * count})")
        sources.add_inlined(
            "with_example(sums, s, place, e, terms)",
            "values = example_sums(s[AT_X], s[AT_Y], e, terms)",
            f"return ({plus})",
        )
    places = [f"s[{first} + {k}]" for k in range(count)]
    sources.add("EXCHANGED", f"EXCHANGED = {count}\n")
    sources.add_plain(templates.warp_sum)
    lines = [
        f"{place} = warp_sum(sums[{k}], {'uint32(5)' if loop.wide else 'shift'})" for k, place in enumerate(places)
    ]
    if loop.wide:
        lines += _between_warps(places)
    sources.add_inlined("end_sums(s, sums, first, shift, room)", *lines, after)
    sources.add_plain(SUMS.get(loop.order, templates.sum_examples), name="sum_batch")


def _between_warps(places: list[str]) -> list[str]:
    """The sums of a particle's warps, through shared memory; every warp adds them up anew, in the same order."""
    return [
        "thread = cuda.threadIdx.x",
        "cuda.syncthreads()",
        "if uint32(thread & 31) == 0:",
        *(f"    room[{k}, uint32(thread >> 5)] = {place}" for k, place in enumerate(places)),
        "cuda.syncthreads()",
        "here = uint32(thread & 31)",
        "kept = here < uint32(cuda.blockDim.x >> 5)",
        *(f"{place} = warp_sum(room[{k}, here] if kept else real(0), uint32(5))" for k, place in enumerate(places)),
    ]


def _add_regions(sources: Sources, rule: Rule, loop: Loop) -> dict[str, str]:
    """What compares the particle's position with regions; the names by which the loop of updates calls it."""
    sources.add("PASSAGES", f"PASSAGES = {len(passage_rows(rule.regions))}\n")
    losses = ""
    if has_level(rule.regions):
        losses = "sum_losses"
        lines = [f"s[LOSS] = warp_sum(loss, {'uint32(5)' if loop.wide else 'shift'})"]
        lines += _between_warps(["s[LOSS]"]) if loop.wide else []
        sources.add_inlined("end_losses(s, loss, shift, room)", *lines, "return")
        sources.add_plain(templates.sum_losses)
    sources.add_plain(templates.observe, renamed={"sum_losses": losses})
    sources.add_plain(templates.note_passages)
    return {}


def _add_normal(sources: Sources, rule: Rule, precision: str) -> None:
    """Random numbers of an update, where the rule or noise on the gradient needs them."""
    lines = []
    for row, stream, used in ((0, Stream.NOISE, rule.noise), (2, Stream.RULE, rule.optimizer.takes("normal"))):
        if used:
            lines += [
                f"w0, w1, w2, w3 = philox(update, uint64(0), particle, uint64({int(stream)}), key_0, key_1)",
                f"normal[{row}, 0], normal[{row + 1}, 0] = box_muller(fraction(w0), fraction(w1))",
            ]
        if stream is Stream.NOISE and rule.noise == "stable":
            lines += ["normal[4, 0], normal[5, 0] = fraction(w2), fraction(w3)"]
    if lines:
        add_normal(sources, precision)
    sources.add_inlined("draw(normal, update, particle, key_0, key_1)", *lines, "return")


def _add_state(sources: Sources, rule: Rule, rows: Rows) -> None:
    """Where the rows that are kept between launches, and those of recorded parts, come from and go to."""
    kept = [0, 1, 2, *range(rows.first("recorded"), rows.first("loss"))]
    sources.add_inlined(
        "load_state(s, state, at)", *(f"s[{row}] = state[{k}, at]" for k, row in enumerate(kept)), "return"
    )
    stores = [f"    state[{k}, at] = s[{row}]" for k, row in enumerate(kept)]
    sources.add_inlined("store_state(s, state, at, writes)", "if writes:", *stores)
    recorded = range(rows.first("recorded"), rows.first("recorded") + len(rows.recorded) + len(rows.memory))
    watch = [f"    parts[frame, uint32(place), {k}] = s[{row}]" for k, row in enumerate(recorded)]
    lines = ["if place >= 0:", *watch] if rule.recorded else ["return"]
    sources.add_inlined("record_parts(s, parts, frame, place)", *lines)
