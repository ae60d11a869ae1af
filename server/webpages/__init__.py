"""Web pages as pictures: taken by a browser on the server at an interval, shown like any picture.

The boxes run no browser.  Ours reaches listed hosts through a proxy of ours, and nothing else.
"""
