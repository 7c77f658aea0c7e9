"""Figures: a run laid out for background, slides or as a strip; inspections, maps of basins, times of batches."""
