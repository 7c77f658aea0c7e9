"""Text in pictures: fonts for any script, formulas, and what cannot be drawn."""
