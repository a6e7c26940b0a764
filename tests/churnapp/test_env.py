"""Wrong settings stop the start and say what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from churnapp import env, secret_key


def test_a_missing_text_names_the_variable(monkeypatch):
    monkeypatch.delenv("CHURNAPP_X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="CHURNAPP_X is not set"):
        env.text("CHURNAPP_X")


@pytest.mark.parametrize("given, expected", [("1", True), ("Yes", True), ("off", False)])
def test_a_flag_reads_the_usual_words(monkeypatch, given, expected):
    monkeypatch.setenv("CHURNAPP_X", given)
    assert env.flag("CHURNAPP_X", default=not expected) is expected


def test_a_flag_that_is_neither_stops(monkeypatch):
    monkeypatch.setenv("CHURNAPP_X", "maybe")
    with pytest.raises(ImproperlyConfigured, match="'maybe' is neither true nor false"):
        env.flag("CHURNAPP_X", default=False)


@pytest.mark.parametrize(
    "given, message", [("ten", "no whole number"), ("0", "too small. Use at least 1")]
)
def test_a_wrong_number_says_what_to_use(monkeypatch, given, message):
    monkeypatch.setenv("CHURNAPP_X", given)
    with pytest.raises(ImproperlyConfigured, match=message):
        env.whole_number("CHURNAPP_X", 5, least=1)


def test_seconds_words_and_folders(monkeypatch):
    monkeypatch.setenv("CHURNAPP_X", "90")
    assert env.seconds("CHURNAPP_X", 1) == timedelta(seconds=90)
    monkeypatch.setenv("CHURNAPP_X", "a, b,,c")
    assert env.words("CHURNAPP_X") == ["a", "b", "c"]
    monkeypatch.setenv("CHURNAPP_X", "~/kept here")
    assert env.folder("CHURNAPP_X", Path("/")) == Path.home() / "kept here"


def test_a_database_url_becomes_settings():
    found = env.database(
        "DATABASE_URL", "postgresql://al:p%40ss@db.test:5433/churn?sslmode=require"
    )
    assert found["USER"] == "al"
    assert found["PASSWORD"] == "p@ss"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.test", "5433", "churn")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_is_a_host():
    found = env.database("DATABASE_URL", "postgresql:///churn?host=%2Frun%2Fpg&user=al")
    assert (found["HOST"], found["USER"], found["NAME"]) == ("/run/pg", "al", "churn")


@pytest.mark.parametrize(
    "url, message",
    [
        ("postgresql://al@db.test:port/churn", "port in DATABASE_URL is no number"),
        ("postgresql://al@db.test/", "names no database"),
    ],
)
def test_half_a_database_url_says_what_is_missing(url, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        env.database("DATABASE_URL", url)


def test_an_address_needs_its_beginning(monkeypatch):
    monkeypatch.setenv("CHURNAPP_X", "churn.example.com")
    with pytest.raises(ImproperlyConfigured, match=r"begins with http:// or https://\."):
        env.address("CHURNAPP_X", "http://localhost", ("http://", "https://"))
    monkeypatch.delenv("CHURNAPP_X")
    assert env.address("CHURNAPP_X", "", ("redis://",)) == ""


def test_a_choice_reads_small_letters_and_refuses_others(monkeypatch):
    monkeypatch.setenv("CHURNAPP_X", "debug")
    assert env.choice("CHURNAPP_X", "INFO", ("DEBUG", "INFO")) == "DEBUG"
    monkeypatch.setenv("CHURNAPP_X", "loud")
    with pytest.raises(ImproperlyConfigured, match=r"'LOUD' is not known\. Use DEBUG, INFO"):
        env.choice("CHURNAPP_X", "INFO", ("DEBUG", "INFO"))


def test_another_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="only PostgreSQL is supported"):
        env.database("DATABASE_URL", "sqlite:///x")


def test_celery_takes_the_socket_by_its_own_name():
    assert env.broker_url("unix:///run/r.sock") == "redis+socket:///run/r.sock"
    assert env.broker_url("redis://h:6379/0") == "redis://h:6379/0"


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    key = secret_key.kept_in(tmp_path)
    assert len(key) >= 50
    assert secret_key.kept_in(tmp_path) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_key_file_left_empty_by_a_crash_is_made_anew(tmp_path):
    (tmp_path / "secret.key").write_text("")
    key = secret_key.kept_in(tmp_path)
    assert len(key) >= 50
    assert secret_key.kept_in(tmp_path) == key
