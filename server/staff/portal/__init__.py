"""Playlists outside of the walls: the open pages and feeds, and who makes their addresses.

`pages` is open to everybody who has an address; it shows what is published and nothing else.
"""
