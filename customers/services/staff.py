"""Who may have customers and tasks: those who work with customers, not those who only read."""

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Customer
from customers.models.customer import WORK


def at_work() -> QuerySet[User]:
    """Everybody who may have customers and tasks."""
    return User.objects.who_may(WORK)


def owners() -> QuerySet[User]:
    """Everybody who may have customers, and whoever has some now, by name: to filter lists by."""
    owns = Exists(Customer.objects.filter(owner=OuterRef("pk")))
    return at_work() | User.objects.filter(owns).order_by("name", "email")


def language_of(person: User | None) -> str:
    """What a colleague is written to in: what they have chosen, else the installation's."""
    return (person.language if person else "") or settings.LANGUAGE_CODE


def is_at_work(person: User) -> bool:
    return person.is_active and person.has_perm(WORK)


def why_not(person: User) -> str:
    """Why somebody can't have customers and tasks, and what to do instead; empty if they can."""
    if is_at_work(person):
        return ""
    if not person.is_active:
        return _("%(name)s no longer works here. Choose somebody else.") % {"name": person}
    return _(
        "%(name)s may only read, so can't work with customers. "
        "Choose somebody who can, or ask an administrator to give them another role."
    ) % {"name": person}


def check_at_work(person: User | None, *, field: str) -> None:
    """Raise RuleError for somebody who can't have customers and tasks; nobody is fine."""
    reason = why_not(person) if person else ""
    if reason:
        raise RuleError(reason, field=field)
