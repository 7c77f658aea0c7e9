"""The module of what may be done to a gradient before any rule sees it."""

from typing import Any

from numba import from_dtype, int64
from numba.core import types
from numpy import dtype

from errsurf.engine.kernel_sources import LANES
from errsurf.engine.link import Sources, linked
from errsurf.settings import gradient_options
from errsurf.settings.gradient_options import Numbers
from errsurf.web import option_templates
from errsurf.web.layout import MEAN, SUMS
from errsurf.web.sources import Export, Make
from errsurf.web.target import BROWSER

FORMULAS = ("isotropic", "matched", "stable", "clip_norm", "clip_value")
OPTIONS = ("unchanged", "isotropic_noise", "matched_noise", "stable_noise", "norm_clip", "value_clip")
DIRECT = ("s", "width", "options", "normal")


def option_kernels(precision: str) -> Any:
    """Module with all kinds of noise and of clipping, and ``unchanged``."""
    sources = Sources(BROWSER)
    rows = f"LANES = {LANES}\n" + "".join(f"{name.upper()} = {(MEAN + k) * LANES}\n" for k, name in enumerate(SUMS))
    sources.add("LANES", rows + "".join(f"{name.upper()} = {k}\n" for k, name in enumerate(Numbers._fields)))
    for name in FORMULAS:
        sources.add_formula(getattr(gradient_options, name), name, precision)
    for name in OPTIONS:
        sources.add_plain(getattr(option_templates, name), "kernel")
    return linked("options", precision, tuple(sources.values()), BROWSER)


def option_make(kernels: Any, precision: str) -> Make:
    """How the module is made."""
    row = types.Array(from_dtype(dtype(precision)), 1, "C")
    arguments = (("s", row), ("width", int64), ("options", row), ("normal", row))
    return Make(tuple(Export(name, getattr(kernels, name), arguments, DIRECT) for name in OPTIONS))
