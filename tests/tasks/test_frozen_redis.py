"""A Redis that hangs must not hang who rings: the row waits, the sweep finds it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis

from tests.tasks.conftest import ROOT, environment

PATIENCE = 4.0  # seconds
RING = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "churnapp.settings"
import django
django.setup()
from kombu.exceptions import OperationalError
from customers.tasks import night

if "connected" in sys.argv:
    night.delay()
print("ready", flush=True)
sys.stdin.readline()
took = []
for _ in range(2):
    begun = time.monotonic()
    try:
        night.delay()
    except OperationalError:
        took.append(time.monotonic() - begun)
print(json.dumps(took), flush=True)
"""


@pytest.fixture
def freeze(broker: redis.Redis) -> Iterator[object]:
    pid = broker.info("server")["process_id"]
    yield lambda: os.kill(pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGCONT)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["connected"], ["new"]])
def test_ringing_a_frozen_redis_fails_soon(words, freeze, redis_url):
    with subprocess.Popen(
        [sys.executable, "-c", RING, *words],
        cwd=ROOT,
        env=environment(redis_url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as caller:
        assert caller.stdout.readline() == "ready\n"
        freeze()
        caller.stdin.write("now\n")
        caller.stdin.flush()
        took = json.loads(caller.stdout.readline())

    assert len(took) == 2
    assert max(took) < PATIENCE
