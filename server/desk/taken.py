"""Rows that are about to be deleted, kept so that they can come back as they were.

Generic: it knows no app's rules.  `taken` is asked before a service deletes; what it returns is
JSON.  Rights and the audit are those of `desk.ways`; nobody else calls `put_back`.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from server.errors import Conflict

__all__ = ["MOST_ROWS", "put_back", "taken"]

#: So many rows are kept of one act; what takes more has no way back.
MOST_ROWS = 20_000


def taken(*rows: models.Model) -> dict[str, Any] | None:
    """Return what deleting these rows (of one model) would take: they, and all that goes with them.

    Also which rows only lose their reference.  None where something forbids that they go,
    or where it is more than `MOST_ROWS`.
    """
    collector = Collector(using="default")
    try:
        collector.collect(list(rows))
    except (ProtectedError, RestrictedError):
        return None
    found = [*islice(_rows_in(collector), MOST_ROWS + 1)]
    if len(found) > MOST_ROWS:
        return None
    updates: dict[tuple[Any, Any], Any] = collector.field_updates
    freed = [
        [each._meta.label_lower, field.attname, each.pk, getattr(each, field.attname)]
        for (field, value), groups in updates.items()
        if value is None
        for group in groups
        for each in group
    ]
    first = rows[0]
    return {"subject": [first._meta.label_lower, first.pk], "rows": found, "freed": freed}


def _rows_in(collector: Collector) -> Iterator[list[Any]]:
    whole: list[Any] = [*collector.data.values(), *collector.fast_deletes]
    for group in whole:
        for each in group:
            yield [each._meta.label_lower, {f.attname: _plain(each, f) for f in _fields(each)}]


def _fields(row: models.Model) -> Iterable[Any]:
    return row._meta.concrete_fields


def _plain(row: models.Model, field: Any) -> Any:
    value = getattr(row, field.attname)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        raise TypeError(f"{field} holds bytes: they cannot be kept as JSON")
    return getattr(value, "name", value) if isinstance(field, models.FileField) else value


@transaction.atomic
def put_back(facts: dict[str, Any]) -> models.Model:
    """Write the rows again, with the keys that they had; return the one that was deleted.

    Raises `Conflict` where something stands in their place now, or what they belonged to is gone.
    """
    made = [_made(label, values) for label, values in facts["rows"]]
    _require_what_they_rest_on(made)
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in made:
        by_model.setdefault(type(row), []).append(row)
    try:
        with transaction.atomic():
            for model, rows in by_model.items():
                _all(model).bulk_create(rows)
    except IntegrityError as error:
        raise _in_the_way() from error
    for label, attname, pk, value in facts["freed"]:
        rows_now = _all(apps.get_model(label))
        rows_now.filter(pk=pk, **{attname: None}).update(**{attname: value})
    label, pk = facts["subject"]
    return _all(apps.get_model(label)).get(pk=pk)


def _all(model: type[models.Model]) -> models.Manager[models.Model]:
    """Every row, those that the model's own manager hides (the bin) too."""
    return model._base_manager  # noqa: SLF001  (Django's own name)


def _made(label: str, values: dict[str, Any]) -> models.Model:
    model: type[models.Model] = apps.get_model(label)
    return model(**{f.attname: f.to_python(values[f.attname]) for f in model._meta.concrete_fields})


def _require_what_they_rest_on(made: list[models.Model]) -> None:
    """Foreign keys are checked by databases at the end: ask before, to say it in a sentence."""
    back = {(type(row), row.pk) for row in made}
    for row in made:
        for field in _fields(row):
            value = getattr(row, field.attname)
            target = field.related_model if field.is_relation else None
            if target is None or value is None or (target, value) in back:
                continue
            if not _all(target).filter(pk=value).exists():
                raise _in_the_way()


def _in_the_way() -> Conflict:
    return Conflict(
        "It cannot come back as it was: something has its name now, or what it belonged to is gone."
        " Make it anew.",
        code="CANNOT_COME_BACK",
    )
