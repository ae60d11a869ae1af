"""Refuses settings that would be unsafe: Django system checks with ids, each with what to do.

`yingbi-server run` and `check` ask; an Error stops the start, a Warning is told.
"""

import logging
import os
import ssl
from typing import Any

from django.conf import settings
from django.core import checks

from command import Failed
from server.database import has_wal_reset_bug
from server.secret_key import OWN_KEYS

log = logging.getLogger("server.run")

__all__ = ["problems", "refuse_unsafe_settings"]


@checks.register(checks.Tags.security)
def check_secret_key(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.E001: sessions and forms are sealed with a key that nobody else has."""
    found: list[checks.CheckMessage] = []
    key: str = settings.SECRET_KEY
    if len(key) < 50:
        found.append(
            checks.Error(
                "The secret key is missing or short.", "yingbi-server init", id="yingbi.E001"
            )
        )
    for path in (settings.DATA / name for name in OWN_KEYS):
        if path.exists() and path.stat().st_mode & 0o077:
            hint = f"chmod 600 '{path}'"
            found.append(checks.Error("Others may read the secret key.", hint, id="yingbi.E002"))
    return found


@checks.register(checks.Tags.security)
def check_debug(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.E003: pages with the insides of the program are for nobody."""
    if not settings.DEBUG:
        return []
    return [checks.Error("DEBUG is on.", "take it out of the settings", id="yingbi.E003")]


@checks.register(checks.Tags.security)
def check_hosts(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.E004: only requests for our own names are answered."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    hint = "name the addresses in web.public_urls"
    return [checks.Error("Every host name is answered.", hint, id="yingbi.E004")]


@checks.register(checks.Tags.security)
def check_clear_text(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W005: passwords over a network in the clear."""
    web = settings.CONFIGURATION.web
    is_local = web.listen in {"127.0.0.1", "::1"} and not web.public_urls
    if is_local or settings.CONFIGURATION.is_tls:
        return []
    hint = "set web.tls_certificate and web.tls_key, or a proxy with TLS and https in public_urls"
    text = "Passwords of staff and tokens of screens travel in the clear."
    return [checks.Warning(text, hint, id="yingbi.W005")]


@checks.register(checks.Tags.security)
def check_proxies(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W006: a proxy nobody trusts makes all clients look like one."""
    web = settings.CONFIGURATION.web
    if not web.x_accel_path or web.trusted_proxies:
        return []
    hint = 'set web.trusted_proxies, such as ["127.0.0.1"]'
    text = "There is a proxy in front, and its word on the clients' addresses is not taken."
    return [checks.Warning(text, hint, id="yingbi.W006")]


@checks.register(checks.Tags.security)
def check_sqlite(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W007: the WAL-reset bug of SQLite before 3.51.3."""
    if "sqlite" not in settings.DATABASES["default"]["ENGINE"] or not has_wal_reset_bug():
        return []
    import sqlite3

    hint = (
        "keep to one process (the default), keep the nightly backup, and use PostgreSQL"
        " or a Python with SQLite 3.51.3 where more write at once"
    )
    text = (
        f"SQLite {sqlite3.sqlite_version} can, very rarely, damage its log when two processes"
        " write at the same moment (fixed in 3.51.3)."
    )
    return [checks.Warning(text, hint, id="yingbi.W007")]


@checks.register(checks.Tags.security)
def check_user(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W008: the server needs no rights of root."""
    if os.geteuid() != 0:
        return []
    hint = "run it as a user of its own (the packaged unit does)"
    return [checks.Warning("The server runs as root.", hint, id="yingbi.W008")]


@checks.register(checks.Tags.security)
def check_certificate(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.E009: nobody can connect with a certificate that cannot be read."""
    web = settings.CONFIGURATION.web
    if web.tls_certificate is None:
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(web.tls_certificate, web.tls_key)
    except OSError as error:  # ssl.SSLError is one
        text = f"web.tls_certificate and web.tls_key cannot be used: {error.strerror or error}."
        hint = "name a chain and its key (PEM) that the server's user may read"
        return [checks.Error(text, hint, id="yingbi.E009")]
    return []


def problems() -> list[checks.CheckMessage]:
    """Return what Django's and our own checks find."""
    found: list[checks.CheckMessage] = checks.run_checks(include_deployment_checks=False)
    return [message for message in found if not message.is_silenced()]


def refuse_unsafe_settings() -> None:
    """Raise `Failed` with every error at once; tell the warnings to the log."""
    found = problems()
    for message in found:
        if not message.is_serious():
            log.info("%s: %s %s", message.id, message.msg, message.hint)
    errors = [message for message in found if message.is_serious()]
    if errors:
        told = "\n".join(f"  {one.id}: {one.msg} ({one.hint})" for one in errors)
        raise Failed(f"these settings are not safe:\n{told}", os.EX_CONFIG)
