"""What many tests look at and none may change: made once, whatever they do with it is taken back.

For tests of rights, which ask the same things hundreds of questions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from server.library.blobs import store
from server.library.parts import parts
from server.publishing.signing import forget_signer
from tests.simulators.enterprise import Enterprise
from tests.simulators.enterprise_of_today import of_today

__all__ = ["standing_enterprise", "taken_back"]


@contextmanager
def standing_enterprise(blocker: DjangoDbBlocker, folder: Path) -> Iterator[Enterprise]:
    """An enterprise of today that stands for a whole module; afterwards it was never there.

    The transaction of each test lies within this one.
    """
    settings = override_settings(DATA=folder, MIN_FREE_BYTES=0)
    with blocker.unblock(), settings, taken_back():
        forget_signer()
        store.cache_clear()
        yield of_today(folder)
        store.cache_clear()
        forget_signer()


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction of which nothing stays, nor on the disk: what was on its way still is."""
    sent = {path: path.read_bytes() for path in parts().names()}
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for path, content in sent.items():
            path.write_bytes(content)
