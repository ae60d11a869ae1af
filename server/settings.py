"""Django's settings: the composition root of the server's web half.

Values a maintainer may choose come from `server.configuration`; the rest is decided here, and
`server.checks` refuses what would be unsafe.  Works without a file (tests, type checks): then the
data folder is YINGBI_DATA, and there is no secret key until `yingbi-server init` made one.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from config.errors import ConfigError
from server import secret_key
from server.configuration import Configuration, current
from server.database import databases
from server.journal import logging_settings


def _configuration() -> Configuration:
    try:
        return current()
    except ConfigError as error:
        from django.core.exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(str(error)) from error


CONFIGURATION = _configuration()
DATA: Path = CONFIGURATION.data.directory
ORGANISATION: str = CONFIGURATION.organisation.id
PUBLIC_URLS: tuple[str, ...] = CONFIGURATION.web.public_urls

EMERGENCY_LONGEST = timedelta(hours=CONFIGURATION.emergency.longest_hours)

# --- secrets and hosts -------------------------------------------------------------------------

SECRET_KEY = secret_key.read(DATA)
DEBUG = False
_PUBLIC_HOSTS = sorted({urlsplit(url).hostname or "" for url in PUBLIC_URLS} - {""})
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_PUBLIC_HOSTS]
CSRF_TRUSTED_ORIGINS = [f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in PUBLIC_URLS]

# --- what there is -----------------------------------------------------------------------------

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
    "server.alerts",
    "server.screens",
    "server.library",
    "server.datasets",
    "server.webpages",
    "server.programme",
    "server.review",
    "server.publishing",
    "server.emergency",
    "server.cap",
    "server.portal",
    "server.telemetry",
    "server.desk",
    "server.reports",
    "server.remote",
    "server.watch",
    "server.plans",
    "django_htmx",
    "server.api",
    "server.staff",
]
MIDDLEWARE = [
    "server.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "server.static_files.StaticFiles",
    "server.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "server.staff.toasts.Toasts",
    "server.staff.drafts.Drafts",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "server.middleware.Errors",
]
ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "server.staff.context.page",
            ]
        },
    }
]
DATABASES = databases(CONFIGURATION.database, DATA)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LOGGING = logging_settings(CONFIGURATION.log.level, CONFIGURATION.log.requests)

# --- language and time -------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = CONFIGURATION.organisation.timezone or "UTC"
USE_I18N = True
LANGUAGE_CODE = CONFIGURATION.organisation.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

# --- static files, from the installation: the sites have no internet ---------------------------

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600

# --- logins ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "server.accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": CONFIGURATION.staff.password_characters},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "server.accounts.session_store"
#: Roles whose accounts must have a second factor.
SECOND_FACTOR_ROLES = CONFIGURATION.staff.second_factor_roles
SESSION_COOKIE_AGE = CONFIGURATION.staff.session_hours * 3600
SESSION_COOKIE_NAME = "__Host-session" if CONFIGURATION.is_tls else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIGURATION.is_tls
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIGURATION.is_tls else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = CONFIGURATION.is_tls
CSRF_FAILURE_VIEW = "server.responses.csrf_failure"
PASSWORD_RESET_TIMEOUT = 3600

# --- mail (server.alerts) ----------------------------------------------------------------------

EMAIL_HOST = CONFIGURATION.mail.host
EMAIL_PORT = CONFIGURATION.mail.port
EMAIL_USE_TLS = CONFIGURATION.mail.security == "starttls"
EMAIL_USE_SSL = CONFIGURATION.mail.security == "tls"
EMAIL_HOST_USER = CONFIGURATION.mail.user
EMAIL_HOST_PASSWORD = CONFIGURATION.mail.password
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIGURATION.mail.sender or "yingbi@localhost"

# --- headers -----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 86_400 if CONFIGURATION.is_tls else 0
X_FRAME_OPTIONS = "DENY"

# --- limits ------------------------------------------------------------------------------------

#: The largest body that is read whole (forms, JSON), in bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
#: A file of a form goes to the disk from this size on, in bytes.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(DATA / "uploads") if (DATA / "uploads").is_dir() else None
#: The largest file that staff may upload, and the most of one person in a day, in bytes.
MAX_UPLOAD_BYTES = CONFIGURATION.uploads.max_file_mib * 1024 * 1024
MAX_DAILY_UPLOAD_BYTES = int(CONFIGURATION.uploads.max_daily_gib * 1024**3)
#: The virus scanner that uploads must pass; "" for none.
SCAN_COMMAND = CONFIGURATION.uploads.scan_command
#: Uploads are refused before the disk has less than this left, in bytes.
MIN_FREE_BYTES = int(CONFIGURATION.data.min_free_gib * 1024**3)

SILENCED_SYSTEM_CHECKS = [
    # TLS ends at the proxy in front, which redirects; server.checks says what matters here.
    "security.W008",
]
