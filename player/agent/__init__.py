"""The agent of a box: keeps the cache current and reports; what is on the glass it never decides.

In this order: something right on screen, the newest thing on screen, a report of it.  No Qt, and
nothing of the stage: the two processes share only the cache directory (`player.bulletin`).
"""
