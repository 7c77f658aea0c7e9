"""Fair comparisons: every group is tuned by the same search with the same budget, then judged by other seeds."""
