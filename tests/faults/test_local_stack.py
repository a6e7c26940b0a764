"""The private servers come up, are shared, and leave nothing behind, however their users end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pytest
import redis

from churnapp.local_stack import identity
from churnapp.local_stack.leftovers import servers_in
from churnapp.local_stack.locks import is_held

PACKAGE = Path(identity.__file__).parent
USER = """
import json, os, sys, time
sys.path.append(sys.argv[1])
import local_stack
try:
    found = local_stack.attach(local_stack.Path(sys.argv[2]), **json.loads(sys.argv[3]))
except local_stack.StackError as error:
    sys.exit(str(error))
print(json.dumps([found.database_url, found.redis_url]), flush=True)
if "fork" in sys.argv and os.fork():
    os._exit(0)
sys.stdin.read()
"""
ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="only root can become somebody else")


class User:
    """A process of its own that uses the servers until it is ended."""

    def __init__(self, folder: Path, *words: str, **wanted: bool) -> None:
        command = [sys.executable, "-c", USER, str(PACKAGE.parent), str(folder)]
        self.process = subprocess.Popen(
            [*words[1:], *command, json.dumps(wanted), *words[:1]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def urls(self) -> tuple[str, str]:
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return tuple(json.loads(line))

    def complaint(self) -> str:
        return self.process.communicate()[1]

    def end(self) -> None:
        self.process.communicate()


@contextmanager
def using(folder: Path, *words: str, **wanted: bool) -> Iterator[User]:
    user = User(folder, *words, **wanted)
    try:
        yield user
    finally:
        with suppress(ValueError):
            user.end()


def answers(urls: tuple[str, str]) -> bool:
    with psycopg.connect(urls[0]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with redis.Redis.from_url(urls[1]) as client:
        return client.ping()


def eventually(condition: Callable[[], object], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def servers(folder: Path) -> dict[int, int]:
    return servers_in(folder / "postgres" / "cluster") | servers_in(folder / "redis")


def postmaster(folder: Path) -> int:
    return int((folder / "postgres/cluster/postmaster.pid").read_text().split()[0])


def keeper(folder: Path) -> int:
    return json.loads((folder / "stack/state.json").read_text())["keeper"]


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def nothing_left(folder: Path) -> bool:
    lock = folder / "stack" / "keeper.lock"
    return eventually(lambda: not servers(folder) and not (lock.exists() and is_held(lock)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """One data folder with a cluster in it already, for tests that don't need a fresh one."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder that every user of the machine can reach."""
    folder = Path(tempfile.mkdtemp(prefix="stack-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    assert nothing_left(folder)
    shutil.rmtree(folder)


def test_the_second_joins_and_the_last_one_out_stops_all(folder):
    with using(folder) as first:
        urls = first.urls()
        assert answers(urls)
        with using(folder) as second:
            assert second.urls() == urls
            first.end()
            assert answers(urls)
            watched = keeper(folder)
    assert nothing_left(folder)
    assert eventually(lambda: not is_alive(watched))
    assert not Path(urls[1].removeprefix("unix://").partition("?")[0]).parent.exists()


def test_many_that_start_at_once_get_the_same_servers(folder):
    users = [User(folder) for _ in range(6)]
    assert len({user.urls() for user in users}) == 1
    for user in users:
        user.end()
    assert nothing_left(folder)


def test_arrow_driver_takes_the_same_url(folder):
    with (
        using(folder) as user,
        adbc.connect(user.urls()[0]) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT current_database()")
        assert cursor.fetchall() == [("churnapp",)]


def test_a_killed_user_leaves_nothing(folder):
    with using(folder) as user:
        user.urls()
        user.process.kill()
        assert nothing_left(folder)


def test_a_forked_child_is_a_user_too(folder):
    with using(folder, "fork") as user:
        urls = user.urls()
        user.process.wait()
        time.sleep(0.5)
        assert answers(urls)
    assert nothing_left(folder)


def test_a_killed_keeper_takes_its_servers_along_and_the_next_user_starts_them(folder):
    with using(folder) as user:
        urls = user.urls()
        os.kill(keeper(folder), signal.SIGKILL)
        assert nothing_left(folder)
        with using(folder) as next_user:
            assert next_user.urls() == urls
            assert answers(urls)
    assert nothing_left(folder)


def test_a_keeper_killed_a_moment_ago_is_no_obstacle(folder):
    with using(folder) as user:
        urls = user.urls()
        with psycopg.connect(urls[0]):
            os.kill(keeper(folder), signal.SIGKILL)
            with using(folder) as next_user:
                assert answers(next_user.urls())


def test_a_killed_server_is_started_again(folder):
    with using(folder) as user:
        urls = user.urls()
        for killed in (postmaster(folder), *servers_in(folder / "redis")):
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda killed=killed: not is_alive(killed))

        def is_back() -> bool:
            with suppress(psycopg.Error, redis.RedisError):
                return answers(urls)
            return False

        assert eventually(is_back)


def test_all_killed_at_once_is_no_obstacle(folder):
    with using(folder) as user:
        user.urls()
        for killed in (keeper(folder), user.process.pid, *servers(folder)):
            with suppress(ProcessLookupError):
                os.kill(killed, signal.SIGKILL)
        with using(folder) as next_user:
            assert answers(next_user.urls())


def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(folder):
    with using(folder) as user:
        user.urls()
    assert nothing_left(folder)
    stale = f"{os.getppid()}\n{folder}/postgres/cluster\n1700000000\n5432\n/tmp\n\n123 456\nready\n"
    (folder / "postgres/cluster/postmaster.pid").write_text(stale)
    with using(folder) as user:
        assert answers(user.urls())


def test_a_cluster_made_half_way_is_made_again(tmp_path):
    half_done = tmp_path / "postgres" / "new-1"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n")
    with using(tmp_path) as user:
        assert answers(user.urls())
    assert not half_done.exists()


def test_killed_while_making_the_cluster(tmp_path):
    with using(tmp_path) as user:
        assert eventually(lambda: list(tmp_path.glob("postgres/new-*/*")))
        user.process.kill()
    with using(tmp_path) as user:
        assert answers(user.urls())


@pytest.mark.parametrize("name", ["with spaces", "x" * 120, "ært 'and\" % odd"])
def test_the_folder_may_have_any_name(tmp_path, name):
    with using(tmp_path / name / "data") as user:
        assert answers(user.urls())
    assert nothing_left(tmp_path / name / "data")


def test_two_installations_on_one_machine(folder, tmp_path):
    with using(folder) as one, using(tmp_path) as other:
        ones, others = one.urls(), other.urls()
        with psycopg.connect(others[0]) as connection:
            connection.execute("CREATE TABLE here (id int)")
        with psycopg.connect(ones[0]) as connection:
            found = connection.execute("SELECT to_regclass('here')").fetchone()
    assert not set(ones) & set(others)
    assert found == (None,)


def test_a_database_can_follow_later(folder):
    assert nothing_left(folder), "an earlier test's servers are still on their way out"
    with using(folder, want_database=False) as first:
        database, kept = first.urls()
        assert database is None
        assert not servers_in(folder / "postgres" / "cluster")
        with using(folder, want_redis=False) as second:
            database = second.urls()[0]
            assert answers((database, kept))


def test_an_ordinary_user(short_folder):
    """As root: somebody who owns a folder, and may read the interpreter wherever it lies."""
    become = []
    if ROOT:
        os.chown(short_folder, identity.NOBODY, identity.NOBODY)
        user = str(identity.NOBODY)
        become = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
        become += ["--inh-caps", "-all,+dac_read_search", "--ambient-caps", "+dac_read_search"]
        become += ["--securebits", "+no_setuid_fixup", "--"]
    with using(short_folder / "data", "", *become) as user:
        assert answers(user.urls())
        owners = {path.stat().st_uid for path in short_folder.rglob("*")}
    assert owners == {short_folder.stat().st_uid}
    assert nothing_left(short_folder / "data")


@only_root
def test_root_leaves_a_folder_that_its_owner_can_use(short_folder):
    os.chown(short_folder, identity.NOBODY, identity.NOBODY)
    with using(short_folder) as user:
        assert answers(user.urls())
        owners = {path.stat().st_uid for path in short_folder.rglob("*")}
    assert owners == {identity.NOBODY}


@only_root
@pytest.mark.parametrize("mode,works", [(0o755, [True, True, True]), (0o700, [False, True, True])])
def test_ways_from_root(short_folder, mode, works):
    short_folder.chmod(mode)
    inside = short_folder / "inside"
    results = []
    for way in identity._ways_from_root(inside):
        identity.give(inside, way.owner)
        command = ["/bin/sh", "-c", identity.PROBE, "sh", "/bin/true", str(inside)]
        with Path(os.devnull).open("wb") as log:
            results.append(way.run(command, log) == 0)
    assert results == works


ROOT_OF_A_NAMESPACE = ["unshare", "--user", "--map-root-user", "--"]


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*ROOT_OF_A_NAMESPACE, "true"], check=False).returncode != 0,
    reason="no user namespaces here",
)
def test_root_of_a_container_that_knows_no_other_user(tmp_path):
    with using(tmp_path, "", *ROOT_OF_A_NAMESPACE) as user:
        assert answers(user.urls())
    assert nothing_left(tmp_path)


def test_a_cluster_of_another_version_is_refused_with_a_remedy(folder):
    with using(folder) as user:
        user.urls()
    assert nothing_left(folder)
    version = folder / "postgres/cluster/PG_VERSION"
    version.write_text("12\n")
    try:
        assert "made by PostgreSQL 12" in User(folder).complaint()
    finally:
        version.write_text("18\n")


def test_a_server_that_will_not_start_shows_its_log(folder):
    configuration = folder / "postgres/cluster/postgresql.conf"
    with using(folder) as user:
        user.urls()
    assert nothing_left(folder)
    kept = configuration.read_text()
    configuration.write_text(kept + "\nnot_a_setting = 1\n")
    try:
        complaint = User(folder).complaint()
    finally:
        configuration.write_text(kept)
    assert "did not start" in complaint
    assert "not_a_setting" in complaint
