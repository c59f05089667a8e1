"""Settings, by environment. `YETKIN_ENV` chooses; production refuses to start half-configured."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

ROOT = Path(__file__).resolve().parent


# Everybody can read it, so production refuses it.
DEVELOPMENT_KEY = "development only, never in production"


class NotConfigured(RuntimeError):
    """A setting is missing, weak or cannot be understood: one sentence, which repeats no value that may be secret."""


def _guessable(key: str) -> bool:
    """Published, short, of few signs, or mostly signs that follow each other (0123…, abcd…)."""
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(key)]
    in_a_row = sum(step in (-1, 0, 1) for step in steps)
    return key == DEVELOPMENT_KEY or len(key) < 32 or len(set(key)) < 10 or in_a_row > len(steps) / 2


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NotConfigured(f"{name} must be a number")
    return int(text)


def _at_least_one(name: str, text: str) -> int:
    number = _number(name, text)
    if not number:
        raise NotConfigured(f"{name} must be 1 or more")
    return number


def _hour(name: str, text: str) -> int:
    hour = _number(name, text)
    if hour > 23:
        raise NotConfigured(f"{name} must be an hour from 0 to 23")
    return hour


def database(text: str) -> str:
    """The address as SQLAlchemy reads it: hosting services and older tools say `postgres://`."""
    text = f"postgresql{text.removeprefix('postgres')}" if text.startswith("postgres://") else text
    try:
        url = make_url(text)
        known = url.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise NotConfigured("DATABASE_URL must begin with sqlite:/// or postgresql:// and be an address")
    if "@" in (url.host or ""):  # the rest of the password would pass for a part of the host's name, and be told
        raise NotConfigured("DATABASE_URL has more than one @: inside the password it is written %40")
    _driver(url)
    return text


def _driver(url: URL) -> None:
    try:
        url.get_dialect().import_dbapi()
    except (ImportError, NoSuchModuleError):
        raise NotConfigured(
            f"DATABASE_URL needs the driver of {url.drivername}, which is not installed:"
            " install requirements.txt and write postgresql:// alone"
        ) from None


class Base:
    ENV_NAME = "development"
    DEBUG = False
    TESTING = False
    PROPAGATE = False
    SECURE = False
    LOG_LEVEL = "WARNING"
    SESSION_COOKIE_NAME = "yetkin"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = False
    WTF_CSRF_TIME_LIMIT: int | None = None
    WTF_CSRF_SSL_STRICT = False  # Origin and Sec-Fetch-Site are checked (web.edge.headers); some send no Referer
    MAX_CONTENT_LENGTH = 6 * 1024 * 1024  # of a form with a file of 5 MB; views that take more say so (web.door.takes)
    MAX_TAKEN_IN = 64 * 1024 * 1024  # before the page refuses: a connection closed in the middle tells nobody why
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    MAX_FORM_PARTS = 5_000
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    TRUSTED_PROXIES = 0
    TRUSTED_PROXY = "127.0.0.1"
    TRUSTED_HOSTS: list[str] | None = None
    SECOND_FACTOR_REQUIRED = False

    def __init__(self) -> None:
        get = os.environ.get
        folder = self.INSTANCE_PATH = Path(get("YETKIN_INSTANCE") or ROOT / "instance")
        self.SQLALCHEMY_DATABASE_URI = database(get("DATABASE_URL") or f"sqlite:///{folder / self.database_name}")
        self.SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {"hide_parameters": True}
        self.DATABASE_POOL = _at_least_one("DATABASE_POOL", get("DATABASE_POOL") or "5")
        self.SECRET_KEY = get("SECRET_KEY") or DEVELOPMENT_KEY
        self.SECRET_KEY_FALLBACKS = [key for key in get("SECRET_KEY_FALLBACKS", "").split(",") if key]
        self.MAIL_URL = get("MAIL_URL") or f"file://{folder / 'outbox'}"
        self.MAIL_RATE = _number("MAIL_RATE", get("MAIL_RATE") or "30")
        self.MAIL_RETURN_PATH = get("MAIL_RETURN_PATH", "")
        self.IDLE_MINUTES = _at_least_one("IDLE_MINUTES", get("IDLE_MINUTES") or "30")
        self.SIGN_IN_HOURS = _at_least_one("SIGN_IN_HOURS", get("SIGN_IN_HOURS") or "12")
        if (asked := get("SECOND_FACTOR") or "offered") not in ("offered", "required"):
            raise NotConfigured("SECOND_FACTOR must be offered or required")
        self.SECOND_FACTOR_REQUIRED = self.SECOND_FACTOR_REQUIRED or asked == "required"
        self.BACKUP_FOLDER = Path(get("BACKUP_FOLDER") or folder / "backups")
        self.BACKUP_HOUR = _hour("BACKUP_HOUR", get("BACKUP_HOUR") or "3")
        self.BACKUP_KEEP = _number("BACKUP_KEEP", get("BACKUP_KEEP") or "14")
        self.BACKUP_KEY = get("BACKUP_KEY", "").strip()
        if self.BACKUP_KEY and not (self.BACKUP_KEY.startswith("age1") and len(self.BACKUP_KEY) == 62):
            raise NotConfigured("BACKUP_KEY must be a public key, which begins with age1")
        self.KEY_GUESSABLE = any(map(_guessable, (self.SECRET_KEY, *self.SECRET_KEY_FALLBACKS)))
        self.PUBLIC_URL = (get("PUBLIC_URL") or f"http://127.0.0.1:{get('PORT', '8000')}").rstrip("/")

    database_name = "yetkin.db"


class Development(Base):
    LOG_LEVEL = os.environ.get("LOG_LEVEL", "WARNING")


class Testing(Base):
    """Its own database; never reads `.env`."""

    ENV_NAME = "testing"
    TESTING = True
    PROPAGATE = True
    LOG_LEVEL = "ERROR"
    WTF_CSRF_ENABLED = False  # tests post fields; tests/laws and journeys turn it on
    database_name = "testing.db"


class Production(Base):
    ENV_NAME = "production"
    LOG_LEVEL = "INFO"
    SECURE = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-yetkin"
    SECOND_FACTOR_REQUIRED = True

    def __init__(self) -> None:
        super().__init__()
        missing = [
            name for name in ("SECRET_KEY", "DATABASE_URL", "MAIL_URL", "PUBLIC_URL") if not os.environ.get(name)
        ]
        if missing:
            raise NotConfigured(f"production needs {', '.join(missing)}")
        if self.KEY_GUESSABLE:
            raise NotConfigured("SECRET_KEY and SECRET_KEY_FALLBACKS need 32 random characters or more, known nowhere")
        if not self.PUBLIC_URL.startswith("https://"):
            raise NotConfigured("PUBLIC_URL must begin with https://")
        self.TRUSTED_HOSTS = [self.PUBLIC_URL.removeprefix("https://").split("/")[0].split(":")[0]]
        self.TRUSTED_PROXIES = _number("TRUSTED_PROXIES", os.environ.get("TRUSTED_PROXIES") or "0")
        self.TRUSTED_PROXY = os.environ.get("TRUSTED_PROXY", self.TRUSTED_PROXY)


def chosen() -> Base:
    """The configuration `YETKIN_ENV` names; `.env` is read first, except by tests."""
    name = os.environ.get("YETKIN_ENV", "development")
    if name != "testing":
        from dotenv import load_dotenv

        load_dotenv(ROOT / ".env")
        name = os.environ.get("YETKIN_ENV", "development")
    kinds: dict[str, type[Base]] = {"development": Development, "testing": Testing, "production": Production}
    if name not in kinds:
        raise NotConfigured(f"YETKIN_ENV is {name}; it may be {', '.join(kinds)}")
    return kinds[name]()
