"""What is on a screen at an instant: a pure function of (manifest, instant).

When aims conflict: correct, then readable, then small, then fast.  Imports no clock, disk,
network, thread, chance or log: the instant is an argument, and nothing is remembered but what
can be worked out again from the manifest.
"""
