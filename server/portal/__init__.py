"""Playlists outside of the walls: a page for the office portal and the phone, and feeds."""
