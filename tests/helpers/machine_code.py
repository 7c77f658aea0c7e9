"""Reads the machine code of kernels: which loops there are, and whether their arithmetic is packed.

As a program, ``machine_code.py surface/optimizer/precision ...`` compiles kernels into the cache folder
and keeps their texts, because numba shows no code of a kernel that it took from the cache.
"""

import os
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from errsurf.engine.cache_folder import cache_folder
from errsurf.engine.kernel_sources import loop_shape, update_kernels
from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import ClipNorm, ClipValue, Isotropic, Matched, Stable
from helpers.engine_cases import CASES, example_problem, kernels_of, optimizer_settings, run

Case = tuple[str, str, str]
# Particles, batch and sharing with which a run takes a kernel.
ENTRIES = {"own_updates": (20, 3, False), "shared_updates": (20, 3, True), "wide_updates": (2, 100, False)}
# What may stand around a rule: its name is followed by options, ``sgd+norm+recorded``.
OPTIONS: dict[str, dict[str, Any]] = {
    "norm": {"clip": ClipNorm("norm", 0.3)},
    "value": {"clip": ClipValue("value", 0.3)},
    "stable": {"noise": Stable("stable", 0.1, 1.5)},
    "isotropic": {"noise": Isotropic("isotropic", 0.1)},
    "matched": {"noise": Matched("matched", 2)},
    "recorded": {"watched": np.array([0, 1])},
}
WITH_OPTIONS = (
    ("quadratic_bowl", "sgd+norm+isotropic"),
    ("rosenbrock", "sgd+stable"),
    ("wells", "adam+value+matched+recorded"),
    ("rosenbrock", "sam+matched"),
)
LOOPS = [(*case, precision, f"{loop}_updates") for case in CASES for precision, loop in kernels_of(*case)]
LOOPS += [(*case, "float32", entry) for case in WITH_OPTIONS for entry in tuple(ENTRIES)[:2]]
KERNELS = LOOPS + [(*case, "float32", "wide_updates") for case in CASES[::6]]


class Code(NamedTuple):
    """A kernel as LLVM's optimized intermediate text and as assembly."""

    ir: str
    assembly: str


def module(case: Case, entry: str) -> Any:
    """The linked module of a surface, an optimizer and a precision, as runs of the test problems use it for a loop."""
    kind, named, precision = case
    problem, (rule, options) = example_problem(kind, 20), _rule_and_options(named)
    clip, noise = (options[name].kind if name in options else "" for name in ("clip", "noise"))
    chosen = Rule(optimizer(rule), clip, noise, recorded="watched" in options)
    shape = loop_shape(problem, chosen, precision, entry.removesuffix("_updates"))
    return update_kernels(f"{kind}_{rule}", problem.surface, chosen, precision, shape)


def _rule_and_options(named: str) -> tuple[str, dict[str, Any]]:
    rule, *names = named.split("+")
    return rule, {key: value for name in names for key, value in OPTIONS[name].items()}


def missing() -> list[Case]:
    """Modules with kernels whose code is not kept in the cache folder yet."""
    return sorted({kernel[:3] for kernel in KERNELS if not _is_kept(module(kernel[:3], kernel[3]), kernel[3])})


def kept_code(case: Case, entry: str) -> Code:
    """The code of a kernel, compiled if its text is not in the cache folder."""
    linked = module(case, entry)
    if not _is_kept(linked, entry):
        _keep(case, entry)
    return Code(*(file.read_text(encoding="utf-8") for file in _files(linked, entry)))


def code(kernel: Any) -> Code:
    """The code of a compiled function, compiled anew if it came from numba's cache."""
    import numba

    (signature,) = kernel.signatures
    if kernel.stats.cache_hits:
        options = {name: value for name, value in kernel.targetoptions.items() if name != "nopython"}
        kernel = numba.njit(**options)(kernel.py_func)
        kernel.compile(signature)
    return Code(kernel.inspect_llvm(signature), kernel.inspect_asm(signature))


def _keep(case: Case, entry: str) -> None:
    (kind, named, precision), (particles, size, shared) = case, ENTRIES[entry]
    rule, options = _rule_and_options(named)
    problem, plan = example_problem(kind, max(size, 20)), BatchPlan(max(size, 20), size)
    settings = optimizer_settings(rule)[0]
    options |= {"shared": shared, "precision": precision, "particles": particles}
    run(problem, rule, settings, plan, updates=1, **options)
    for file, text in zip(_files(module(case, entry), entry), code(getattr(module(case, entry), entry)), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _is_kept(linked: Any, entry: str) -> bool:
    return all(file.exists() for file in _files(linked, entry))


def _files(linked: Any, entry: str) -> tuple[Path, Path]:
    import llvmlite
    import numba
    from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

    chosen = [os.environ.get(name) for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_OPT")]
    machine = (numba.__version__, llvmlite.__version__, get_host_cpu_name(), get_host_cpu_features().flatten())
    place = cache_folder() / "code" / sha256(repr((machine, chosen)).encode()).hexdigest()[:16]
    return place / f"{linked.__name__}.{entry}.ll", place / f"{linked.__name__}.{entry}.s"


@dataclass
class Block:
    """A basic block: its lines and where it goes."""

    lines: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)


class Loop(NamedTuple):
    """An innermost loop of the intermediate text: the labels of its latches, its lines, its arithmetic."""

    latches: tuple[str, ...]
    lines: list[str]
    packed: list[str]
    scalar: list[str]
    calls: list[str]


ARITHMETIC = re.compile(r"= (?:fadd|fsub|fmul|fdiv|fneg|fptrunc|fpext) ")
INTRINSIC = re.compile(r"\bcall [^@]*@llvm\.(\w+)\.(v\d+)?f(?:32|64)")
# Intrinsics that become calls, one for each lane, even where they stand packed.
LIBM = re.compile(r"llvm\.(a?(sin|cos|tan)h?|atan2|sincos|powi?|exp\d*|log\d*|ldexp|frexp|modf)\.")
CALL = re.compile(r"\bcall [^@]*@([^\s(]+)")
LABEL = re.compile(r'^("[^"]+"|[\w.$-]+):')
TARGET = re.compile(r'label %("[^"]+"|[\w.$-]+)')


def function(ir: str, name: str) -> list[str]:
    """The lines of the function with this name, not those of its wrappers; of a kernel those of one block's updates."""
    bodies = re.findall(r"^define [^\n]*@([^\n]*?)\([^\n]*\n(.*?)^}", ir, re.MULTILINE | re.DOTALL)
    return [line for line in _named(bodies, name).splitlines() if line.strip()]


def _named(bodies: Iterable[tuple[str, str]], name: str) -> str:
    own = [(mangled, body) for mangled, body in bodies if not re.match(r'"?(_ZN7cpython|cfunc)', mangled)]
    # LLVM may put the one into the other.
    of_block = [body for mangled, body in own if name.replace("_updates", "_block") in mangled]
    (body,) = of_block or [body for mangled, body in own if name in mangled]
    return body


def innermost_loops(lines: Iterable[str]) -> list[Loop]:
    """The loops of a function that hold no other loop."""
    blocks = _blocks(lines)
    dominators = _dominators(blocks)
    before = _predecessors(blocks)
    loops: dict[str, tuple[set[str], set[str]]] = {}
    for latch, block in blocks.items():
        for header in block.next:
            if latch in dominators and header in dominators[latch]:
                latches, members = loops.setdefault(header, (set(), {header}))
                latches.add(latch)
                members |= _reaching(latch, header, before)
    inner = [h for h, (_, mine) in loops.items() if not any(o != h and o in mine for o in loops)]
    return [_loop(blocks, *loops[header]) for header in inner]


def _loop(blocks: dict[str, Block], latches: set[str], members: set[str]) -> Loop:
    lines = [line for label in blocks if label in members for line in blocks[label].lines]
    arithmetic = [line for line in lines if ARITHMETIC.search(line)]
    called = [(line, found[1]) for line in lines if (found := CALL.search(line))]
    calls = [line for line, name in called if not name.startswith("llvm.") or LIBM.match(name)]
    intrinsics = [(line, found[2]) for line in lines if (found := INTRINSIC.search(line))]
    packed = [line for line in arithmetic if " x " in line] + [line for line, vector in intrinsics if vector]
    scalar = [line for line in arithmetic if " x " not in line] + [line for line, vector in intrinsics if not vector]
    return Loop(tuple(sorted(latches)), lines, packed, scalar, calls)


def _blocks(lines: Iterable[str]) -> dict[str, Block]:
    """The blocks of a function in the order of the text, in which the first is where it begins."""
    blocks: dict[str, Block] = {}
    block = Block()
    for line in lines:
        if found := LABEL.match(line):
            block = blocks.setdefault(found[1], Block())
        else:
            block.lines.append(line)
            block.next += TARGET.findall(line)
    return blocks


def _predecessors(blocks: dict[str, Block]) -> dict[str, set[str]]:
    before: dict[str, set[str]] = {label: set() for label in blocks}
    for label, block in blocks.items():
        for target in block.next:
            before[target].add(label)
    return before


def _dominators(blocks: dict[str, Block]) -> dict[str, set[str]]:
    """For each block that can be reached, the blocks through which every way to it leads."""
    before = _predecessors(blocks)
    first = next(iter(blocks))
    reached, waiting = {first}, [first]
    while waiting:
        new = [target for target in blocks[waiting.pop()].next if target not in reached]
        reached.update(new)
        waiting += new
    dominators = {label: set(reached) for label in reached}
    dominators[first] = {first}
    changed = True
    while changed:
        changed = False
        for label in [label for label in blocks if label in reached and label != first]:
            new_set = set.intersection(*(dominators[b] for b in before[label] if b in reached)) | {label}
            if new_set != dominators[label]:
                dominators[label], changed = new_set, True
    return dominators


def _reaching(latch: str, header: str, before: dict[str, set[str]]) -> set[str]:
    members, waiting = {header}, [latch]
    while waiting:
        label = waiting.pop()
        if label not in members:
            members.add(label)
            waiting += before[label]
    return members


def vectorized(loop: Loop, ir: str) -> bool:
    """Whether LLVM marked a loop as what its vectorizer made, or left for the rest of the lanes.

    The unroller splits a few rounds off such a rest; they carry its label and the ending .prol or .epil.
    """
    marked = set(re.findall(r'^(!\d+) = [^\n]*!"llvm\.loop\.isvectorized"', ir, re.MULTILINE))
    loops = dict(re.findall(r"^(!\d+) = distinct (!\{[^\n]*)", ir, re.MULTILINE))

    def by_vectorizer(line: str) -> bool:
        tag = re.search(r"!llvm\.loop (!\d+)", line)
        return tag is not None and bool(marked & set(re.findall(r"!\d+", loops[tag[1]])))

    if any(by_vectorizer(line) for line in loop.lines):
        return True
    whole = {re.sub(r"\.(prol|epil)(?=$|\.)", "", latch) for latch in loop.latches} - set(loop.latches)
    branches = re.findall(r'^("[^"]+"|[\w.$-]+):[^\n]*\n(.*?)(?=^\S|\Z)', ir, re.MULTILINE | re.DOTALL)
    return any(by_vectorizer(body) for label, body in branches if label in whole)


def lane_loops(ir: str, name: str) -> list[Loop]:
    """The innermost loops of a kernel that do arithmetic with fractions or call a function."""
    return [loop for loop in innermost_loops(function(ir, name)) if loop.packed or loop.scalar or loop.calls]


OPERATION = re.compile(r"^v?(?:fn?m(?:add|sub)(?:132|213|231)|mul|add|sub|div|sqrt|min|max)([ps])([sd])$")


def assembly_function(assembly: str, name: str) -> str:
    """The assembly of the function with this name, not that of its wrappers."""
    pattern = r"^((?!\.)\S+):[^\n]*\n(.*?)^\s*\.(?:size|cfi_endproc|seh_endproc)\b"
    bodies = re.findall(pattern, assembly, re.MULTILINE | re.DOTALL)
    return _named(bodies, name)


def assembly_loops(assembly: str) -> list[tuple[int, int, list[str]]]:
    """Packed and scalar operations on fractions, and calls, in each stretch that ends in a jump to its beginning."""
    labels: dict[str, int] = {}
    lines: list[str] = []
    for line in (line.strip() for line in assembly.splitlines()):
        if found := re.match(r"([.\w$]+):", line):
            labels[found[1]] = len(lines)
        elif line and not line.startswith((".", "#")):
            lines.append(line)
    jumps = [(k, re.match(r"j\w+\s+([.\w$]+)", line)) for k, line in enumerate(lines)]
    spans = sorted({(labels[to[1]], k) for k, to in jumps if to and labels.get(to[1], k + 1) <= k})
    inner = [s for s in spans if not any(o != s and s[0] <= o[0] and o[1] <= s[1] for o in spans)]
    return [_operations(lines[first : last + 1]) for first, last in inner]


def _operations(lines: list[str]) -> tuple[int, int, list[str]]:
    kinds = [found[1] for line in lines if (found := OPERATION.match(line.split()[0]))]
    return kinds.count("p"), kinds.count("s"), [line for line in lines if line.startswith("call")]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for chosen in sys.argv[1:]:
        for *here, entry_name in KERNELS:
            if "/".join(here) == chosen:
                _keep((here[0], here[1], here[2]), entry_name)
