"""The sample programmes: complete, made of our own cards and words, for a fictitious group.

`read` turns a file of this folder into a `Sample` of a given day; `server.samples.loading` puts one
onto a server, `make demo` plays all three.  Roles speak in them, never persons.
"""
