"""How the source of a kernel for the browser begins."""

from errsurf.engine.link import FUNCTIONS, Target

# As the portable kernels: every operation rounds by itself.
HEADER = """\
# Linked by errsurf for browsers; may be deleted at any time.  Packed functions: {lane_math}.
from collections import namedtuple
import math
import numpy as np
from numba import njit
from numpy import float32, float64, int32, int64, uint8, uint16, uint32, uint64
from errsurf.engine.lane_math import ROUND_32, ROUND_64, bits
from errsurf.web import calls as web_calls

real = {precision}
INNER = {{"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}}
called = njit(**INNER)
inlined = njit(forceinline=True, **INNER)
kernel = njit(**INNER)
"""

BROWSER = Target(HEADER, FUNCTIONS)
