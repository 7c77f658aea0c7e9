"""The loops that write random things into lanes: which example in each slot, and normal numbers.

Linked like templates.py.

``index`` (slots, lanes) is filled for particles ``particle``, ``particle + 1``, ...; ``words`` and
``rows`` are scratch.  What is computed, and why, is said in simulator/sampling.py.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def fill_order(index, kind, first_slot, count, side_a, side_b, particle, key, words, rows):
    """The example of every slot from ``first_slot`` on, slots counted over all epochs."""
    first = 0
    while first < index.shape[0]:
        epoch, slot = divmod(first_slot + first, count)
        last = min(count, slot + index.shape[0] - first)
        here = index[first:]
        if kind == 2:
            replaced(here, slot, last, count, words, epoch, particle, key)
        elif count <= SMALL:
            shuffled(here, slot, last, count, words, rows, epoch * (1 - kind), particle, key)
        else:
            networked(here, slot, last, count, side_a, side_b, words, epoch * (1 - kind), particle, key)
        first += last - slot


def random_words(words, quads, first_quad, epoch, particle, key):
    """Words of counters ``first_quad``, ... into words (4 quads, lanes)."""
    for quad in range(quads):
        for lane in range(words.shape[1]):
            w0, w1, w2, w3 = philox(
                uint64(first_quad + quad),
                uint64(epoch),
                uint64(particle + lane),
                uint64(ORDER),
                uint64(key[0]),
                uint64(key[1]),
            )
            words[4 * quad, lane] = w0
            words[4 * quad + 1, lane] = w1
            words[4 * quad + 2, lane] = w2
            words[4 * quad + 3, lane] = w3


def replaced(index, slot, last, count, words, epoch, particle, key):
    """Slots ``slot`` to ``last`` of one epoch, drawn with replacement."""
    for quad in range(slot // 4, (last + 3) // 4):
        random_words(words, int64(1), quad, epoch, particle, key)
        for at in range(max(slot, 4 * quad), min(last, 4 * quad + 4)):
            for lane in range(words.shape[1]):
                index[at - slot, lane] = below(uint64(words[at & 3, lane]), uint64(count))


def shuffled(index, slot, last, count, words, rows, epoch, particle, key):
    """Slots of one epoch by the shuffle of Fisher and Yates, four particles abreast."""
    random_words(words, (last + 3) // 4, int64(0), epoch, particle, key)
    for lane in range(0, words.shape[1], 4):
        for k in range(count):
            for row in range(0, 4 * SMALL, SMALL):
                rows[row + k] = k
        for at in range(last):
            left = uint64(count - at)
            for row in range(4):
                here = SMALL * row + at
                swap = here + int(below(uint64(words[at, lane + row]), left))
                taken = rows[swap]
                rows[swap] = rows[here]
                rows[here] = taken
                if at >= slot:
                    index[at - slot, lane + row] = taken


def networked(index, slot, last, count, side_a, side_b, words, epoch, particle, key):
    """Slots of one epoch by the Feistel network, and a walk for the few that leave the examples."""
    random_words(words, int64(2), int64(0), epoch, particle, key)
    a, b = uint32(side_a), uint32(side_b)
    for at in range(slot, last):
        row = index[at - slot]
        left, right = uint32(at // side_b), uint32(at % side_b)
        for lane in range(row.size):
            new_left, new_right = feistel(left, right, a, b, round_keys(words, lane))
            row[lane] = new_left * b + new_right
        outside = 0
        for lane in range(row.size):
            outside += row[lane] >= count
        if outside > 0:
            for lane in range(row.size):
                while row[lane] >= count:
                    left_out, right_out = uint32(row[lane] // side_b), uint32(row[lane] % side_b)
                    new_left, new_right = feistel(left_out, right_out, a, b, round_keys(words, lane))
                    row[lane] = new_left * b + new_right


def fill_normal(normal, first_update, particle, stream, key):
    """Two normal numbers of every update and lane into normal (updates, 2, lanes)."""
    for u in range(normal.shape[0]):
        for lane in range(normal.shape[2]):
            w0, w1, _, _ = philox(
                uint64(first_update + u),
                uint64(0),
                uint64(particle + lane),
                uint64(stream),
                uint64(key[0]),
                uint64(key[1]),
            )
            z0, z1 = box_muller(fraction(w0), fraction(w1))
            normal[u, 0, lane] = z0
            normal[u, 1, lane] = z1
