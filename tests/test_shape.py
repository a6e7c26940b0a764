"""The sizes and habits of the style guide, kept by reading every file of ours."""

import ast
import re
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("churnapp", "customers", "feedback", "campaigns")
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS, DEEPEST = 400, 40, 5, 3
NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
VAGUE = {"manager", "helper", "helpers", "utils", "util", "misc"}
# Names that Django, Celery or pytest prescribe.
FIXED_FILES = {"managers"}


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in sorted(found) if "migrations" not in path.parts]


OURS = python_files(*PACKAGES)
ALL = python_files(*PACKAGES, "tests", "benchmarks")


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    every = ast.walk(ast.parse(path.read_text()))
    return [node for node in every if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST, so_far: int = 0) -> int:
    deepest = so_far
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and child in node.orelse and isinstance(child, ast.If)
        step = 1 if isinstance(child, NESTING) and not is_elif else 0
        deepest = max(deepest, depth(child, so_far + step))
    return deepest


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_files() -> list[Path]:
    folders = [*PACKAGES, "tests", "benchmarks", "templates", "static/js", "static/css", "bin"]
    found = [p for f in folders for p in (ROOT / f).rglob("*") if p.is_file()]
    return [p for p in found if "__pycache__" not in p.parts and p.suffix != ".pyc"]


def test_no_file_is_too_long():
    long = {where(p): n for p in text_files() if (n := p.read_text().count("\n")) > LONGEST_FILE}
    assert not {name for name in long if "migrations" not in name}


def test_no_function_is_too_long():
    long = {
        f"{where(path)}:{f.name}": length(f)
        for path in ALL
        for f in functions(path)
        if length(f) > LONGEST_FUNCTION
    }
    assert not long


def test_functions_take_few_parameters():
    many = {}
    for path in OURS:
        for f in functions(path):
            named = [a.arg for a in (*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs)]
            count = len([name for name in named if name not in {"self", "cls", "by", "now"}])
            if count > MOST_PARAMETERS:
                many[f"{where(path)}:{f.name}"] = count
    assert not many


def test_nesting_stays_shallow():
    deep = {
        f"{where(path)}:{f.name}": depth(f)
        for path in OURS
        for f in functions(path)
        if depth(f) > DEEPEST
    }
    assert not deep


def test_the_median_function_is_short():
    assert median(length(f) for path in OURS for f in functions(path)) <= 10


def test_no_import_inside_a_function():
    hidden = [
        f"{where(path)}:{node.lineno}"
        for path in ALL
        for f in functions(path)
        for node in ast.walk(f)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_no_signal_receivers_and_no_generic_keys():
    found = [
        where(path)
        for path in OURS
        if re.search(
            r"@receiver|(save|delete|request_\w+)\.connect\(|GenericForeignKey", path.read_text()
        )
    ]
    assert not found


def test_fields_are_named_one_by_one():
    found = [
        where(path) for path in OURS if re.search(r"fields\s*=\s*[\"']__all__", path.read_text())
    ]
    assert not found


def test_files_are_named_after_an_idea():
    vague = [where(path) for path in OURS if path.stem in VAGUE - FIXED_FILES]
    assert not vague


def test_every_sql_file_begins_with_prose():
    bare = [
        where(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.sql")
        if not path.read_text().lstrip().startswith("--")
    ]
    assert not bare


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_no_promise_stands_in_the_code(word):
    found = [where(p) for p in text_files() if word in p.read_text() and p != Path(__file__)]
    assert not found


def test_tests_know_whose_day_it_is():
    """A server's day is not the organisation's for an hour or two each night."""
    ours = Path(__file__)
    servers = re.compile(r"\blocaldate\(\)|\bdate\.today\(\)")
    found = [path for path in python_files("tests") if servers.search(path.read_text())]
    assert [where(path) for path in found if path != ours] == []
