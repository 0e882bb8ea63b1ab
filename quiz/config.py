"""Settings: typed, from the environment (QUIZ_*), with a clear word about a bad one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILES = ("http", "https")


class BadSetting(ValueError):
    """A setting has a value the game cannot work with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation can choose. Each field is the environment variable QUIZ_<FIELD>.

    `profile` is "https" behind TLS (Secure __Host- cookies, HSTS) or "http" for one machine or a
    classroom's own network. `guest_days` is how long a guest's record is kept after the last round.
    `threads` answer requests; `streams` is how many live streams one process keeps open besides.
    `redis_url` is for several processes: through it they tell each other what happens, and limit.
    """

    data: Path = ROOT / "instance"
    questions: Path = ROOT / "questions"
    database_url: str = ""
    secret_key: str = ""
    profile: str = "http"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    streams: int = 600
    redis_url: str = ""
    guest_days: int = 30


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from QUIZ_* variables, defaults elsewhere.

    Raises BadSetting, naming the variable, its value and what would do.
    """
    chosen: dict[str, object] = {}
    for name, default in _defaults().items():
        raw = environ.get(f"QUIZ_{name.upper()}")
        if raw:
            chosen[name] = _convert(name, raw, default)
    settings = Settings(**chosen)  # type: ignore[arg-type]  # _convert keeps each field's type
    if settings.profile not in PROFILES:
        raise BadSetting(f"QUIZ_PROFILE is {settings.profile!r}; use one of {', '.join(PROFILES)}.")
    return settings


def flask_config(settings: Settings) -> dict[str, object]:
    """The settings in the words of Flask and its extensions. Creates the data folder if needed."""
    settings.data.mkdir(parents=True, exist_ok=True)
    https = settings.profile == "https"
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key or _kept_secret(settings.data / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": settings.database_url
        or f"sqlite:///{settings.data / 'not-proven.sqlite3'}",
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # One cookie for the life of a guest's record, not rewritten on every answer.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.guest_days),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # a lesson outlasts an hour
        "WTF_CSRF_SSL_STRICT": https,
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_PARTS": 50,
        "QUESTIONS": settings.questions,
        "GUEST_DAYS": settings.guest_days,
        "STREAMS": settings.streams,
        "REDIS_URL": settings.redis_url,
        "HTTPS": https,
    }


def _defaults() -> dict[str, object]:
    plain = Settings()
    return {name: getattr(plain, name) for name in Settings.__dataclass_fields__}


def _convert(name: str, raw: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(raw).expanduser()
    if not isinstance(default, int):
        return raw
    if not raw.isascii() or not raw.isdigit() or not 0 < int(raw) < 65536:
        raise BadSetting(
            f"QUIZ_{name.upper()} is {raw!r}; use a whole number above 0, like {default}."
        )
    return int(raw)


def _kept_secret(path: Path) -> str:
    """The installation's secret key, made at the first start; only its owner can read it."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
