"""The sources of an update: a rule and its wrappers, reading their numbers from arrays, and what surrounds them."""

from collections.abc import Iterator, Sequence
from inspect import signature
from typing import Any

from errsurf.engine.link import Sources
from errsurf.engine.region_sources import number_names
from errsurf.engine.rule import Rule, constants_type, memory_of, memory_rows
from errsurf.optimizers import Hessian, Optimizer, Pair
from errsurf.settings import gradient_options
from errsurf.settings.gradient_options import Numbers
from errsurf.wrappers import Wrapper

SECOND = ("xx", "xy", "yy")


def summed(rule: Rule) -> tuple[str, ...]:
    """Names of what is summed over the examples of a batch."""
    second = SECOND if rule.optimizer.takes("curvature") else ()
    products = ("gx_gx", "gx_gy", "gy_gy") if rule.noise == "matched" else ()
    return ("gx", "gy", *second, *products)


def derivatives(rule: Rule) -> tuple[str, ...]:
    """Which derivatives of an example's loss a rule needs."""
    return ("gradient", "hessian") if rule.optimizer.takes("curvature") else ("gradient",)


def add_rule(sources: Sources, rule: Rule, precision: str) -> None:
    """Add the rule and its wrappers, the gradient that they get, and what is kept of an update."""
    sources.add_tuple("Pair", Pair._fields)
    sources.add_tuple("Hessian", Hessian._fields)
    _add_parts(sources, rule, precision)
    _add_loads(sources, rule)
    _add_stores(sources, rule)
    sources.add_inlined("apply_rule(s, lane, gx, gy, constants, settings, normal)", *_steps(rule))
    _add_preprocessing(sources, rule, precision)
    _add_probe(sources, rule.optimizer, precision)


def _add_parts(sources: Sources, rule: Rule, precision: str) -> None:
    """The functions and named tuples of each part; those of wrapper k begin with ``w<k>_``."""
    for k, part in enumerate(rule.parts):
        mine = _mine(k)
        functions = {"update": part.update} if isinstance(part, Optimizer) else {}
        if isinstance(part, Wrapper):
            functions = {name: made for name in ("before", "after") if (made := getattr(part, name))}
        for name, function in functions.items():
            sources.add_formula(function, mine + name, precision, mine)
        sources.add_tuple(f"{mine}Memory", part.memory._fields)
        sources.add_tuple(f"{mine}StepConstants", constants_type(part)._fields)
        sources.add_tuple(f"{mine}Settings", part.settings._fields)


def _add_loads(sources: Sources, rule: Rule) -> None:
    """Constants and settings of all parts, as tuples of named tuples, and the options on the gradient."""
    constants, settings, column, at = [], [], 0, 0
    for k, part in enumerate(rule.parts):
        mine, count = _mine(k), len(constants_type(part)._fields)
        for _ in range(1 + rule.rate_each):
            items = ", ".join(f"constants[u, {column + each}]" for each in range(count))
            constants.append(f"{mine}StepConstants({items})")
            column += count
        read, at = _settings_items(part.settings(), at)
        settings.append(f"{mine}Settings({', '.join(read)})")
    sources.add_inlined("load_constants(constants, u)", f"return ({', '.join(constants)},)")
    sources.add_inlined("load_settings(row)", f"return ({', '.join(settings)},)")
    names = (*Numbers._fields, *number_names(rule.regions))
    sources.add_tuple("Options", names)
    items = ", ".join(f"row[{at + k}]" for k in range(len(names)))
    sources.add_inlined("load_options(row)", f"return Options({items})")


def _add_stores(sources: Sources, rule: Rule) -> None:
    """What a lane keeps of an update.  A memory that is the answer is frozen with theta."""
    rows = memory_rows(rule)
    shown = [f"memory[{rows.index(name)}]" for name in rule.shown if name in rows]
    bounds = [f"(abs({value}) < real(math.inf))" for value in ("x", "y", *shown)]
    sources.add_inlined("is_finite(x, y, memory)", f"return {' & '.join(bounds)}")
    places = [f"s[MEMORY + {k} * LANES + lane]" for k in range(len(rows))]
    kept = [f" if moves else {place}" if shown else "" for place in places]
    stores = [f"{place} = memory[{k}]{keep}" for k, (place, keep) in enumerate(zip(places, kept, strict=True))]
    sources.add_inlined("store_memory(s, lane, memory, moves)", *stores, "return")
    names = ("gx", "gy", "x - s[X + lane]", "y - s[Y + lane]", "x", "y")
    recorded = [f"s[RECORDED + {k} * LANES + lane] = {name}" for k, name in enumerate(names)]
    sources.add_inlined("store_parts(s, lane, gx, gy, x, y)", *(recorded if rule.recorded else ()), "return")


def _steps(rule: Rule) -> Iterator[str]:
    """The lines of ``apply_rule``: the wrappers' changes of the gradient, the rule, the wrappers' of theta."""
    theta, gradient, changed = ("s[X + lane]", "s[Y + lane]"), ("gx", "gy"), ("ux", "uy")
    numbers = range(1, len(rule.parts))
    yield "x, y, ux, uy = s[X + lane], s[Y + lane], gx, gy"
    for k in numbers:
        if rule.wrappers[k - 1].before:
            yield from _calls(rule, k, "before", changed, (theta, changed), keeps=False)
    yield from _calls(rule, 0, "update", ("x", "y"), (theta, changed), _extras(rule))
    for k in numbers:
        if rule.wrappers[k - 1].after:
            yield from _calls(rule, k, "after", ("x", "y"), (theta, ("x", "y"), gradient))
        else:
            yield from (f"{name} = {memory}" for name, memory in zip(_made(k), _memories(rule, k), strict=False))
    kept = [
        f"{name}[{j}]"
        for k, part in enumerate(memory_of(rule))
        for name, fields in zip(_made(k), part, strict=False)
        for j in range(len(fields))
    ]
    yield f"return x, y, ({''.join(f'{each}, ' for each in kept)})"


def _calls(
    rule: Rule,
    k: int,
    function: str,
    results: tuple[str, str],
    given: Sequence[tuple[str, str]],
    extras: Sequence[tuple[str, str] | str] = (),
    *,
    keeps: bool = True,
) -> Iterator[str]:
    """Call a function of part k for both parameters together, or for x, then for y; ``keeps`` if it has a memory."""
    part, sets = rule.parts[k], 1 + rule.rate_each
    name, memories = f"{_mine(k)}{function}", _memories(rule, k)
    if part.pair:
        pairs = [f"Pair({', '.join(each)})" if isinstance(each, tuple) else each for each in (*given, *extras)]
        pairs[len(given) : len(given)] = [*memories * keeps, f"constants[{k * sets}]", f"settings[{k}]"]
        yield f"both{', ' + _made(k)[0] if keeps else ''} = {name}({', '.join(pairs)})"
        yield f"{', '.join(results)} = both.x, both.y"
        return
    for axis, result in enumerate(results):
        values = [each[axis] for each in (*given, *extras)]
        constants = f"constants[{k * sets + (axis if rule.rate_each else 0)}]"
        values[len(given) : len(given)] = [*memories[axis : axis + keeps], constants, f"settings[{k}]"]
        yield f"{result}{', ' + _made(k)[axis] if keeps else ''} = {name}({', '.join(values)})"


def _extras(rule: Rule) -> list[tuple[str, str] | str]:
    """Extra arguments of the rule, in the order of its parameters."""
    names = summed(rule)
    hessian = ", ".join(_mean(names, name) for name in SECOND if name in names)
    known: dict[str, tuple[str, str] | str] = {
        "normal": ("normal[2, lane]", "normal[3, lane]"),
        "curvature": f"Hessian({hessian})",
    }
    return [known[name] for name in signature(rule.optimizer.update).parameters if name in known]


def _mine(k: int) -> str:
    """How the names of part k begin."""
    return f"w{k}_" if k else ""


def _made(k: int) -> tuple[str, str]:
    """Names of the new memories of part k; the first alone if they are for a pair."""
    return f"m{k}_x", f"m{k}_y"


def _memories(rule: Rule, k: int) -> list[str]:
    """Expressions that read the memories of part k from a block's rows."""
    parts = memory_of(rule)
    at, found = sum(len(fields) for part in parts[:k] for fields in part), []
    for fields in parts[k]:
        items = ", ".join(f"s[MEMORY + {at + j} * LANES + lane]" for j in range(len(fields)))
        found.append(f"{_mine(k)}Memory({items})")
        at += len(fields)
    return found


def _mean(names: tuple[str, ...], name: str) -> str:
    """The mean over the batch of one of its sums."""
    return f"s[MEAN + {names.index(name)} * LANES + lane]"


def _add_preprocessing(sources: Sources, rule: Rule, precision: str) -> None:
    """The gradient of the batch, with noise, and clipped."""
    names = summed(rule)
    lines = ["gx, gy = s[MEAN + lane], s[MEAN + LANES + lane]"]
    if rule.noise:
        products = "".join(f"{_mean(names, name)}, " for name in ("gx_gx", "gx_gy", "gy_gy") if name in names)
        sources.add_formula(getattr(gradient_options, rule.noise), rule.noise, precision)
        numbers = f"{products}options.noise, normal[0, lane], normal[1, lane]"
        if rule.noise == "stable":
            numbers = "options.noise, options.alpha, normal[0, lane], normal[1, lane], normal[4, lane], normal[5, lane]"
        lines.append(f"gx, gy = {rule.noise}(gx, gy, {numbers})")
    if rule.clip:
        sources.add_formula(getattr(gradient_options, f"clip_{rule.clip}"), f"clip_{rule.clip}", precision)
        lines.append(f"gx, gy = clip_{rule.clip}(gx, gy, options.most)")
    sources.add_inlined("preprocess_gradient(s, lane, options, normal)", *lines, "return gx, gy")


def _add_probe(sources: Sources, optimizer: Optimizer, precision: str) -> None:
    """Where an update evaluates gradients: at theta, then at the rule's probe."""
    if not optimizer.probe:
        sources.add_inlined("place(s, width, evaluation, settings)", "return")
        return
    sources.add_formula(optimizer.probe, "probe", precision)
    sources.add_inlined(
        "place(s, width, evaluation, settings)",
        "for lane in range(width):",
        "    x, y = s[X + lane], s[Y + lane]",
        "    if evaluation == 1:",
        "        x, y = probe(x, y, s[MEAN + lane], s[MEAN + LANES + lane], settings[0])",
        "    s[PROBE_X + lane] = x",
        "    s[PROBE_Y + lane] = y",
    )


def _settings_items(defaults: Any, at: int) -> tuple[list[str], int]:
    """Expressions that read each field from a flat row of numbers, from place ``at`` on, and where the next begin.

    A field is a flag, a number, or a tuple of numbers.
    """
    items: list[str] = []
    for value in defaults:
        if isinstance(value, tuple):
            items.append(f"({', '.join(f'row[{at + k}]' for k in range(len(value)))},)")
            at += len(value)
        else:
            items.append(f"row[{at}] != 0" if isinstance(value, bool) else f"row[{at}]")
            at += 1
    return items, at
