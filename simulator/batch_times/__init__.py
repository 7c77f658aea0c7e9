"""Measured times of updates and epochs by batch size, and a comparison of small and large batches."""
