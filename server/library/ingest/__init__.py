"""Makes what a wall can show of what an editor uploaded, in children that are locked in.

`steps` are the conversions: they run in a child process (`child_main`) and import neither Django
nor anything of this project outside this package.  `child` starts such a process and watches it;
`pipeline` and `tasks` say which steps an asset takes.
"""
