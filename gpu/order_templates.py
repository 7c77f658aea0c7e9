"""Which example a particle sees in a slot, found by the thread that needs it.

Linked like templates.py; simulator/sampling/orders.py says what is computed, and why.  At the beginning of an epoch all
threads of a particle call one of the ``begin_...``; what it returns goes with every slot of that epoch.

Digits of a Lehmer code are in shared memory, the network's keys in registers, where half a double round takes 8
instructions.  Four draws with replacement come from one counter.
"""

# mypy: ignore-errors
# ruff: noqa: ARG001, F821


def begin_in_turn(epoch, seen, key_0, key_1, examples, digits, first, stride, part, lanes):
    """Full batch: examples as they stand."""
    return uint32(0)


def begin_shuffled(epoch, seen, key_0, key_1, examples, digits, first, stride, part, lanes):
    """The digits of the epoch's Lehmer code, ``stride`` bytes apart, from all threads of the particle."""
    cuda.syncthreads()
    quad = uint32(part)
    while 8 * quad < examples:
        words = philox(uint64(quad), epoch, seen, uint64(ORDER), key_0, key_1)
        for k in range(4):
            slot = 8 * quad + 2 * k
            if slot < examples:
                one, two = two_digits(words[k], uint64(uint32(examples - slot)))
                digits[uint32(first + stride * slot)] = one
                if slot + 1 < examples:
                    digits[uint32(first + stride * (slot + 1))] = two
        quad = uint32(quad + lanes)
    cuda.syncthreads()
    return uint32(first), uint32(stride)


def example_shuffled(order, digits, slot, examples):
    """The number that the slot's digit counts off among the examples that the slots before it left."""
    place = uint32(order[0] + order[1] * slot)
    number = uint32(digits[place] + uint32(1))
    while place != order[0]:
        place = uint32(place - order[1])
        number = ranked(number, uint32(digits[place]))
    return uint32(number - uint32(1))


def begin_networked(epoch, seen, key_0, key_1, examples, digits, first, stride, part, lanes):
    """The keys of the epoch's network, which every thread keeps."""
    return network_keys(epoch, seen, key_0, key_1)


def example_networked(order, digits, slot, examples):
    """The image of the slot, or of its image, until it is an example."""
    at = network_image(order, slot)
    while at >= examples:
        at = network_image(order, at)
    return at


def feistel_round(half, other, word, side):
    """A line of ``sampling.turned`` by the two keys of a word.

    Numbers of 16 bits stand in the upper halves of words, where products lose what does not belong to them.
    """
    mixed = uint32(uint32(other + word) * uint32(MIX_1))
    mixed = uint32((mixed ^ (mixed >> uint32(7)) ^ word) & uint32(0xFFFF0000))
    mixed = uint32(mixed * uint32(MIX_2))
    total = uint32(half + uint32((uint64(mixed) * uint64(side)) >> uint64(32)))
    return least(total, uint32(total - side))


def begin_replaced(epoch, seen, key_0, key_1, examples, digits, first, stride, part, lanes):
    """What the words of a quad follow from."""
    return epoch, seen, key_0, key_1
