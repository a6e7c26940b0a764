"""The short form of `python -m tests.faults.mail`: nothing is lost, nothing comes twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STRIKES = ("--worker-kills", "3", "--redis-kills", "1", "--postgres-restarts", "1")


@pytest.mark.parametrize("provider", ["smtp", "keys"])
def test_no_mail_is_lost_or_comes_twice(provider):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.mail", "--mails", "60", "--provider", provider,
         *STRIKES],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-3_000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["lost"], said["duplicates"]) == (0, 0)
    assert said["sent"] + said["uncertain"] >= 60
    if provider == "keys":
        assert (said["sent"], said["uncertain"]) == (60, 0)
