"""Records of the user's own, checked as the built-in ones are: by their text, by their formulas, and in small runs."""
