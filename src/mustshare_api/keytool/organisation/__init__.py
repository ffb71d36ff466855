"""People and their keys: ceremonies, cards, the directory, the weeks' keys."""
