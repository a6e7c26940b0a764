"""The page about figures names every key, so that nobody has to read the code."""

from pathlib import Path

from customers.metrics.definitions import DEFINITIONS

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "metrics.md"


def test_every_figure_is_documented():
    text = PAGE.read_text()
    assert len(DEFINITIONS) > 40
    assert not {key for key in DEFINITIONS if f"| `{key}` |" not in text}
