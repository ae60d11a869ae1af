"""The staff side: server-rendered pages that translate between people and services.

Nothing is decided here: views call `services` and `selectors`, and ask `accounts.policy`.
"""
