"""How modules of CUDA kernels begin."""

from errsurf.engine.link import Target

HEADER = """\
# Linked by errsurf; may be deleted at any time.  Elementary functions: {lane_math}.
from collections import namedtuple
import math
import numpy as np
from numba import cuda
from numba.cuda import types
from numpy import float32, float64, int32, int64, uint8, uint16, uint32, uint64
from errsurf.gpu.intrinsics import bits, fast_exp, from_lane, inlined, kernel, least
from errsurf.engine.lane_math import ROUND_32, ROUND_64

real, number = {precision}, types.{precision}
"""

CUDA = Target(HEADER, ("errsurf.gpu.functions", "errsurf.engine.lane_math", "errsurf.engine.lane_special"))
