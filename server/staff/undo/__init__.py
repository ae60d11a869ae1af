"""Undo instead of "are you sure": what was just deleted, retired or taken out comes back as it was.

`ways.leave` says what was done, with a button; `kinds` has, for each kind of act, what undoes it.
Undoing asks the same rights as doing.
"""
