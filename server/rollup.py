"""Adds rows to sums that the database keeps: one statement for thousands of rows.

For what is summed up by day beside the answering of requests: `UPDATE`s by the ORM, row by row or
as one `CASE` for each column, take a hundred times as long.  PostgreSQL and SQLite understand it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection, models, transaction

__all__ = ["ADD", "BITS", "KEEP", "LEAST", "MOST", "NEWEST_TEXT", "Value", "roll_up"]

Value = int | float | str | date | None

#: What becomes of a column of which there is a value: `{kept}` is that, `{comes}` the new one, and
#: `{there}` and `{excluded}` stand before another column's name.
ADD = "{kept} + {comes}"
BITS = "{kept} | {comes}"
KEEP = "{kept}"
LEAST = (
    "CASE WHEN {kept} IS NULL OR {comes} < {kept} THEN COALESCE({comes}, {kept}) ELSE {kept} END"
)
MOST = "CASE WHEN {kept} IS NULL OR {comes} > {kept} THEN COALESCE({comes}, {kept}) ELSE {kept} END"
NEWEST_TEXT = "CASE WHEN {comes} <> '' THEN {comes} ELSE {kept} END"

#: Rows of one transaction: it keeps other writers out for a few milliseconds.
AT_A_TIME = 1_000


def roll_up(
    model: type[models.Model],
    keys: Sequence[str],
    folds: Mapping[str, str],
    rows: Iterable[Sequence[Value]],
) -> None:
    """Insert `rows`, or fold them into those with the same `keys`: columns unique together.

    A row has the values of `keys`, then those of `folds`, in their order.  A column that nobody has
    a word for must have a default in the database or be nullable.
    """
    statement = _statement(model, keys, folds)
    adapted = connection.ops.adapt_datefield_value
    waiting = [
        [adapted(value) if isinstance(value, date) else value for value in row] for row in rows
    ]
    for begin in range(0, len(waiting), AT_A_TIME):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, waiting[begin : begin + AT_A_TIME])


def _statement(model: type[models.Model], keys: Sequence[str], folds: Mapping[str, str]) -> str:
    """The names are those of our own models; what others said comes as parameters."""
    table, quoted = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name
    there, excluded = f"{table}.", "excluded."
    updates = ", ".join(
        f"{quoted(name)} = "
        + fold.format(
            kept=there + quoted(name), comes=excluded + quoted(name), there=there, excluded=excluded
        )
        for name, fold in folds.items()
    )
    columns = ", ".join(map(quoted, (*keys, *folds)))
    values = ", ".join(["%s"] * (len(keys) + len(folds)))
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608
        f" ON CONFLICT ({', '.join(map(quoted, keys))}) DO UPDATE SET {updates}"
    )
