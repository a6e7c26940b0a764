"""Every variable that the settings read stands in the operations guide."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_variable_is_documented():
    settings = (ROOT / "churnapp" / "settings.py").read_text()
    guide = (ROOT / "docs" / "operations.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(read) > 10
    assert not {name for name in read if f"`{name}`" not in guide}
