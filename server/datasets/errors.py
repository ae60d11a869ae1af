"""What data sets refuse beside the usual."""

from collections.abc import Sequence

from server.datasets.tables import Fault
from server.errors import ApplicationError
from server.sentences import joined

__all__ = ["CellsRefused", "FileRefused"]

#: Sentences in the message; all are in the details.
SAID = 3


class CellsRefused(ApplicationError):  # noqa: N818  (as the leaves of server.errors)
    """Cells are not what their columns hold; `details.faults` has each with its address."""

    status = 422
    code = "CELLS_REFUSED"

    def __init__(self, faults: Sequence[Fault], count: int) -> None:
        self.faults = tuple(faults)
        self.count = count
        told = [
            {"address": each.address, "row": each.row, "column": each.column, "message": each.said}
            for each in faults
        ]
        super().__init__(
            "%(n)d cells cannot be read, nothing was changed: %(first)s",
            values={"n": count, "first": joined([each.said for each in faults[:SAID]])},
            details={"faults": told, "count": count},
        )


class FileRefused(ApplicationError):  # noqa: N818  (as the leaves of server.errors)
    """The file is no table; `details.code` is a code of docs/ingest.md."""

    status = 422
    code = "FILE_REFUSED"
