"""The demonstration: a programme of our own making, played by the real player (`make demo`).

Everything shown is drawn by the code in here: no picture, clip or font is fetched or shipped.
Drawing needs a `QGuiApplication` (offscreen will do); called only by `bench.demo.__main__`.
"""
