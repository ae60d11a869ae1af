"""Reviews, for the tests of what data may change."""

from tests.unit.server.review.conftest import reviewing

__all__ = ["reviewing"]
