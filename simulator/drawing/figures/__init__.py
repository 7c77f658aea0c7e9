"""Figures: a run laid out for paper, slides or as a strip; inspections, maps of basins, times of batches."""
