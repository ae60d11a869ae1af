"""What goes on beside the answering of requests: the queue of tasks, the chores, the courier."""

from server.alerts.courier import Courier
from server.chores import Chores
from server.clock import Clock
from server.configuration import Configuration
from server.worker import Workers

__all__ = ["Background"]


class Background:
    """The threads of one process, from `start` to `stop`."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._workers = Workers(configuration.worker.count, clock)
        self._chores = Chores(configuration, clock)
        self._courier = Courier(clock)

    def start(self) -> None:
        """Begin."""
        self._workers.start()
        self._chores.start()
        self._courier.start()

    def stop(self, patience_s: float) -> bool:
        """End, within `patience_s` at most for each; returns whether all threads ended."""
        done = self._courier.stop(patience_s)
        done = self._chores.stop(patience_s) and done
        return self._workers.stop(patience_s) and done
