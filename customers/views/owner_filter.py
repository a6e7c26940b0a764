"""Whose: the owners that an address names, as a condition."""

from collections.abc import Sequence

from django.db.models import Q

from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User


def of_owners(owners: Sequence[str], me: User, field: str = "owner") -> Q:
    """Rows whose `field` is one of `owners`: keys of people, `me`, or `none` for nobody's."""
    ids = [str(me.pk) if owner == "me" else owner for owner in owners]
    theirs = Q(**{f"{field}__in": [int(pk) for pk in ids if fits_bigint(pk)]})
    return theirs | Q(**{field: None}) if "none" in ids else theirs
