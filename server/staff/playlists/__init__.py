"""Playlists: made, filled from the library, put in order, timed, and looked at as they will play.

The pages work as plain forms; scripts save by themselves, and merge what two editors change.
"""
