"""Django's settings, read from the environment; the defaults run on a laptop.

Every variable is explained in ``docs/running.md``; a test keeps the two together.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from shopapp import embedded, env
from shopapp.kit import clock
from shopapp.schedule import beat_schedule

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("REBASKET_VAR", str(ROOT / "var")))

DEBUG = env.flag("DEBUG", default=False)
PRODUCTION = env.flag("PRODUCTION", default=False)
APP_URL = env.text("APP_URL", "http://127.0.0.1:8000").rstrip("/")
# Where WooCommerce posts its keys: it insists on https, which a laptop only has beside APP_URL.
APP_HTTPS_URL = env.text("APP_HTTPS_URL", APP_URL).rstrip("/")

LAPTOP_KEY = "laptop-only-secret-key-that-production-refuses"
SECRET_KEY = env.text("SECRET_KEY", LAPTOP_KEY)
SEAL_KEYS_GIVEN = bool(env.words("SEAL_KEYS"))
SEAL_KEYS = env.words("SEAL_KEYS") or [
    base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()
]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
    urlparse(APP_URL).hostname or "",
    urlparse(APP_HTTPS_URL).hostname or "",
    "localhost",
    "127.0.0.1",
]
CSRF_TRUSTED_ORIGINS = sorted({APP_URL, APP_HTTPS_URL})

# Stores on this machine's own loopback: for development and the demo only (a check refuses it).
ALLOW_LOOPBACK_STORES = env.flag("ALLOW_LOOPBACK_STORES", default=False)
EGRESS_EXTRA_CA_FILE = env.text("EGRESS_EXTRA_CA_FILE", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "axes",
    "anymail",
    "shopapp.kit",
    "shopapp.shops",
    "shopapp.install",
    "recovery.contacts",
    "recovery.catalog",
    "recovery.carts",
    "recovery.offers",
    "recovery.orders",
    "recovery.messaging",
    "recovery.flows",
    "recovery.attribution",
    "recovery.privacy",
    "recovery.casework",
    "recovery.ingest",
    "recovery.analytics",
    "widgets",
]

MIDDLEWARE = [
    "shopapp.kit.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shopapp.kit.middleware.ContentSecurity",
    "shopapp.shops.middleware.EmbeddedSession",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shopapp.kit.middleware.AppErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shopapp.urls"
WSGI_APPLICATION = "shopapp.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shopapp.shops.frame.frame",
                "shopapp.shops.frame.embedded",
                "recovery.casework.frame.counts",
                "recovery.casework.beginning.beginning",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a postgresql:// address (a host in the query is a socket)."""
    parts = urlparse(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.get("host", parts.hostname or "")),
        "PORT": str(options.get("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10},
    }


def _database_urls() -> tuple[str, str]:
    url = env.text("DATABASE_URL", "")
    if url:
        return url, env.text("DATABASE_OWNER_URL")
    return embedded.connection_urls(embedded.ensure(VAR / "postgres"))


_app_url, _owner_url = _database_urls()
DATABASES = {"default": database(_app_url), "owner": database(_owner_url)}
DATABASES["owner"]["CONN_MAX_AGE"] = 0
# A migration that cannot get its lock gives up instead of stopping every query behind it.
DATABASES["owner"]["OPTIONS"]["options"] = "-c lock_timeout=2s"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

AUTH_USER_MODEL = "shops.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
# The name under which Django itself reports a failure: another one would lock nobody out.
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "shopapp.kit.limits.address_of"
AXES_LOCKOUT_CALLABLE = "shopapp.kit.middleware.locked_out"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = APP_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "shopapp.shops.remarks.storage"
# The proxy in front sets X-Forwarded-Proto, and adds the caller to X-Forwarded-For.
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY", default=False) else None
)
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "staticfiles"
# WhiteNoise serves from the sources too, and only warns when this folder is not there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env.number("EMAIL_PORT", 1025))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Rebasket <hello@rebasket.example>")
ANYMAIL = {
    name: value
    for name in (
        "POSTMARK_SERVER_TOKEN",
        "MAILGUN_API_KEY",
        "SENDGRID_API_KEY",
        "BREVO_API_KEY",
    )
    if (value := env.text(name, ""))
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

BROKER_URL = env.text("BROKER_URL", "filesystem://localhost")
TICK = timedelta(seconds=env.number("TICK_SECONDS", 10.0))
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "shopapp.kit.spool:Transport"
    _spool = VAR / "broker"
    for _folder in ("queue", "control"):
        (_spool / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_spool / "queue"),
        "data_folder_out": str(_spool / "queue"),
        "control_folder": str(_spool / "control"),
        "polling_interval": 0.05,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = beat_schedule(TICK)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

CLOCK = clock.SETTING

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "shopapp.kit.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
