"""A row that was changed, deleted, put in or moved is found, wherever it stands."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from server.audit.chain import GENESIS
from server.audit.models import AuditRow
from server.audit.selectors import head, verify_chain
from server.audit.services import record
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db

ROWS = 7


@pytest.fixture(autouse=True)
def written():
    actor = objects.administrator()
    for number in range(ROWS):
        detail = {"number": number, "share": 0.1, "name": "一号矿\0", "when": NOW, "none": None}
        with transaction.atomic():
            now = NOW + timedelta(seconds=number)
            record(actor=actor, action="test.act", subject=actor, detail=detail, now=now)


def test_a_chain_that_nobody_touched_holds():
    chain = verify_chain()
    assert chain.holds
    assert chain.rows == ROWS
    assert head() == (ROWS, chain.head_sha256)
    assert AuditRow.objects.get(number=1).previous_sha256 == GENESIS


@pytest.mark.parametrize("number", range(1, ROWS + 1))
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "somebody"},
        {"action": "test.other"},
        {"subject_name": "another"},
        {"detail": {}},
        {"at": NOW - timedelta(microseconds=1)},
        {"address": "10.0.0.1"},
    ],
)
def test_a_row_that_was_changed_is_found(number, change):
    AuditRow.objects.filter(number=number).update(**change)
    assert [fault.number for fault in verify_chain().breaks] == [number]


@pytest.mark.parametrize("number", range(1, ROWS))
def test_a_row_that_was_deleted_is_found(number):
    AuditRow.objects.filter(number=number).delete()
    assert [fault.number for fault in verify_chain().breaks] == [number]


def test_a_row_that_was_deleted_is_found_when_those_after_it_were_numbered_anew():
    AuditRow.objects.filter(number=3).delete()
    for number in range(4, ROWS + 1):
        AuditRow.objects.filter(number=number).update(number=number - 1)
    assert not verify_chain().holds


def test_rows_that_changed_places_are_found():
    first, second = AuditRow.objects.get(number=3), AuditRow.objects.get(number=4)
    AuditRow.objects.filter(pk=first.pk).update(number=1000)
    AuditRow.objects.filter(pk=second.pk).update(number=3)
    AuditRow.objects.filter(pk=first.pk).update(number=4)
    assert {3, 4} <= {fault.number for fault in verify_chain().breaks}


def test_a_row_that_was_put_in_is_found_although_its_own_digest_is_right():
    from server.audit.chain import Act, sealed

    for number in range(ROWS, 3, -1):
        AuditRow.objects.filter(number=number).update(number=number + 1)
    before, after = AuditRow.objects.get(number=3), AuditRow.objects.get(number=5)
    forged = sealed(Act(4, NOW, "forger", "", "", "test.act", "", "", "", {}), before.sha256)
    AuditRow.objects.filter(pk=after.pk).update(previous_sha256=forged["sha256"])
    AuditRow.objects.create(**forged)
    assert [fault.number for fault in verify_chain().breaks] == [5, 6, 7, 8]


def test_two_rows_cannot_follow_the_same_row():
    from server.audit.chain import Act, sealed

    first = AuditRow.objects.get(number=1)
    twin = sealed(Act(99, NOW, "forger", "", "", "test.act", "", "", "", {}), first.sha256)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditRow.objects.create(**twin)


def test_a_row_cut_off_the_end_shows_against_the_head_that_was_written_down():
    written_down = head()
    AuditRow.objects.filter(number=ROWS).delete()
    assert verify_chain().holds  # the chain itself cannot know
    assert head() != written_down


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError, match="transaction"):
        record(actor=None, action="test.act", now=NOW)


def test_an_act_that_is_undone_leaves_no_row():
    def undone():
        with transaction.atomic():
            record(actor=None, action="test.act", now=NOW)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        undone()
    assert verify_chain().rows == ROWS


def test_the_check_of_the_chain_sees_nothing_if_digests_are_not_compared(monkeypatch):
    """The negative control: without the digests a changed row passes."""
    from server.audit import chain

    AuditRow.objects.filter(number=2).update(actor="somebody")
    monkeypatch.setattr(
        chain, "_digest", lambda columns: AuditRow.objects.get(number=columns["number"]).sha256
    )
    assert verify_chain().holds
