"""Sweeps: a scenario run with many combinations of settings and seeds, one row of numbers for each group of each."""
