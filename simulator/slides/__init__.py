"""Slide decks for PowerPoint and LibreOffice: a slide a run, with its moving picture, claims and speaker notes."""
