"""NumPy, vectorized over particles, in threads over blocks of them: its loops release the interpreter's lock."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray

from benchmarks.peers.task import Forms, Lanes, Task

# Numbers in a temporary array: 64 KiB to 512 KiB of float32.
CELLS = (1 << 14, 1 << 15, 1 << 17)


def forms(task: Task) -> Forms:
    """One form for each size of temporary arrays."""
    return {f"{cells * 4 // 1024} KiB at once": partial(_run, task, cells) for cells in CELLS}


def _run(task: Task, cells: int, epochs: int) -> Lanes:
    case = task.case
    most = max(16, cells // case.batch) if case.full else max(256, cells // case.batch)
    count = case.threads * -(-case.particles // (case.threads * most))
    blocks = np.array_split(task.theta, count)
    seeds = SeedSequence(epochs).spawn(count)
    with ThreadPoolExecutor(case.threads) as pool:
        return np.concatenate(list(pool.map(lambda block, seed: _block(task, block, epochs, seed), blocks, seeds)))


def _block(task: Task, begin: Lanes, epochs: int, seed: SeedSequence) -> Lanes:
    """All epochs of some particles."""
    case, random = task.case, Generator(SFC64(seed))
    theta, buffer = np.ascontiguousarray(begin.T), np.zeros_like(begin.T, order="C")
    gradient = _wells(task, len(begin)) if task.wells else _line if not case.full else _matrix_line(task)
    shared = task.columns[:, :, None]
    for _ in range(epochs):
        order = None if case.full else _permutations(random, case.examples, len(begin))
        for first in range(0, case.examples, case.batch):
            rows = shared if order is None else np.take(task.columns, order[first : first + case.batch], axis=1)
            buffer *= np.float32(task.momentum)
            buffer += gradient(theta, rows)
            theta -= np.float32(task.lr) * buffer
    return theta.T


def _permutations(random: Generator, count: int, particles: int) -> NDArray[np.uint32]:
    """Permutations (count, particles): random numbers sorted, with the example in their last bits."""
    low = np.uint32((1 << (count - 1).bit_length()) - 1)
    keys = random.integers(0, 1 << 32, (particles, count), np.uint32)
    keys &= ~low
    keys |= np.arange(count, dtype=np.uint32)
    keys.sort(axis=1)
    keys &= low
    return np.ascontiguousarray(keys.T)


def _line(theta: Lanes, rows: Lanes) -> Lanes:
    residual = theta[0] * rows[0]
    residual += theta[1]
    residual -= rows[1]
    along_y = residual.mean(axis=0)
    residual *= rows[0]
    return np.stack([residual.mean(axis=0), along_y])


def _matrix_line(task: Task) -> Any:
    """Full batch as two products of matrices."""
    inputs = np.stack([task.columns[0], np.ones_like(task.columns[0])])
    target, share = task.columns[1][:, None], np.float32(1 / task.case.examples)

    def gradient(theta: Lanes, _rows: Lanes) -> Lanes:
        residual = inputs.T @ theta
        residual -= target
        return np.asarray((inputs @ residual) * share)

    return gradient


def _wells(task: Task, particles: int) -> Any:
    """Gradient of wells, in arrays that are used again."""
    x, y, depth, rate, bowl = task.terms.T
    weight, total = 2 * rate * depth, bowl.sum()
    space = np.empty((7, task.case.batch * particles), np.float32)

    def gradient(theta: Lanes, rows: Lanes) -> Lanes:
        examples = rows.shape[1]
        u, v, gx, gy, du, dv, r = space[:, : examples * particles].reshape(7, examples, particles)
        np.subtract(theta[0], rows[0], out=u)
        np.subtract(theta[1], rows[1], out=v)
        np.multiply(u, total, out=gx)
        np.multiply(v, total, out=gy)
        gx += rows[2]
        gy += rows[3]
        for k in range(len(x)):
            np.subtract(u, x[k], out=du)
            np.subtract(v, y[k], out=dv)
            np.multiply(du, du, out=r)
            r += dv * dv
            r *= -rate[k]
            np.exp(r, out=r)
            r *= weight[k]
            du *= r
            dv *= r
            gx += du
            gy += dv
        return np.stack([gx.mean(axis=0), gy.mean(axis=0)])

    return gradient
