"""The sub-commands of `yingbi-server`, one module each, with `add(subparsers)` as its front door.

`add` registers the parser and sets `run`, a function of the parsed arguments that returns an exit
status.  These modules are imported before Django is set up: models and services are imported
inside their functions, after `server.project.set_up()`.
"""
