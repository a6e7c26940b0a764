"""Customers to whom nothing is sent automatically: their owner is asked to ask them."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.models import User
from customers.models import Customer, Task
from customers.services.staff import is_at_work, language_of
from customers.services.tasks import add_task_once, settle_task
from feedback.inviting.days import here
from feedback.inviting.occasions import Occasion, departure_key


def ask_their_owners(found: Iterable[Occasion]) -> int:
    """A task for each departure of such a customer, due on the day its mail would have gone; how
    many are new. Safe to repeat, and to run twice at once.
    """
    by_customer = {occasion.customer_id: occasion for occasion in found}
    if not by_customer:
        return 0
    careful = Customer.objects.filter(pk__in=by_customer, never_automatic=True)
    return sum(
        ask_owner(customer, by_customer[customer.pk])
        for customer in careful.select_related("owner").order_by("pk")
    )


def ask_owner(customer: Customer, occasion: Occasion) -> bool:
    owner = customer.owner if customer.owner and is_at_work(customer.owner) else None
    return add_task_once(
        key_of(occasion.key),
        task_words(owner),
        customer=customer,
        assignee=owner,
        due_on=here(occasion.at),
    )


def key_of(occasion: str) -> str:
    return f"ask:{occasion}"


def need_not_ask(cancellation: int, *, by: User | None) -> None:
    """Settle the task to ask about a departure that does not stand."""
    task = Task.objects.filter(key=key_of(departure_key(cancellation))).first()
    if task is not None:
        settle_task(task, because="stays", by=by)


def task_words(owner: User | None) -> str:
    with translation.override(language_of(owner)):
        return _("Ask them why they leave: only a person writes to this customer")
