"""The audit's migrations of a version to come, of which the last fails half-way."""
