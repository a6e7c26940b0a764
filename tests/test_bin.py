"""What a newcomer types: the scripts parse, and say what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [*sorted((ROOT / "bin").iterdir()), ROOT / ".ci" / "run"]
TOOLS = ("bash", "cmp", "cut", "dirname", "env", "flock", "id", "rm", "sort")
ELSEWHERE = [
    *Path("/usr/local/bin").glob("python3.1?"),
    *Path("/opt").glob("homebrew/bin/python3*"),
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_parses_and_can_be_run(script):
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


@pytest.fixture
def bare_machine(tmp_path) -> Path:
    """A copy of bin/bootstrap, and a PATH with a few tools and no Python."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "bootstrap", tmp_path / "bin")
    return tmp_path


def bootstrap(machine: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "tools" / "bash", machine / "bin" / "bootstrap"],
        env={"PATH": str(machine / "tools"), "HOME": str(machine)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def put_python(machine: Path, name: str, script: str) -> None:
    path = machine / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{machine}/tools/bash\n{script}\n")
    path.chmod(0o755)


@pytest.mark.skipif(bool(ELSEWHERE), reason="this machine has a Python where the script looks too")
def test_without_a_fitting_python_it_says_what_to_install(bare_machine):
    put_python(bare_machine, "tools/python3.13", "echo 'pyenv: command not found'; exit 127")
    put_python(bare_machine, "tools/python3", "exit 1  # too old")
    done = bootstrap(bare_machine)
    assert done.returncode == 1
    assert "No Python 3.12 or newer" in done.stderr
    assert "PYTHON=/path/to/python3.13 bin/bootstrap" in done.stderr


def test_the_first_python_that_runs_is_taken(bare_machine):
    """A broken shim comes first on PATH; a version under pyenv works."""
    put_python(bare_machine, "tools/python3.13", "exit 127")
    fits = 'case "$*" in *version_info*) exit 0 ;; esac; exit 3'
    put_python(bare_machine, ".pyenv/versions/3.12.9/bin/python", fits)
    put_python(bare_machine, ".pyenv/versions/3.13.1/bin/python", fits)
    done = bootstrap(bare_machine)
    assert done.returncode == 3
    assert f"Making .venv with {bare_machine}/.pyenv/versions/3.13.1/bin/python" in done.stderr


def test_a_named_python_comes_first(bare_machine):
    put_python(bare_machine, "tools/python3.13", "exit 0")
    put_python(bare_machine, "mine", 'case "$*" in *version_info*) exit 0 ;; esac; exit 4')
    done = bootstrap(bare_machine, PYTHON=str(bare_machine / "mine"))
    assert done.returncode == 4


def test_a_reader_that_has_enough_is_no_error():
    """What `manage.py … | head` does: the reader is gone before all is written."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        command = [sys.executable, ROOT / "manage.py", "check"]
        ended = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (141, b"")
