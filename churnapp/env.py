"""Typed readers of environment variables: a wrong value stops the start with a clear message."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable as text; without a default it must be set."""
    value = os.environ.get(name)
    if value is not None and value.strip():
        return value.strip()
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment and start again.")
    return default


def flag(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false. Use 1 or 0.")


def whole_number(name: str, default: int, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = os.environ.get(name)
    if value is None or not value.strip():
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}={value!r} is no whole number. Use digits, such as {default}."
        ) from None
    if number < least:
        raise ImproperlyConfigured(f"{name}={number} is too small. Use at least {least}.")
    return number


def seconds(name: str, default: int) -> timedelta:
    """A duration given in whole seconds."""
    return timedelta(seconds=whole_number(name, default))


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, empty parts left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def those_that_begin_with(prefix: str) -> dict[str, str]:
    """Every variable that begins so and is not empty, by the rest of its name."""
    return {
        name.removeprefix(prefix): value.strip()
        for name, value in os.environ.items()
        if name.startswith(prefix) and value.strip()
    }


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, in capitals."""
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is not known. Use {', '.join(choices)}.")
    return value


def address(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """An address that begins with one of `schemes`, such as `https://`; empty if the default is."""
    value = text(name, default)
    if value and not value.startswith(schemes):
        raise ImproperlyConfigured(
            f"{name}={value!r} is no such address. It begins with {' or '.join(schemes)}."
        )
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute path; `~` is the home folder."""
    return Path(text(name, str(default))).expanduser().absolute()


def database(name: str, url: str) -> dict[str, object]:
    """Django's database settings from `postgresql://user:secret@host:port/name?option=value`.

    A socket's folder may stand in `?host=/folder`. Raises ImproperlyConfigured for other schemes.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme!r}, but only PostgreSQL is supported. "
            "Use postgresql://user:password@host:5432/name."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    try:
        port = options.pop("port", None) or (str(parts.port) if parts.port else "")
    except ValueError:
        raise ImproperlyConfigured(
            f"The port in {name} is no number. Use one from 1 to 65535."
        ) from None
    database_name = options.pop("dbname", None) or unquote(parts.path.lstrip("/"))
    if not database_name:
        raise ImproperlyConfigured(
            f"{name} names no database. Use postgresql://user:password@host:5432/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": options.pop("user", None) or unquote(parts.username or ""),
        "PASSWORD": options.pop("password", None) or unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def broker_url(redis_url: str) -> str:
    """Celery's form of a Redis address: a socket is `redis+socket://`, not `unix://`."""
    return redis_url.replace("unix://", "redis+socket://", 1)
