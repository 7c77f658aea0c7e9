"""Result folders: a run that is written into one, and how one is opened again."""
