"""Each benchmark in a short form: it runs, and what it compares is equal. No times are judged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def run(script: str, *arguments: str) -> dict[str, Any]:
    """What the script says in its last line."""
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_engine_and_postgresql_give_the_same_figures():
    said = run("engine.py", "--customers", "3000")
    assert said["equal"]
    assert said["months"] == 60
    assert {"report_over_read", "postgresql_over_report", "peak_memory_mb"} <= said.keys()


def test_an_import_is_measured_against_a_copy_of_its_rows():
    said = run("importing.py", "--rows", "2000")
    assert said["rows"] == 2_000
    assert list(said)[-1] == "import_over_bare_copy"


def test_the_list_shows_the_rows_of_bare_sql():
    said = run("pages.py", "--customers", "3000", "--rounds", "2")
    assert said["customers"] == 3_000
    for measure in ("sql_over_bare", "response_over_thousand"):
        assert {"first_page", "search", "filtered"} <= said[measure].keys()


def test_effects_of_campaigns_are_what_they_truly_are():
    said = run("campaign_effect.py", "--campaigns", "1000", "--largest", "2000")
    assert said["campaigns"] == 1_000
    assert said["enough"] > 500
    assert 0.93 <= said["coverage"] <= 0.97
    assert said["false_positive"] <= 0.05
    assert said["naive_bias"] > 5 > abs(said["bias"])


def test_the_outbox_is_measured_against_bare_loops():
    said = run("mail.py", "--mails", "40", "--contacts", "500")
    assert (said["mails"], said["contacts"]) == (40, 500)
    ratios = ["four_workers_of_bare", "one_worker_over_bare", "audience_over_insert"]
    assert list(said)[-3:] == ratios


def test_segments_hold_the_customers_of_bare_sql():
    said = run("segments.py", "--customers", "30000", "--rounds", "1")
    assert said["customers"] == 30_000
    assert list(said)[-1] == "audience_over_bare"
    assert said["audience_over_bare"].keys() == said["frozen_over_bare"].keys()
