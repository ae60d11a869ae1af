"""An enterprise of today."""

from tests.simulators.enterprise_of_today import enterprise

__all__ = ["enterprise"]
