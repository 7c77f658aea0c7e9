"""JAX: one gradient, mapped over examples and particles, scanned over batches, compiled for all epochs at once.

The rule is written out, or optax's.
"""

import os
from collections.abc import Callable
from functools import partial
from math import isqrt
from typing import Any

import numpy as np

from benchmarks.peers.task import Forms, Task

FLAGS = "--xla_force_host_platform_device_count={threads} --xla_cpu_enable_fast_math=true"
FEW, TURNS = 64, 4


def optax_forms(task: Task) -> Forms:
    """As ``forms``, with the rule of optax for every particle."""
    return forms(task, rule=_optax_rule(task))


def forms(task: Task, platform: str = "cpu", rule: Any = None) -> Forms:
    """Permutations by sorting, ranks or a network; batches in a loop or written out; one device or one a thread."""
    os.environ.setdefault("XLA_FLAGS", FLAGS.format(threads=task.case.threads))
    import jax

    jax.config.update("jax_default_prng_impl", "unsafe_rbg")
    jax.config.update("jax_platforms", platform)
    made: Forms = {}
    rule = rule or _own_rule(task)
    orders = ("full",) if task.case.full else ("sort", "rank") if task.case.examples <= FEW else ("sort", "network")
    written_out = (1,) if task.case.full or task.case.examples > FEW else (1, task.case.plan.updates_an_epoch)
    for order in orders:
        for unroll in written_out:
            for devices in {1, len(jax.devices())}:
                name = f"{order}, unrolled {unroll}, {devices} devices"
                made[name] = _form(task, rule, order, unroll, devices)
    return made


def _form(task: Task, rule: Any, order: str, unroll: int, devices: int) -> Any:
    import jax

    mesh = jax.make_mesh((devices,), ("particles",), devices=jax.devices()[:devices])
    parts = jax.sharding.PartitionSpec
    across = parts(None, "particles")
    some = jax.shard_map(
        partial(_epochs, task, rule, order, unroll),
        mesh=mesh,
        in_specs=(across, parts(), parts()),
        out_specs=across,
        check_vma=False,
    )
    compiled = jax.jit(some, donate_argnums=0)
    place = jax.sharding.NamedSharding(mesh, across)

    def run(epochs: int) -> Any:
        theta = jax.device_put(task.theta.T.copy(), place)
        return np.asarray(compiled(theta, jax.random.key(epochs), epochs)).T

    return run


def _own_rule(task: Task) -> tuple[Callable[[Any], Any], Callable[[Any, Any, Any], Any]]:
    """What momentum begins with, and the function of gradient, momentum and theta that returns the next two."""
    import jax.numpy as jnp

    def step(gradient: Any, buffer: Any, theta: Any) -> Any:
        buffer = task.momentum * buffer + gradient
        return theta - task.lr * buffer, buffer

    return jnp.zeros_like, step


def _optax_rule(task: Task) -> tuple[Callable[[Any], Any], Callable[[Any, Any, Any], Any]]:
    """The same by optax, whose state is that of all particles: its rule works on each number by itself."""
    import optax

    rule = optax.sgd(task.lr, task.momentum)

    def step(gradient: Any, state: Any, theta: Any) -> Any:
        change, state = rule.update(gradient, state, theta)
        return optax.apply_updates(theta, change), state

    return rule.init, step


def _epochs(task: Task, rule: Any, order: str, unroll: int, theta: Any, key: Any, epochs: Any) -> Any:
    """Theta (2, particles) of one device after all epochs."""
    import jax
    import jax.numpy as jnp

    key = jax.random.fold_in(key, jax.lax.axis_index("particles"))
    columns, batch = jnp.asarray(task.columns), task.case.batch
    example = _well_gradient(task) if task.wells else _line_gradient
    shared = order == "full"
    over_examples = jax.vmap(example, in_axes=(None, None, *[0] * len(columns)))
    gradient = jax.vmap(over_examples, in_axes=(0, 0, *[None if shared else 1] * len(columns)), out_axes=1)

    begin, step = rule

    def update(carry: Any, index: Any) -> Any:
        theta, state = carry
        rows = columns if shared else [column[index] for column in columns]
        gx, gy = gradient(theta[0], theta[1], *rows)
        return step(jnp.stack([gx.mean(axis=0), gy.mean(axis=0)]), state, theta), None

    def epoch(number: Any, carry: Any) -> Any:
        if shared:
            return update(carry, None)[0]
        index = _permutations(jax.random.fold_in(key, number), order, task.case.examples, theta.shape[1])
        whole = task.case.examples // batch
        carry, _ = jax.lax.scan(update, carry, index[: whole * batch].reshape(whole, batch, -1), unroll=unroll)
        return update(carry, index[whole * batch :])[0] if whole * batch < task.case.examples else carry

    return jax.lax.fori_loop(0, epochs, epoch, (theta, begin(theta)))[0]


def _permutations(key: Any, order: str, count: int, particles: int) -> Any:
    """Permutations (count, particles) of random numbers that hold the example in their last bits."""
    import jax
    import jax.numpy as jnp

    if order == "network":
        return _network(key, count, particles)
    low = (1 << (count - 1).bit_length()) - 1
    example = jnp.arange(count, dtype=jnp.uint32)[:, None]
    keys = (jax.random.bits(key, (count, particles), jnp.uint32) & jnp.uint32(~low & 0xFFFFFFFF)) | example
    if order == "sort":
        return (jax.lax.sort(keys.T, dimension=1, is_stable=False).T & low).astype(jnp.int32)
    return (keys[None] < keys[:, None]).sum(axis=1, dtype=jnp.int32)


def _network(key: Any, count: int, particles: int) -> Any:
    """Permutations (count, particles) by a Feistel network of two sides whose product is count."""
    import jax
    import jax.numpy as jnp

    a = max(side for side in range(1, isqrt(count) + 1) if count % side == 0)
    b = count // a
    keys = jax.random.bits(key, (2 * TURNS, particles), jnp.uint32)
    left, right = (jnp.broadcast_to(half, (count, particles)) for half in _halves(count, b))

    def turned(half: Any, other: Any, word: Any, side: int) -> Any:
        mixed = (other + word) * jnp.uint32(0x9E3779B1)
        mixed = (mixed ^ (mixed >> 15)) * jnp.uint32(0x85EBCA77)
        total = half + ((mixed >> 16) * jnp.uint32(side) >> 16)
        return jnp.minimum(total, total - jnp.uint32(side))

    for turn in range(TURNS):
        left = turned(left, right, keys[2 * turn], a)
        right = turned(right, left, keys[2 * turn + 1], b)
    return (left * b + right).astype(jnp.int32)


def _halves(count: int, side: int) -> Any:
    import jax.numpy as jnp

    slot = jnp.arange(count, dtype=jnp.uint32)[:, None]
    return slot // side, slot % side


def _line_gradient(x: Any, y: Any, given: Any, target: Any) -> Any:
    residual = x * given + y - target
    return residual * given, residual


def _well_gradient(task: Task) -> Any:
    import jax.numpy as jnp

    wells = [tuple(map(float, row)) for row in task.terms]
    bowl = sum(well[4] for well in wells)

    def gradient(x: Any, y: Any, shift_x: Any, shift_y: Any, tilt_x: Any, tilt_y: Any) -> Any:
        u, v = x - shift_x, y - shift_y
        gx, gy = bowl * u + tilt_x, bowl * v + tilt_y
        for at_x, at_y, depth, rate, _ in wells:
            du, dv = u - at_x, v - at_y
            pull = 2 * rate * depth * jnp.exp(-rate * (du * du + dv * dv))
            gx, gy = gx + pull * du, gy + pull * dv
        return gx, gy

    return gradient
