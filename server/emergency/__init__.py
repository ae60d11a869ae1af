"""应急插播: cards prepared beforehand, what was begun when, and what each screen says of it."""
