"""应急插播: what, where, until when, a typed word; then what every screen says of it."""
