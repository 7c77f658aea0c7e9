"""torch: a loop over torch.optim.SGD as people write it, over all particles at once, and an update of its compiler."""

from functools import partial
from typing import Any

import numpy as np

from benchmarks.peers.task import Forms, Task

MAX_UNROLLED, FEW = 20, 64


def forms(task: Task) -> Forms:
    """The loop, with torch's own fused rule and without."""
    _threads(task)
    return {f"SGD, fused={fused}": partial(_loop, task, fused) for fused in (True, False)}


def compiled_forms(task: Task) -> Forms:
    """torch.compile of whole epochs, if they have few updates, or of one update."""
    _threads(task)
    whole = task.case.plan.updates_an_epoch <= MAX_UNROLLED
    return {"an epoch at once" if whole else "an update at once": _compiled(task, whole)}


def _threads(task: Task) -> None:
    import torch

    torch.set_num_threads(task.case.threads)


def _loop(task: Task, fused: bool, epochs: int) -> Any:
    import torch

    theta = torch.tensor(task.theta, requires_grad=True)
    columns = torch.tensor(task.columns)
    optimizer = torch.optim.SGD([theta], task.lr, task.momentum, fused=fused)
    losses = _well_losses(task) if task.wells else _line_losses
    for _ in range(epochs):
        order = None if task.case.full else torch.rand(task.theta.shape[0], task.case.examples).argsort(dim=1)
        for first in range(0, task.case.examples, task.case.batch):
            rows = columns if order is None else columns[:, order[:, first : first + task.case.batch]]
            optimizer.zero_grad(set_to_none=True)
            losses(theta[:, :1], theta[:, 1:], *rows).mean(dim=1).sum().backward()
            optimizer.step()
    return theta.detach().cpu().numpy()


def _line_losses(x: Any, y: Any, given: Any, target: Any) -> Any:
    return (x * given + y - target) ** 2 / 2


def _well_losses(task: Task) -> Any:
    import torch

    wells = task.terms.tolist()
    bowl = sum(well[4] for well in wells)

    def losses(x: Any, y: Any, shift_x: Any, shift_y: Any, tilt_x: Any, tilt_y: Any) -> Any:
        u, v = x - shift_x, y - shift_y
        total = bowl / 2 * (u**2 + v**2) + tilt_x * x + tilt_y * y
        for at_x, at_y, depth, rate, _ in wells:
            total = total - depth * torch.exp(-rate * ((u - at_x) ** 2 + (v - at_y) ** 2))
        return total

    return losses


def _compiled(task: Task, whole: bool) -> Any:
    import torch

    columns = torch.tensor(task.columns)
    case = task.case
    gradient = _well_gradient(task) if task.wells else _line_gradient

    def update(x: Any, y: Any, bx: Any, by: Any, rows: Any) -> Any:
        gx, gy = gradient(x, y, *rows)
        bx, by = task.momentum * bx + gx.mean(dim=0), task.momentum * by + gy.mean(dim=0)
        return x - task.lr * bx, y - task.lr * by, bx, by

    def several(x: Any, y: Any, bx: Any, by: Any, order: Any) -> Any:
        for first in range(0, order.shape[0], case.batch):
            x, y, bx, by = update(x, y, bx, by, columns[:, order[first : first + case.batch]])
        return x, y, bx, by

    on_all = torch.compile(lambda x, y, bx, by: update(x, y, bx, by, columns[:, :, None]), dynamic=False)
    on_some = torch.compile(several, dynamic=False)

    shape = (case.examples, case.particles)
    permutations = torch.compile(_ranks if case.examples <= FEW else _sorted, dynamic=False)

    def run(epochs: int) -> Any:
        state = [*torch.tensor(task.theta).T.contiguous(), *torch.zeros(2, len(task.theta))]
        with torch.no_grad():
            for _ in range(epochs):
                if case.full:
                    state = on_all(*state)
                    continue
                order = permutations(torch.randint(-(1 << 31), 1 << 31, shape, dtype=torch.int32))
                for part in [order] if whole else order.split(case.batch):
                    state = on_some(*state, part)
        return np.stack([state[0].cpu().numpy(), state[1].cpu().numpy()], axis=1)

    return run


def _ranks(keys: Any) -> Any:
    """Permutations as the ranks of random keys (examples, particles); equal ones are told apart by their example."""
    import torch

    low = (1 << (len(keys) - 1).bit_length()) - 1
    keys = (keys & ~low) | torch.arange(len(keys), dtype=torch.int32)[:, None]
    return (keys[None] < keys[:, None]).sum(dim=1, dtype=torch.int32)


def _sorted(keys: Any) -> Any:
    """Permutations that sort random keys (examples, particles)."""
    return keys.T.contiguous().argsort(dim=1).T.contiguous()


def _line_gradient(x: Any, y: Any, given: Any, target: Any) -> Any:
    residual = x * given + y - target
    return residual * given, residual


def _well_gradient(task: Task) -> Any:
    import torch

    wells = task.terms.tolist()
    bowl = sum(well[4] for well in wells)

    def gradient(x: Any, y: Any, shift_x: Any, shift_y: Any, tilt_x: Any, tilt_y: Any) -> Any:
        u, v = x - shift_x, y - shift_y
        gx, gy = bowl * u + tilt_x, bowl * v + tilt_y
        for at_x, at_y, depth, rate, _ in wells:
            du, dv = u - at_x, v - at_y
            pull = 2 * rate * depth * torch.exp(-rate * (du * du + dv * dv))
            gx, gy = gx + pull * du, gy + pull * dv
        return gx, gy

    return gradient
