"""A database in which all migrations have run, to copy: they run once, and not for each process."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "churnapp_migrated_"
LOCK = 0x6D696772  # one process makes it, the others wait


def migrated_database() -> str:
    """The name of a database to copy by `CREATE DATABASE … TEMPLATE`; nothing may connect to it.

    Made by the first who asks, and again when a migration or a requirement has changed.
    """
    name = PREFIX + digest()
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if name not in (kept := kept_databases(server)):
            for old in kept:
                drop(server, old)
            make(server, name)
    return name


def digest() -> str:
    """Of all that says what the migrations make."""
    files = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements.txt"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def kept_databases(server: psycopg.Connection) -> list[str]:
    found = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
    )
    return [name for (name,) in found]


def make(server: psycopg.Connection, name: str) -> None:
    """Under another name until it is whole: what was killed half-way is not taken for one."""
    half = PREFIX + "new"
    server.execute(SQL("CREATE DATABASE {}").format(Identifier(half)))
    address = urlsplit(settings.DATABASE_URL)._replace(path=f"/{half}").geturl()
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address},
        check=True,
    )
    rename = SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(Identifier(half), Identifier(name)))


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
