"""Kinds of settings that the tables of a scenario and the records share."""
