"""From a scenario to trajectories, numbers and pictures."""
