"""Backups: made while the server runs, complete or not there, verified, and able to come back.

A backup is a folder named by its instant with `backup.json` and a copy of the database; the files
of all backups lie in one pool beside them, by digest, each once.
"""
