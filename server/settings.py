"""Django's settings: the composition root of the server's web half."""

import os
from pathlib import Path

DATA = Path(os.environ.get("YINGBI_DATA", "/var/lib/yingbi-server"))

SECRET_KEY = os.environ.get("YINGBI_SECRET_KEY", "only-for-tests")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
AUTH_USER_MODEL = "accounts.Staff"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "server.audit",
    "server.accounts",
    "server.screens",
    "server.library",
    "server.programme",
    "server.publishing",
    "server.telemetry",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "yingbi.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA foreign_keys=ON; PRAGMA mmap_size=0"
            ),
        },
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
