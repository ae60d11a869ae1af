"""A library of its own for each test: folders, an editor, and the ways to prepare an asset."""

from tests.simulators.library_fixture import library, shared_library

__all__ = ["library", "shared_library"]
