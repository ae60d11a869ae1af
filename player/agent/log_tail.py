"""The end of the agent's log, kept in memory, for staff who ask for it."""

import logging
from collections import deque

__all__ = ["TAIL_BYTES", "LogTail"]

#: What is kept, and sent at most; the server takes 256 KiB.
TAIL_BYTES = 192 * 1024

#: One line of it; a traceback is one record of many lines.
RECORD_BYTES = 8 * 1024


class LogTail(logging.Handler):
    """Keeps the newest lines; the formatter is the one that lets no secret through."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque()
        self._size = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        try:
            line = self.format(record)[:RECORD_BYTES]
        except Exception:  # noqa: BLE001  (logging must not fail)
            self.handleError(record)
            return
        self._lines.append(line)
        self._size += len(line.encode("utf-8", "replace")) + 1
        while self._size > TAIL_BYTES:
            self._size -= len(self._lines.popleft().encode("utf-8", "replace")) + 1

    def text(self) -> str:
        """All that is kept, the oldest first."""
        self.acquire()
        try:
            return "".join(f"{line}\n" for line in self._lines)
        finally:
            self.release()
