"""Analysis of landscapes: critical points, basins, Hessians, gradient noise, and final statistics of a group."""

from errsurf.analysis.basin import UNKNOWN, basin_labels, basin_map, interior, lookup
from errsurf.analysis.critical import Critical, critical_points
from errsurf.analysis.hessian import Landscape, eigenvalues
from errsurf.analysis.names import Names, named, whereabouts
from errsurf.analysis.noise import batch_covariance, cosine, noise_scale, relative, squared_error
from errsurf.analysis.regions import Regions, is_resting, regions
from errsurf.analysis.statistics import GroupStatistics, Range, group_statistics, wilson_interval

__all__ = [
    "UNKNOWN",
    "Critical",
    "GroupStatistics",
    "Landscape",
    "Names",
    "Range",
    "Regions",
    "basin_labels",
    "basin_map",
    "batch_covariance",
    "cosine",
    "critical_points",
    "eigenvalues",
    "group_statistics",
    "interior",
    "is_resting",
    "lookup",
    "named",
    "noise_scale",
    "regions",
    "relative",
    "squared_error",
    "whereabouts",
    "wilson_interval",
]
