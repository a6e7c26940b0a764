"""Temporary until services."""

from customers.demo.odds import REASONS
from customers.models import CancellationReason, ReasonVersion


def install():
    for k in REASONS:
        r, _ = CancellationReason.objects.get_or_create(key=k)
        ReasonVersion.objects.get_or_create(
            reason=r, version=1, defaults={"labels": {"en": k.replace("_", " ").capitalize()}}
        )
