"""The offline store on a box: verified files, complete generations, and reports to be sent.

Something right on the screen goes before the newest thing on the screen, and that before a
report of it.  Power may go at any instant; nothing here assumes otherwise.
"""
