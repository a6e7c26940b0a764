"""What tests of feedback share: a file taken in."""

from tests.importing.conftest import take

__all__ = ["take"]
