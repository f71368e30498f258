"""Django's settings, from the environment the supervisor gives to every part."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ausrufer.config.demo_channels import DEMO_CHANNELS, standin_address
from ausrufer.config.keys import channels_key, secret_key


def environment(name: str, default: str = "") -> str:
    return os.environ.get(f"AUSRUFER_{name}", default)


DATA = Path(environment("DATA", "data")).absolute()
HOST = environment("HOST", "127.0.0.1")
PORT = int(environment("PORT", "8080"))
DEMO = environment("DEMO", "1") == "1"

PUBLIC_FOLDER = Path(environment("PUBLIC", str(DATA / "public")))
MEDIA_FOLDER = DATA / "media"
UPLOADS_FOLDER = DATA / "uploads"
PUBLIC_URL = environment("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
DESK_URL = environment("DESK_URL", f"http://127.0.0.1:{PORT + 1}").rstrip("/")
# Addresses in the own network that may be called all the same: the public pages themselves, and the demo's stand-ins.
ALLOWED_ORIGINS = [
    PUBLIC_URL,
    *(standin_address(each, PORT) for each in DEMO_CHANNELS if DEMO and each.addresses),
    *environment("ALLOWED_ORIGINS").split(),
]

# Folders with further platforms, a file each (docs/how-to-add-a-platform.md).
PLATFORM_FOLDERS = [folder for folder in environment("PLATFORMS").split(":") if folder]

# Whom a push service may ask when something goes wrong with our messages (RFC 8292): mailto: or https:.
PUSH_CONTACT = environment("PUSH_CONTACT", PUBLIC_URL)
# The relay that takes our mail and signs it (DKIM): smtp://user:password@host:port, smtps:// with TLS from the start.
SMTP = environment("SMTP", "smtp://127.0.0.1:25")
MAIL_FROM = environment("MAIL_FROM", "Newsletter <newsletter@localhost>")

SECRET_KEY = secret_key(DATA)
CHANNELS_KEY = channels_key(DATA)
DEBUG = False
ALLOWED_HOSTS = [*environment("ALLOWED_HOSTS", "127.0.0.1 localhost [::1]").split(), urlsplit(DESK_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [DESK_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "ausrufer.kernel",
    "ausrufer.people",
    "ausrufer.channels",
    "ausrufer.media",
    "ausrufer.posts",
    "ausrufer.deliveries",
    "ausrufer.concept",
    "ausrufer.public",
    "ausrufer.push",
    "ausrufer.newsletter",
    "ausrufer.desk",
    "ausrufer.config",
]
AUTH_USER_MODEL = "people.User"
ROOT_URLCONF = "ausrufer.config.urls"
WSGI_APPLICATION = "ausrufer.config.wsgi.application"

MIDDLEWARE = [
    "ausrufer.desk.headers.DeskHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ausrufer.desk.logged_out.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ausrufer.desk.readable_input.ReadableInput",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name`, or `…@/name?host=/socket/folder`."""
    parts = urlsplit(url)
    options = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        # The dispatcher's threads share a pool, since most of them rest most of the time.
        "CONN_MAX_AGE": 0 if POOLED else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "connect_timeout": 5, **({"pool": POOL} if POOLED else {})},
    }


POOLED = environment("POOL") == "1"
POOL = {"min_size": 1, "max_size": 42, "max_idle": 15.0, "timeout": 5.0}
DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///ausrufer"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = DESK_URL.startswith("https:")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}, "procrastinate": {"level": "WARNING"}},
}
