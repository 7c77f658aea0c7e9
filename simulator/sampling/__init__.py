"""Batches: random numbers, orders of examples, and how epochs are cut into batches."""
