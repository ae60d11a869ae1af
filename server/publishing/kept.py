"""Rows that are a record: added, read, and never changed or deleted again.

For the models of this app.  This refuses it to our own code, whose bug it would be; the triggers of
migration 0003 refuse it to everybody who comes through the database.
"""

from typing import Any, NoReturn

from django.db import models

__all__ = ["Kept", "KeptRows", "Unchangeable"]


class Unchangeable(RuntimeError):
    """Somebody tried to change or delete what is a record: a bug of ours."""


class KeptRows(models.QuerySet[Any]):
    """Rows that are added and read, and nothing else."""

    def update(self, **_changes: object) -> NoReturn:
        """Refuse."""
        raise Unchangeable(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise Unchangeable(f"{self.model.__name__} rows are never deleted")

    def sign(self, pk: int, envelope: bytes, *, complete: bool) -> None:
        """Give a publication the envelope with more signatures over the same bytes (level 2)."""
        super(KeptRows, self.filter(pk=pk)).update(envelope=envelope, complete=complete)


class Kept(models.Model):
    """Base of records: saved once, never deleted."""

    class Meta:
        abstract = True

    objects = KeptRows.as_manager()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one that is there."""
        if not self._state.adding:
            raise Unchangeable(f"{self} is a record and never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise Unchangeable(f"{self} is a record and never deleted")
