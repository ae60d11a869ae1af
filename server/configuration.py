"""The maintainer's settings of the server: one TOML file, frozen and typed, each key with its rule.

Read once, by `server.settings` and the commands; whoever needs a value is handed it by Django's
settings.  Other than on a box a mistake stops the start, with every problem at once: a server that
guesses its data folder or its addresses does harm, and a person is at hand.

The environment: YINGBI_SERVER_CONFIG names the file, YINGBI_DATA the data folder, DATABASE_URL the
database (with its password, if it has one).  They win over the file.
"""

import os
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct, structs

from config.addresses import Urls
from config.errors import ConfigError, ConfigProblem
from config.loader import read_file
from config.reading import Reading, read_as
from config.rules import Flag, FolderPath, Number, OneOf, Text
from config.schema import Schema, schema_of
from config.times import TimeOfDay, TimeZone
from server.rules import Database, HostNames, Listen, Networks, Slug, UrlPath, Words

__all__ = ["DEFAULT_PATH", "SERVER", "Configuration", "current", "example", "load"]

#: Where the package puts the file.
DEFAULT_PATH = Path("/etc/yingbi/server.toml")


class OrganisationSettings(Struct, frozen=True):
    """Whose screens these are."""

    id: Annotated[str, Slug()] = "yingbi"
    name: Annotated[str, Text(60)] = ""
    language: Annotated[Literal["zh-hans", "en"], OneOf(("zh-hans", "en"))] = "zh-hans"
    timezone: Annotated[str, TimeZone()] = "Asia/Shanghai"


class DataSettings(Struct, frozen=True):
    """Where everything is kept, and how much of the disk is left free."""

    directory: Annotated[Path, FolderPath()] = Path("/var/lib/yingbi-server")
    min_free_gib: Annotated[float, Number(0.1, 1024, "GiB", whole=False)] = 2.0


class WebSettings(Struct, frozen=True):
    """Where the server listens, and under which addresses it is reached."""

    listen: Annotated[str, Listen()] = "127.0.0.1"
    port: Annotated[int, Number(1, 65535)] = 8460
    public_urls: Annotated[tuple[str, ...], Urls()] = ()
    tls_certificate: Annotated[Path | None, FolderPath(optional=True)] = None
    tls_key: Annotated[Path | None, FolderPath(optional=True)] = None
    trusted_proxies: Annotated[tuple[str, ...], Networks()] = ()
    x_accel_path: Annotated[str, UrlPath()] = ""
    processes: Annotated[int, Number(1, 64)] = 1


class DatabaseSettings(Struct, frozen=True):
    """Where rows are kept: SQLite in the data folder, or PostgreSQL."""

    url: Annotated[str, Database()] = ""
    password_file: Annotated[Path | None, FolderPath(optional=True)] = None


class StorageSettings(Struct, frozen=True):
    """Where files are kept: in the data folder, or in an S3 store."""

    kind: Annotated[Literal["file", "s3"], OneOf(("file", "s3"))] = "file"
    s3_endpoint: Annotated[str, Text(200)] = ""
    s3_bucket: Annotated[str, Text(63)] = ""
    s3_region: Annotated[str, Text(40)] = ""
    s3_credentials_file: Annotated[Path | None, FolderPath(optional=True)] = None


class UploadSettings(Struct, frozen=True):
    """How much may be uploaded."""

    max_file_mib: Annotated[int, Number(1, 1_048_576, "MiB")] = 4096
    max_daily_gib: Annotated[float, Number(0.1, 10_000, "GiB", whole=False)] = 50.0
    scan_command: Annotated[str, Text(500)] = ""


class WorkerSettings(Struct, frozen=True):
    """How many files are prepared at the same time."""

    count: Annotated[int, Number(1, 32)] = 1


#: The roles of `accounts.models.Role` (a test compares the two).
ROLES = ("editor", "reviewer-1", "reviewer-2", "reviewer-3", "administrator", "auditor")


class StaffSettings(Struct, frozen=True):
    """How staff log in."""

    session_hours: Annotated[int, Number(1, 720, "hours")] = 12
    password_characters: Annotated[int, Number(8, 64, "characters")] = 12
    second_factor_roles: Annotated[tuple[str, ...], Words(ROLES)] = ()


class EmergencySettings(Struct, frozen=True):
    """How long an emergency may have the screens before somebody has to prolong it."""

    longest_hours: Annotated[int, Number(1, 168, "hours")] = 24


class RetentionSettings(Struct, frozen=True):
    """How long what screens report is kept; publications and the audit are kept for ever."""

    play_records_days: Annotated[int, Number(1, 3650, "days")] = 400
    faults_days: Annotated[int, Number(1, 3650, "days")] = 400
    heartbeats_days: Annotated[int, Number(1, 3650, "days")] = 190
    screenshots_days: Annotated[int, Number(1, 3650, "days")] = 30


class BackupSettings(Struct, frozen=True):
    """The nightly backup."""

    at: Annotated[time | None, TimeOfDay()] = time(3, 10)
    directory: Annotated[Path | None, FolderPath(optional=True)] = None
    keep: Annotated[int, Number(1, 365)] = 14


class MailSettings(Struct, frozen=True):
    """The mail server that takes what staff are told by mail."""

    host: Annotated[str, Text(200)] = ""
    port: Annotated[int, Number(1, 65535)] = 587
    security: Annotated[Literal["starttls", "tls", "none"], OneOf(("starttls", "tls", "none"))] = (
        "starttls"
    )
    user: Annotated[str, Text(200)] = ""
    password_file: Annotated[Path | None, FolderPath(optional=True)] = None
    sender: Annotated[str, Text(200)] = ""

    @property
    def password(self) -> str:
        """The first line of the password's file; "" where there is none that can be read.

        A mail server that refuses us for it is told of where mail is sent.
        """
        try:
            text = self.password_file.read_text("utf-8") if self.password_file else ""
        except (OSError, UnicodeDecodeError):
            return ""
        return text.partition("\n")[0].strip()


class AlertSettings(Struct, frozen=True):
    """Where messages may go."""

    webhook_networks: Annotated[tuple[str, ...], Networks()] = ()


class FetchSettings(Struct, frozen=True):
    """From where data sets and web pages may come: hosts (".example": all below it),
    networks of ours.
    """

    hosts: Annotated[tuple[str, ...], HostNames()] = ()
    networks: Annotated[tuple[str, ...], Networks()] = ()


class PortalSettings(Struct, frozen=True):
    """Which other sites may show the open pages of playlists in a frame."""

    frame_ancestors: Annotated[tuple[str, ...], Urls()] = ()


class LogSettings(Struct, frozen=True):
    """What is written to the journal."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], OneOf(("debug", "info", "warning", "error"))
    ] = "info"
    requests: Annotated[bool, Flag()] = False


class Configuration(Struct, frozen=True):
    """Everything a maintainer can set; the defaults are those of a server without a file."""

    organisation: OrganisationSettings = OrganisationSettings()
    data: DataSettings = DataSettings()
    web: WebSettings = WebSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    uploads: UploadSettings = UploadSettings()
    worker: WorkerSettings = WorkerSettings()
    staff: StaffSettings = StaffSettings()
    emergency: EmergencySettings = EmergencySettings()
    retention: RetentionSettings = RetentionSettings()
    backup: BackupSettings = BackupSettings()
    mail: MailSettings = MailSettings()
    alerts: AlertSettings = AlertSettings()
    fetch: FetchSettings = FetchSettings()
    portal: PortalSettings = PortalSettings()
    log: LogSettings = LogSettings()

    @property
    def is_tls(self) -> bool:
        """Do people reach this server over TLS, here or at a proxy in front?"""
        return bool(self.web.tls_certificate) or any(
            url.startswith("https:") for url in self.web.public_urls
        )


#: The schema of `server.toml`.  The trail tells what became of keys of earlier versions.
SERVER: Schema[Configuration] = schema_of(Configuration(), "server.example.toml", {})


def example() -> str:
    """Return the text of `server.example.toml`: every key, with its default and its meaning."""
    return Path(__file__).with_name("server.example.toml").read_text("utf-8")


@cache
def current() -> Configuration:
    """Return the configuration of this process, read once.  Raises `ConfigError`."""
    return load(os.environ)


def load(environment: Mapping[str, str]) -> Configuration:
    """Read the configuration that the environment names.  Raises `ConfigError` with every problem.

    A file that YINGBI_SERVER_CONFIG names must be there; without it `DEFAULT_PATH` may be missing.
    """
    reading = _read(environment)
    problems = list(reading.problems)
    changed = _from_environment(reading.settings, environment, problems)
    problems += _contradictions(changed)
    if any(problem.is_error for problem in problems):
        raise ConfigError(problems)
    return changed


def _read(environment: Mapping[str, str]) -> Reading[Configuration]:
    named = environment.get("YINGBI_SERVER_CONFIG")
    path = Path(named) if named else DEFAULT_PATH
    if not named and not path.exists():
        return Reading(SERVER.defaults, (), {}, dict.fromkeys(SERVER.keys, "default"), True)
    return read_as(SERVER, read_file(path, SERVER.example), str(path))


def _from_environment(
    read: Configuration, environment: Mapping[str, str], problems: list[ConfigProblem]
) -> Configuration:
    folder = environment.get("YINGBI_DATA")
    if folder and not folder.startswith("/"):
        cure = "write the path from the root: /..."
        problems.append(ConfigProblem("YINGBI_DATA", "is not an absolute path", cure))
    elif folder:
        read = structs.replace(read, data=structs.replace(read.data, directory=Path(folder)))
    if url := environment.get("DATABASE_URL"):
        read = structs.replace(read, database=DatabaseSettings(url, read.database.password_file))
    return read


def _contradictions(read: Configuration) -> list[ConfigProblem]:
    """Return what each key allows by itself and the whole does not."""
    found = []
    if bool(read.web.tls_certificate) != bool(read.web.tls_key):
        found.append(("web.tls_key", "a certificate and its key go together", "name both files"))
    if read.storage.kind == "s3" and not (read.storage.s3_bucket and read.storage.s3_endpoint):
        what = 'storage.kind is "s3", and there is no bucket or no endpoint'
        found.append(("storage.s3_bucket", what, "set storage.s3_endpoint and storage.s3_bucket"))
    if read.mail.host and not read.mail.sender:
        what = "mail has no sender, and mail servers take none without"
        found.append(("mail.sender", what, "write the address that mail comes from"))
    if read.web.processes > 1 and not read.database.url:
        what = "several processes that write need PostgreSQL"
        found.append(("web.processes", what, "set database.url, or web.processes = 1"))
    return [ConfigProblem("the settings", what, cure, None, key) for key, what, cure in found]
