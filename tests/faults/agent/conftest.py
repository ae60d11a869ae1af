"""The same box and server as the integration tests have."""

from tests.integration.agent.conftest import box, server, site

__all__ = ["box", "server", "site"]
