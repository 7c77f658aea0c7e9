"""Orders of examples that several groups use: computed for the first group, read by the others.

Groups advance together, some updates each.  What the first of them draws for a block of particles is kept until all
have made these updates, as far as ORDER_BYTES suffice.
"""

from dataclasses import dataclass, field

from errsurf.engine import aligned
from errsurf.engine.random_lanes import Indices, Order, Scratch, fill_order, index_type

ORDER_BYTES = 1 << 25
BEHIND = 256
"""A group with other batches may be so many slots behind the first one."""


@dataclass
class Window:
    """Indices (slots, lanes) of one block: those from slot ``first`` up to ``until`` are filled."""

    index: Indices
    first: int
    until: int


@dataclass
class KeptOrders:
    """The indices of all blocks for an order, at most ``size`` bytes of them a block."""

    order: Order
    size: int
    windows: dict[tuple[int, int], Window] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget what is kept, but not the memory, which costs as much as filling it."""
        for window in self.windows.values():
            window.first = window.until = -1

    def examples(
        self, particle: int, lanes: int, first_slot: int, slots: int, scratch: Scratch | None
    ) -> Indices | None:
        """Indices (slots, lanes) of the particles of a block, drawn only once; None where there is no room for them."""
        window = self.windows.get((particle, lanes)) or self._add(particle, lanes)
        if window.first < 0:
            window.first = window.until = first_slot - first_slot % min(self.order.used, BEHIND)
        begin, end = first_slot - window.first, first_slot + slots - window.first
        if begin < 0 or end > len(window.index):
            return None
        if window.first + end > window.until:
            fill_order(self.order, window.index[window.until - window.first : end], particle, window.until, scratch)
            window.until = window.first + end
        return window.index[begin:end]

    def _add(self, particle: int, lanes: int) -> Window:
        kind = index_type(self.order.examples)
        made = Window(aligned.empty((self.size // (lanes * kind().itemsize), lanes), kind), -1, -1)
        return self.windows.setdefault((particle, lanes), made)
