"""Result folders: running a scenario into one, and opening one again."""
