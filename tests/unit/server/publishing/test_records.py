"""What was on the wall stays on the record: our code cannot change it, and SQL cannot either."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.publishing.kept import Unchangeable
from server.publishing.models import Publication, Release, RootDocument
from server.publishing.services import publish
from tests.simulators.enterprise import Enterprise


@pytest.fixture
def release(enterprise: Enterprise) -> Release:
    made = publish(
        screens=[enterprise.lobby()],
        actor=enterprise.administrator,
        reason="Opening",
        now=enterprise.now,
    )
    assert made is not None
    return made


@pytest.mark.parametrize("model", [Release, Publication, RootDocument])
def test_a_record_is_neither_saved_again_nor_deleted(release: Release, model: type[Model]) -> None:
    row = model._default_manager.get()
    with pytest.raises(Unchangeable):
        row.save()
    with pytest.raises(Unchangeable):
        row.delete()
    with pytest.raises(Unchangeable):
        model._default_manager.all().delete()
    with pytest.raises(Unchangeable):
        model._default_manager.update(pk=7)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publishing_release SET reason = 'another'",
        "UPDATE publishing_publication SET payload_sha256 = 'another'",
        "UPDATE publishing_publication SET version = version + 1",
        "UPDATE publishing_rootdocument SET epoch = 2",
    ],
)
def test_sql_that_changes_a_record_is_refused(release: Release, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_sql_that_deletes_a_record_is_refused_on_postgresql(release: Release) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite refuses only changes: see migration 0003")
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM publishing_publication")


def test_the_audit_holds_the_digest_of_every_manifest(release: Release) -> None:
    row = AuditRow.objects.get(action="publishing.publish")
    publication = release.publications.get()
    name = f"hq/{publication.screen.slug}"
    assert row.detail == {"reason": "Opening", "manifests": {name: publication.payload_sha256}}
    assert (row.actor, row.subject_id) == ("administrator", str(release.pk))
    assert not verify_chain().breaks
