"""Loads msgspec and PySide without what they would load besides and a screen never needs.

For `__main__` alone, before anything else: it shortens a cold start (docs/development.md), and
must never change what the two can do.  What is kept away from PySide is asleep, not gone: the
first question to it wakes it.  Where a release is built differently nothing is found to be put to
sleep, and the start is as long as it is without this module.
"""

import builtins
import ctypes
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

__all__ = ["ASLEEP", "QtLibraries", "load_pyside", "wake"]

#: What stands in for a sleeping module (PEP 562).
_STAND_IN = """
def __getattr__(name):
    from player.stage.lean import wake
    return wake(globals(), name)
"""
#: The library takes this one out of the module's dictionary.
_UPDATE = """
def update_mapping():
    return __getattr__("update_mapping")()
"""
#: What PySide calls before and after each import, as long as its import is in place.
_NO_FEATURES = """
def feature_import(*_asked, **_named):
    return None
def feature_imported(_module):
    pass
"""

#: The parts of PySide's signature support, out of which it makes error texts and help, and what
#: stands in for each.  They lie in an archive inside the library, which compiles them at every
#: start.
ASLEEP = {
    "shibokensupport/feature.py": _STAND_IN + _NO_FEATURES,
    "shibokensupport/signature/errorhandler.py": _STAND_IN,
    "shibokensupport/signature/layout.py": _STAND_IN,
    "shibokensupport/signature/lib/enum_sig.py": _STAND_IN,
    "shibokensupport/signature/lib/pyi_generator.py": _STAND_IN,
    "shibokensupport/signature/lib/tool.py": _STAND_IN,
    "shibokensupport/signature/mapping.py": _STAND_IN + _UPDATE,
    "shibokensupport/signature/parser.py": _STAND_IN,
}

#: In the order in which they need each other, so that the linker's lock is free in between.
_LIBRARIES = ("libQt6Core.so.6", "libQt6Gui.so.6", "libQt6Qml.so.6", "libQt6Quick.so.6")


class QtLibraries(threading.Thread):
    """Has Qt's libraries linked while Python reads our modules: join it before they are imported.

    An import holds the interpreter's lock while it links, a call through ctypes does not (saves
    12 ms where there is a second core).  A library that is not where it is looked for is linked
    by its import, as ever.
    """

    def __init__(self) -> None:
        super().__init__(name="qt libraries", daemon=True)

    def run(self) -> None:
        """Link them, and keep them."""
        found = importlib.util.find_spec("PySide6")
        folders = (found.submodule_search_locations if found else None) or []
        dlopen = ctypes.CDLL(None).dlopen
        dlopen.restype = ctypes.c_void_p
        for name in _LIBRARIES:
            for folder in folders:
                dlopen(os.fsencode(f"{folder}/Qt/lib/{name}"), os.RTLD_NOW)


_sources: dict[str, tuple[str, bytes]] = {}
_waking = threading.RLock()


def load_pyside() -> None:
    """Load what every module of PySide stands on; its signature support sleeps (saves 35 ms).

    No other thread may import meanwhile: PySide goes through `sys.modules` as it starts, and ends
    the process if that changes under it.

    It is loaded with Python's own import, and imports stay that way: PySide's would read the source
    of every module that is imported after it, looking for `__feature__` (saves 10 ms).
    """
    if "shiboken6" not in sys.modules:
        plain_import = builtins.__import__
        with _compiling_by(_compile_or_sleep):
            import shiboken6  # noqa: F401  (all that is wanted of it is that it is loaded)
        builtins.__import__ = plain_import


def wake(space: dict[str, Any], name: str) -> Any:
    """Run the module that sleeps in `space`, then answer with its `name`."""
    if name.startswith("__"):  # import asks for these, of every module; nobody wants the module
        raise AttributeError(name)
    with _waking:
        sleeping = _sources.pop(space["__name__"], None)
        if sleeping is not None:
            file, source = sleeping
            exec(_compile(source, file, "exec"), space)  # noqa: S102  (PySide's own, as it does)
            del space["__getattr__"]
        if name not in space:
            raise AttributeError(f"module {space['__name__']!r} has no attribute {name!r}")
        return space[name]


_compile: Callable[..., Any] = compile


def _compile_or_sleep(source: Any, file: Any, mode: str, *more: Any, **named: Any) -> CodeType:
    if file in ASLEEP:
        _sources[file.removesuffix(".py").replace("/", ".")] = (file, source)
        source = ASLEEP[file]
    code: CodeType = _compile(source, file, mode, *more, **named)
    return code


@contextmanager
def _compiling_by(ours: Callable[..., Any]) -> Iterator[None]:
    builtins.compile = ours
    try:
        yield
    finally:
        builtins.compile = _compile


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """Whoever imports `name` in here finds it missing."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # how import is told that there is none
    try:
        yield
    finally:
        del sys.modules[name]


# msgspec asks for the backports of Python's typing first, where a development tool installed them;
# Python 3.11 has all that it takes from there (saves 13 ms).
with _absent("typing_extensions"):
    import msgspec  # noqa: F401  (to be found by all that follow)
