"""What the CPU's kernels are compiled for."""

from typing import NamedTuple

LEVELS = {
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    "x86-64-v3": ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"),
    "x86-64-v2": ("cx16", "popcnt", "sahf", "sse4.2", "ssse3"),
}
"""Levels of the x86-64 psABI and the features that each adds, from the highest one down."""


class CodeTarget(NamedTuple):
    """The processor that LLVM compiles for, by its name there, and its level: which vector instructions are used."""

    processor: str
    level: str


def code_target() -> CodeTarget:
    """The processor of this machine, or the one that NUMBA_CPU_NAME and NUMBA_CPU_FEATURES ask for."""
    from numba.core.registry import cpu_target

    triple, name, told = cpu_target.target_context.codegen().magic_tuple()
    return CodeTarget(name, _level(triple.partition("-")[0], frozenset(told.split(","))))


def _level(machine: str, told: frozenset[str]) -> str:
    """The highest level whose features, and those of the levels below it, are all told."""
    if machine != "x86_64":
        return f"{machine} with sve" if "+sve" in told else machine
    levels = list(LEVELS)
    for k, level in enumerate(levels):
        if all(f"+{feature}" in told for below in levels[k:] for feature in LEVELS[below]):
            return level
    return "x86-64-v1"
