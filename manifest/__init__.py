"""The signed document that says everything one screen may show, and when.

Bytes in, values out: model, strict codec, envelope, and the trust that accepts or refuses.
No file, no network, no clock.
"""
