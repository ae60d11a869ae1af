"""Pages about data sets: the list, one with its grid, import, history, cards, its source."""
