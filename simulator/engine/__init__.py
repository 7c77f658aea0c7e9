"""Kernels on the CPU: formulas and rules linked into compiled loops, and the driver of their blocks."""
