"""Analysis of a scenario or a result: critical points, basins, statistics, basin maps of optimizers."""
