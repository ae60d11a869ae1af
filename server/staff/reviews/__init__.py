"""审核: what waits for whom, one submission with all that it changes, the talk about it, rules."""
