"""Claims: statements of a scenario over its own run, each held against the run's numbers and their uncertainty."""
