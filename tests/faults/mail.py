"""Send mails while workers are killed, Redis loses its memory and PostgreSQL crashes.

    python -m tests.faults.mail --mails 1000 --worker-kills 20 --redis-kills 5 \
        --postgres-restarts 5 --provider smtp

On servers of its own, with real Celery workers and a real mail server (or, with `--provider keys`,
a provider that knows idempotency keys). The last line is JSON: `sent` reached the other side,
`lost` neither did nor are in doubt, `duplicates` came twice, `uncertain` wait for a person. Ends
with 1 if one was lost or came twice.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from importlib import import_module

import django

from tests.faults.mail_sinks import KeyedProvider, MailServer, Sink


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--redis-kills", type=int, default=5)
    parser.add_argument("--postgres-restarts", type=int, default=5)
    parser.add_argument("--provider", choices=["keys", "smtp"], default="smtp")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    random.seed(given.seed)
    sink: Sink = KeyedProvider() if given.provider == "keys" else MailServer()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sink:
        set_environment(folder, sink)
        django.setup()
        result = import_module("tests.faults.mail_storm").run(given, sink)
    print(json.dumps(result | {"seed": given.seed}, sort_keys=True))
    sys.exit(bool(result["lost"] or result["duplicates"]))


def set_environment(folder: str, sink: Sink) -> None:
    """Servers of our own; nothing of the caller's reaches the workers."""
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_HOST"):
        os.environ.pop(name, None)
    os.environ |= sink.settings() | {
        "DJANGO_SETTINGS_MODULE": "churnapp.settings",
        "CHURNAPP_DATA_DIR": folder,
        "CHURNAPP_SECRET_KEY": "a secret of this run alone" * 3,
        "CHURNAPP_MAIL_PATIENCE": "3",
        "CHURNAPP_LOG_LEVEL": "WARNING",
    }


if __name__ == "__main__":
    main()
