"""Pages about screens: the list, one screen, commands, plans, hours, pairing, keys."""
