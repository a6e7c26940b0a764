"""The short form of `python -m tests.faults.campaign`: each step once, nobody after they left."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHORT = ("--recipients", "600", "--worker-kills", "3", "--pauses", "1", "--races", "40")


def test_each_step_is_taken_once_and_nobody_is_mailed_after_they_left():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.campaign", *SHORT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, (done.stdout[-2000:], done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["recipients"] == 600
    assert told["pauses"] == 1
    assert told["races"] > 0
