"""Callers of the API, one a role."""

import pytest

from churnapp.models import User
from tests.api.calls import Caller


@pytest.fixture
def alices(alice: User) -> Caller:
    """Calls as Alice, a customer-success manager."""
    return Caller(alice)


@pytest.fixture
def bobs(bob: User) -> Caller:
    """Calls as Bob, a manager."""
    return Caller(bob)


@pytest.fixture
def charlies(charlie: User) -> Caller:
    """Calls as Charlie, who only reads."""
    return Caller(charlie)
