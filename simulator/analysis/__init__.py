"""Analysis of landscapes: critical points, basins, Hessians, gradient noise, and final statistics of a group."""

from errsurf.analysis.basin import basin_labels, basin_map, lookup
from errsurf.analysis.critical import Critical, critical_points
from errsurf.analysis.hessian import Landscape, eigenvalues
from errsurf.analysis.noise import batch_covariance, cosine, noise_scale, relative, squared_error
from errsurf.analysis.statistics import GroupStatistics, Range, group_statistics, wilson_interval

__all__ = [
    "Critical",
    "GroupStatistics",
    "Landscape",
    "Range",
    "basin_labels",
    "basin_map",
    "batch_covariance",
    "cosine",
    "critical_points",
    "eigenvalues",
    "group_statistics",
    "lookup",
    "noise_scale",
    "relative",
    "squared_error",
    "wilson_interval",
]
