"""Run a large campaign while workers are killed, it is paused, and recipients leave.

    python -m tests.faults.campaign --recipients 100000 --worker-kills 20 --pauses 2 --races 500

On servers of its own, with real Celery workers and a real mail server. Two launches come at the
same moment. Half of the races unsubscribe, the others erase a person while their mail waits or is
on its way. The last line is JSON: `twice` mails came twice, `lost` neither came nor are accounted
for, `unequal` recipients lack a row of a step or have one too many, `moved_while_paused` went on
during a pause, `raced_and_mailed` were handed over after they had left. Ends with 1 unless all are
none.
"""

import argparse
import json
import random
import sys
import tempfile
from importlib import import_module

import django

from tests.faults.mail import set_environment
from tests.faults.mail_sinks import MailServer

NONE = ("twice", "lost", "unequal", "moved_while_paused", "raced_and_mailed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--pauses", type=int, default=2)
    parser.add_argument("--races", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    random.seed(given.seed)
    sink = MailServer(seconds_a_mail=0)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sink:
        set_environment(folder, sink)
        django.setup()
        result = import_module("tests.faults.campaign_storm").run(given, sink)
    print(json.dumps(result | {"seed": given.seed}, sort_keys=True))
    wrong = [name for name in NONE if result[name]]
    sys.exit(bool(wrong) or result["launches"] != 1)


if __name__ == "__main__":
    main()
