"""The outbox against bare loops over smtplib, and a large audience against a bare INSERT … SELECT.

    python benchmarks/mail.py --mails 800 --contacts 1000000

Builds its own data in a database of its own, which it drops in the end. The mail server is another
process. The last line is JSON, its ratios last:

- `four_workers_of_bare`: what four workers send in a second when the server takes 30 ms a mail, as
  a share of what four bare loops send. Limit: at least 0.85.
- `one_worker_over_bare`: how many times as long as a bare loop over one connection it takes to
  claim, send and record the same mails when the server takes no time. Limit: at most 5.
- `audience_over_insert`: a row a contact with placeholders filled in, against a bare INSERT …
  SELECT of constants into the same table. Limit: at most 4.
"""

import argparse
import asyncio
import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")

import django
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from benchmarks.own_database import own_database, use_database

NAME = "churnapp_benchmark_mail"
WORKERS = 4
PORTS = {"slow": 18725, "quick": 18726}
SECONDS_A_MAIL = {"slow": 0.03, "quick": 0.0}
TEXT = 'Hi {{ contact.first_name|default:"there" }}, thank you for using it at {{ customer.name }}.'
CONTACTS = """
INSERT INTO customers_customer (external_id, name, organisation_number, country, language, currency,
                                attributes, never_automatic, created_at)
SELECT 'C-' || n, 'Customer ' || n, '', 'NO', 'nb', 'EUR', '{}', false, now()
  FROM generate_series(1, %(rows)s) AS n;
INSERT INTO customers_contact (customer_id, email, name, role, language)
SELECT id, 'person' || id || '@example.com', 'Person ' || id, 'user', 'nb' FROM customers_customer
"""
COLUMNS = (
    "dedupe_key, purpose, to_email, to_name, language, subject, text, html, links, unsubscribable,"
    " state, due_at, created_at, changed_at, attempts, message_id, provider_id, error_code, error"
)
BARE = f"""
INSERT INTO customers_outgoingemail (customer_id, contact_id, {COLUMNS})
SELECT customer_id, id, 'bare:' || id, 'campaign', email, name, 'en', 'A question',
       'Hi Person 123456, thank you for using it at Customer 123456.', '', '{{}}', true, 'queued',
       now(), now(), now(), 0, '', '', '', ''
  FROM customers_contact
"""
MAILS = f"""
INSERT INTO customers_outgoingemail ({COLUMNS})
SELECT 'mail:' || n, 'notice', 'person' || n || '@example.com', '', 'en', 'A question',
       repeat('What do you think? ', 40), '', '{{}}', false, 'queued', now(), now(), now(), 0, '',
       '', '', ''
  FROM generate_series(1, %s) AS n
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=800)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--part", default="", help="how the script calls itself")
    given = parser.parse_args()
    if given.part.startswith("server"):
        serve(given.part.partition(":")[2])
        return
    if given.part.startswith("bare"):
        part_of_a_race(lambda: send_bare(given.part.partition(":")[2], given.mails))
        return
    django.setup()
    if given.part:
        take_part(given.part.partition(":")[2])
        return
    with own_database(NAME):
        print(json.dumps(measured(given.mails, given.contacts)))


def measured(mails: int, contacts: int) -> dict[str, object]:
    slow_bare, slow_ours = race("slow", mails, WORKERS)
    quick_bare, quick_ours = race("quick", mails, 1)
    audience, bare_insert = queued(contacts)
    return {
        "mails": mails,
        "contacts": contacts,
        "four_bare_seconds": round(slow_bare, 2),
        "four_workers_seconds": round(slow_ours, 2),
        "one_bare_seconds": round(quick_bare, 2),
        "one_worker_seconds": round(quick_ours, 2),
        "audience_seconds": round(audience, 2),
        "bare_insert_seconds": round(bare_insert, 2),
        "four_workers_of_bare": round(slow_bare / slow_ours, 3),
        "one_worker_over_bare": round(quick_ours / quick_bare, 2),
        "audience_over_insert": round(audience / bare_insert, 2),
    }


def race(server: str, mails: int, runners: int) -> tuple[float, float]:
    """Seconds of bare loops and of workers for the same mails and the same server."""
    with subprocess.Popen(command(f"server:{server}"), stdin=subprocess.PIPE) as process:
        try:
            wait_for(PORTS[server])
            bare = timed([f"bare:{server}"] * runners, mails // runners)
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE customers_outgoingemail CASCADE")
                cursor.execute(MAILS, [mails])
                cursor.execute("UPDATE customers_sendingrate SET per_minute=10000000, burst=100000")
                cursor.execute("VACUUM ANALYZE customers_outgoingemail")
            ours = timed([f"worker:{server}"] * runners, mails)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM customers_outgoingemail WHERE state = 'accepted'"
                )
                assert cursor.fetchone()[0] == mails
        finally:
            process.kill()
    return bare, ours


def command(part: str, mails: int = 0) -> list[str]:
    return [sys.executable, __file__, "--part", part, "--mails", str(mails)]


def timed(parts: list[str], mails: int) -> float:
    """Seconds from the start, once all are ready, until the last one has ended."""
    runners = [
        subprocess.Popen(command(part, mails), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for part in parts
    ]
    for runner in runners:
        assert runner.stdout
        assert runner.stdout.readline() == b"ready\n"
    start = time.perf_counter()
    for runner in runners:
        assert runner.stdin
        runner.stdin.write(b"go\n")
        runner.stdin.flush()
    for runner in runners:
        runner.communicate()
        assert runner.returncode == 0
    return time.perf_counter() - start


def part_of_a_race(work: Callable[[], None]) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    work()


def send_bare(server: str, mails: int) -> None:
    """What anybody would write: build a message, send it, the connection kept."""
    with smtplib.SMTP("127.0.0.1", PORTS[server]) as smtp:
        for number in range(mails):
            message = EmailMessage()
            message["Subject"], message["From"] = "A question", "churnapp@localhost"
            message["To"] = f"person{number}@example.com"
            message.set_content("What do you think? " * 40)
            smtp.send_message(message)


def take_part(server: str) -> None:
    """A worker: the very task that Celery runs, but that no second run has to come after it."""
    use_database(NAME)
    options = {"host": "127.0.0.1", "port": PORTS[server], "timeout": 20}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    tasks = import_module("customers.tasks")
    tasks.SECONDS_A_RUN = 3_600
    connection.ensure_connection()
    part_of_a_race(tasks.deliver_due_mail)


class Server:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    async def handle_DATA(self, *_words: object) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.seconds)
        return "250 OK"


def serve(name: str) -> None:
    controller = Controller(Server(SECONDS_A_MAIL[name]), hostname="127.0.0.1", port=PORTS[name])
    controller.start()
    sys.stdin.read()  # until the one who started it ends


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with smtplib.SMTP("127.0.0.1", port):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The mail server does not answer.")


def queued(contacts: int) -> tuple[float, float]:
    """Seconds of our statement and of the bare one, each into an empty table."""
    audience = import_module("customers.mail.audience")
    contact = import_module("customers.models").Contact
    timezone = import_module("django.utils.timezone")
    with connection.cursor() as cursor:
        cursor.execute(CONTACTS % {"rows": contacts})
        cursor.execute("VACUUM ANALYZE customers_customer")
        cursor.execute("VACUUM ANALYZE customers_contact")
        bare = into_empty_table(lambda: cursor.execute(BARE))
    letter = audience.Letter("A question", TEXT)
    everyone = contact.objects.all()
    ours = into_empty_table(
        lambda: audience.queue_for_audience(everyone, letter, key="letter", now=timezone.now())
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_outgoingemail")
        assert cursor.fetchone()[0] == contacts
    return ours, bare


def into_empty_table(work: Callable[[], object]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_outgoingemail CASCADE")
        cursor.execute("CHECKPOINT")
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
