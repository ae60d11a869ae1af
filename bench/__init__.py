"""The figures we claim, each a command; ours beside peers, in turn, in one run.

`python -m bench` (or `make bench`) prints them all.  Nothing here is part of the product.
"""
