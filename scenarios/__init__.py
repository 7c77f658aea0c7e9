"""Scenario files that come with errsurf: one idea each, run by name."""
