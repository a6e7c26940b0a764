"""Translations are compiled when, and only when, their source is newer."""

import gettext
import os
from pathlib import Path

import pytest

from churnapp.catalogues import LOCALE, compile_all

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Customers"
msgstr "Kunder på norsk"
"""


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "nb" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE)
    return path


def test_a_catalogue_is_compiled_once(source, tmp_path):
    assert compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert compile_all(tmp_path) == []
    found = gettext.translation("django", tmp_path, ["nb"])
    assert found.gettext("Customers") == "Kunder på norsk"


def test_a_changed_source_is_compiled_again(source, tmp_path):
    compile_all(tmp_path)
    source.write_text(SOURCE.replace("på norsk", "her"))
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    compile_all(tmp_path)
    assert gettext.translation("django", tmp_path, ["nb"]).gettext("Customers") == "Kunder her"


def test_a_translation_with_other_placeholders_stops_the_build(source, tmp_path):
    wrong = '\n#, python-format\nmsgid "%(count)d days"\nmsgstr "%(antall)d dager"\n'
    source.write_text(SOURCE + wrong)
    with pytest.raises(ValueError, match="days"):
        compile_all(tmp_path)


def test_every_language_is_compiled():
    compile_all()
    assert {path.parts[-3] for path in LOCALE.rglob("*.mo")} >= {"nb", "da", "sv"}
