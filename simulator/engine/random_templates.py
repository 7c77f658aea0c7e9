"""Loops that write random numbers into lanes: the example of each slot, and normal numbers.

Linked like templates.py.

``index`` (slots, lanes) is filled for particles ``particle``, ``particle + 1``, ...; ``words`` and ``digits`` or
``halves`` are scratch, rows of LANES numbers in one flat array: at constant distances LLVM needs no checks for
aliasing, which fail over several rows.  What is computed, and why, is said in simulator/sampling/orders.py.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def fill_order(index, once, first_slot, used, count, network, particle, key, words, scratch):
    """The example of every slot from ``first_slot`` on, by one of the loops below; epochs have ``used`` slots each."""
    first = 0
    while first < index.shape[0]:
        epoch, slot = divmod(first_slot + first, used)
        last = min(used, slot + index.shape[0] - first)
        fill_slots(index[first:], slot, last, count, network, words, scratch, epoch * (1 - once), particle, key)
        first += last - slot


def fill_orders(index, once, first_slot, used, count, network, particle, key, words, scratch):
    """The same for blocks of particles that follow each other: ``index`` is (blocks, slots, lanes)."""
    for k in range(index.shape[0]):
        at = particle + k * index.shape[2]
        fill_order(index[k], once, first_slot, used, count, network, at, key, words, scratch)


def random_words(words, width, first_quad, quads, epoch, particle, key):
    """Words of counters ``first_quad``, ... into rows of words."""
    for quad in range(quads):
        four = words[4 * LANES * quad :]
        for lane in range(width):
            w0, w1, w2, w3 = philox(
                uint64(first_quad + quad),
                uint64(epoch),
                uint64(particle + lane),
                uint64(ORDER),
                uint64(key[0]),
                uint64(key[1]),
            )
            four[lane] = w0
            four[LANES + lane] = w1
            four[2 * LANES + lane] = w2
            four[3 * LANES + lane] = w3


def replaced(index, slot, last, count, _network, words, _scratch, epoch, particle, key):
    """Slots ``slot`` to ``last`` of one epoch, drawn with replacement."""
    width = index.shape[1]
    for quad in range(slot // 4, (last + 3) // 4):
        random_words(words, width, quad, int64(1), epoch, particle, key)
        for at in range(max(slot, 4 * quad), min(last, 4 * quad + 4)):
            row = index[at - slot]
            drawn = words[(at & 3) * LANES :]
            for lane in range(width):
                row[lane] = below(uint64(drawn[lane]), uint64(count))


# About N / 2 comparisons an index, but of bytes, 64 at a time, and no load waits for a store: 0.32 ns an index for
# 20 examples, where the shuffle of Fisher and Yates takes 2.5 ns on the same core.
def shuffled(index, slot, last, count, _network, words, digits, epoch, particle, key):
    """Slots of one epoch from a Lehmer code, its digits first, then four slots at a time."""
    width = index.shape[1]
    random_words(words, width, int64(0), (last + 7) // 8, epoch, particle, key)
    for pair in range((last + 1) // 2):
        drawn, two = words[pair * LANES :], digits[2 * LANES * pair :]
        for lane in range(width):
            two[lane], two[LANES + lane] = two_digits(uint64(drawn[lane]), uint64(count - 2 * pair))
    for four in range(slot // 4, (last + 3) // 4):
        first = max(4 * four, slot)
        four_slots(index[first - slot : min(4 * four + 4, last) - slot], width, first, four, digits)


def four_slots(rows, width, first, four, digits):
    """The examples of slots ``first``, ... of a four.

    They go together through the earlier fours: independent passes over the lanes follow each other, where those
    of one slot would wait for each other.
    """
    for k in range(rows.shape[0]):
        row, own = rows[k], digits[(first + k) * LANES :]
        for lane in range(width):
            row[lane] = own[lane] + uint8(1)
        for before in range(first + k - 4 * four):
            earlier = digits[(first + k - 1 - before) * LANES :]
            for lane in range(width):
                row[lane] = ranked(uint8(row[lane]), earlier[lane])
    for before in range(four):
        earlier = digits[4 * (four - 1 - before) * LANES :]
        for k in range(rows.shape[0]):
            row = rows[k]
            for lane in range(width):
                number = ranked(uint8(row[lane]), earlier[3 * LANES + lane])
                number = ranked(number, earlier[2 * LANES + lane])
                number = ranked(number, earlier[LANES + lane])
                row[lane] = ranked(number, earlier[lane])
    for k in range(rows.shape[0]):
        row = rows[k]
        for lane in range(width):
            row[lane] -= uint8(1)


# In 16-bit lanes, 0.3 to 0.4 ns an index.
def networked(index, slot, last, count, network, words, halves, epoch, particle, key):
    """Slots of one epoch by the Feistel network, and a walk for the few that leave the examples.

    ``halves`` holds rows of 16-bit numbers: left, right, both sides, then four keys a double round.  A side that is
    loaded is known to have 16 bits, which makes its product a packed one.
    """
    double_rounds, side_a, side_b = network
    width, wide = index.shape[1], uint32(side_b)
    random_words(words, width, int64(0), (double_rounds + 1) // 2, epoch, particle, key)
    for lane in range(width):
        halves[2 * LANES + lane], halves[3 * LANES + lane] = side_a, side_b
    for word in range(2 * double_rounds):
        drawn, keys = words[word * LANES :], halves[(4 + 2 * word) * LANES :]
        for lane in range(width):
            keys[lane], keys[LANES + lane] = drawn[lane], drawn[lane] >> uint32(16)
    for at in range(slot, last):
        row, left, right = index[at - slot], uint16(at // side_b), uint16(at % side_b)
        for lane in range(width):
            halves[lane], halves[LANES + lane] = left, right
        passed(halves, double_rounds, width)
        for lane in range(width):
            row[lane] = uint32(uint32(halves[lane]) * wide) + uint32(halves[LANES + lane])
        while largest(row) >= count:
            passed(halves, double_rounds, width)
            for lane in range(width):
                image = uint32(uint32(halves[lane]) * wide) + uint32(halves[LANES + lane])
                row[lane] = image if row[lane] >= count else row[lane]


def largest(row):
    """The largest number of a row."""
    most = row[0]
    for lane in range(row.size):
        most = row[lane] if row[lane] > most else most
    return most


def fill_uniform(uniform, first_update, particle, stream, key):
    """Two numbers in (0, 1) of every update and lane (updates, 2, lanes), beside the stream's normal ones."""
    for u in range(uniform.shape[0]):
        for lane in range(uniform.shape[2]):
            _, _, w2, w3 = philox(
                uint64(first_update + u),
                uint64(0),
                uint64(particle + lane),
                uint64(stream),
                uint64(key[0]),
                uint64(key[1]),
            )
            uniform[u, 0, lane] = fraction(w2)
            uniform[u, 1, lane] = fraction(w3)


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
