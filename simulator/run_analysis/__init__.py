"""What is read from a scenario or a result: critical points, basins, statistics, maps of ends."""
