"""A landscape by the plain formulas of its surface: for few numbers they take less time than kernels take to load."""

from collections import namedtuple
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from errsurf.engine.examples import Problem, Table
from errsurf.engine.landscape import Array, Landscape
from errsurf.engine.surface_sources import PARTS, example_lines
from errsurf.records import listing
from errsurf.surfaces.shared.examples import example_fields

MOST_EXAMPLES = 1000
_named_tuple: Any = namedtuple  # of names that only a record knows


class PlainLandscape(Landscape):
    """Losses, gradients and Hessians are those of kernels up to rounding; covariances there are none.

    Kernels compute those of many examples and of tables, and a user's own formulas, so that what numba cannot compile
    is found.
    """

    @cached_property
    def _kernels(self) -> Any:
        data = self.problem
        own = data.kind in (file.stem for file in listing.added_files("errsurf.surfaces"))
        if own or data.surface.lookup or len(data.train) > MOST_EXAMPLES:
            return super()._kernels
        return SimpleNamespace(**dict(_plain_sums(data)))


def _plain_sums(problem: Problem) -> Iterator[tuple[str, Callable[..., None]]]:
    """What stands for ``sum_loss``, ``sum_gradient`` and ``sum_hessian`` of ``sum_kernels``."""
    surface = problem.surface
    example = _named_tuple("example", example_fields(surface))
    terms = () if surface.examples else [surface.row(*row) for row in problem.terms]
    for kind in PARTS:
        space: dict[str, Any] = {kind: getattr(surface, kind)}
        exec("\n    ".join(["def formula(x, y, e, terms):", *example_lines(surface, kind, len(terms))]), space)

        def add_sum(formula: Callable[..., Any], points: Array, table: Table, _: Table, out: Array) -> None:
            rows = table.reshape(-1, len(example._fields))
            with np.errstate(all="ignore"):
                values = formula(*points, example(*rows.T[..., None]), terms)
            for total, value in zip(out, values if isinstance(values, tuple) else (values,), strict=True):
                total += np.broadcast_to(value, (len(rows), len(total))).sum(axis=0)

        yield f"sum_{kind}", partial(add_sum, space["formula"])
