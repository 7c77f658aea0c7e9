"""Which tables of examples kernels hold in vector registers, for which processors.

A gather instruction loads the numbers of its lanes one by one, a permutation picks them from registers.  With
permutations, and with whole registers, batches of 8 of 20 examples go 1.6 times as fast on ``wells`` and 2 times on
``linear_regression``, to the same bits.
"""

from collections.abc import Sequence
from typing import NamedTuple

from errsurf.engine.code_target import code_target

REGISTERS = 24
"""At most so many registers of a table are picked from in one loop over the lanes."""


class Permutation(NamedTuple):
    """An instruction whose lanes pick from ``inputs`` registers of ``lanes`` numbers each.

    With ``most`` examples it is still faster than a gather.
    """

    name: str
    lanes: int
    inputs: int
    most: int


PERMUTATIONS = {
    ("x86-64-v4", "float32"): Permutation("llvm.x86.avx512.vpermi2var.ps.512", 16, 2, 128),
    ("x86-64-v4", "float64"): Permutation("llvm.x86.avx512.vpermi2var.pd.512", 8, 2, 64),
    ("x86-64-v3", "float32"): Permutation("llvm.x86.avx2.permps", 8, 1, 32),
}
"""By the processor's level and the precision."""


def held_rows(examples: int, precision: str) -> int:
    """Rows, a power of two, of a table in registers that holds so many examples; 0 where examples are gathered."""
    how = PERMUTATIONS.get((code_target().level, precision))
    if how is None or examples > how.most:
        return 0
    return max(how.lanes * how.inputs, 1 << (examples - 1).bit_length())


def picked_source(precision: str, rows: int, held: Sequence[int], to: Sequence[int]) -> str:
    """The line of a kernel that makes ``picked`` by ``picked_columns``."""
    return (
        f"from errsurf.engine.hardware import picked_columns  # on {code_target().level}\n"
        f"picked = picked_columns({precision!r}, {rows}, {held}, {to})\n"
    )
