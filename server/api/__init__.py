"""The interface for scripts: JSON under /api/v1, for whoever holds a token of a member of staff.

A table of operations (`operations.py`) is what is served and what `/api/v1/openapi.json`
describes.  Nothing is decided here: operations call services and ask `accounts.policy`.
"""
