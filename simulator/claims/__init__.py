"""Claims: statements of a scenario about its run, checked against the run's numbers and their uncertainty."""
