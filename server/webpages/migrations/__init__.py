"""The database history of this app, one change a file."""
