"""What is beside the maps: legend, charts and clock."""
