"""Card templates: typed data and an instant in, what the stage draws out.

`catalogue.card_for` is the way in, for the stage and for the server; each template has a module of
its own.  Nothing here knows Qt, a disk, a network or a clock.
"""
