"""Reading and writing believed terms under one lock and one moment.

The lock is the customer's row: whoever changes a customer's terms waits there, then sees what the
one before has committed. The moment is the database's clock, read once the lock is held, so that no
term is superseded before it was recorded.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.money import converted_minor, is_currency
from churnapp.models import Organisation
from customers.models import Customer, FxRate, Subscription, Term
from customers.services.schedule import FIELDS, Schedule, Stretch, stretch_of

GREATEST_MINOR = 2**63 - 1
ONE_TERM_A_DAY = "one_believed_term_a_day"


class Ledger:
    """The believed terms of some customers, held until the transaction ends."""

    def __init__(self, customer_ids: Iterable[int]) -> None:
        """Take the lock, then the clock. Only inside a transaction."""
        ids = sorted(set(customer_ids))
        held = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
        if len(held.values_list("pk")) < len(ids):
            raise RuleError(_("This customer is no longer there. It may have been merged."))
        self.customer_ids = ids
        self.organisation = Organisation.current()
        self.subscriptions = {
            subscription.pk: subscription
            for subscription in Subscription.objects.filter(customer__in=ids).order_by("pk")
        }
        self._terms = list(self._believed())
        latest = max((term.recorded_at for term in self._terms), default=None)
        clock = database_clock()
        self.at: datetime = max(clock, latest) if latest else clock

    @cached_property
    def today(self) -> date:
        """The organisation's day of this change."""
        return self.at.astimezone(self.organisation.zone).date()

    def subscription(self, pk: int) -> Subscription:
        """The subscription as it is now; RuleError when it went to another customer meanwhile."""
        try:
            return self.subscriptions[pk]
        except KeyError:
            raise changed_meanwhile() from None

    def terms(self, subscription_id: int) -> list[Term]:
        """Believed terms of one subscription, in order."""
        return [term for term in self._terms if term.subscription_id == subscription_id]

    def schedule(self, subscription_id: int) -> Schedule:
        return tuple(stretch_of(term) for term in self.terms(subscription_id))

    def become(self, schedules: Mapping[int, Schedule]) -> None:
        """Believe these schedules, by subscription, from now on.

        What differs is superseded, what is new is recorded; what stays the same is not touched.
        """
        gone: list[int] = []
        new: list[Term] = []
        for subscription_id, schedule in schedules.items():
            known = {stretch_of(term): term.pk for term in self.terms(subscription_id)}
            gone += [pk for stretch, pk in known.items() if stretch not in schedule]
            new += [
                Term(subscription_id=subscription_id, recorded_at=self.at, **values_of(stretch))
                for stretch in schedule
                if stretch not in known
            ]
        if gone or new:
            self._supersede(gone)
            self._record(new)
            self._terms = list(self._believed())

    def believed_before(self, moment: datetime) -> dict[int, Schedule]:
        """What was believed of each subscription of these customers just before `moment`."""
        then = Term.objects.filter(
            subscription__in=self.subscriptions, recorded_at__lt=moment
        ).exclude(superseded_at__lt=moment)
        found: dict[int, list[Stretch]] = {}
        for term in then.order_by("starts_on"):
            found.setdefault(term.subscription_id, []).append(stretch_of(term))
        return {pk: tuple(stretches) for pk, stretches in found.items()}

    def rate_on(self, currency: str, day: date) -> Decimal:
        """Units of the reporting currency for one unit of `currency` on `day`, or the last before.

        Raises RuleError for a currency that is none, and where no rate is known.
        """
        if not is_currency(currency):
            raise RuleError(
                _("%(code)s is no currency. Use an ISO 4217 code such as EUR.")
                % {"code": currency},
                field="currency",
            )
        if currency == self.organisation.currency:
            return Decimal(1)
        rates = FxRate.objects.filter(currency=currency, on__lte=day).order_by("-on")
        rate = rates.values_list("rate", flat=True).first()
        if rate is None:
            raise RuleError(
                _("There is no exchange rate for %(code)s on %(day)s or before. Add one first.")
                % {"code": currency, "day": formats.day(day)},
                field="currency",
            )
        return rate

    def reported(self, native_minor: int, currency: str, rate: Decimal) -> int:
        """The amount in the reporting currency; RuleError when it is more than can be kept."""
        amount = converted_minor(native_minor, rate, currency, self.organisation.currency)
        if max(amount, native_minor) > GREATEST_MINOR:
            raise RuleError(_("This amount is too large."), field="amount")
        return amount

    def _believed(self) -> Iterable[Term]:
        terms = Term.objects.standing().filter(subscription__customer__in=self.customer_ids)
        return terms.order_by("subscription_id", "starts_on")

    def _supersede(self, ids: list[int]) -> None:
        still = Term.objects.standing().filter(pk__in=ids)
        if still.update(superseded_at=self.at) < len(ids):
            raise changed_meanwhile()

    def _record(self, terms: list[Term]) -> None:
        try:
            with transaction.atomic():
                Term.objects.bulk_create(terms)
        except IntegrityError as error:
            if ONE_TERM_A_DAY not in str(error):
                raise
            raise changed_meanwhile() from error


def database_clock() -> datetime:
    """The database's time now, not that of its transaction's start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def values_of(stretch: Stretch) -> dict[str, Any]:
    return {name: getattr(stretch, name) for name in FIELDS}


def changed_meanwhile() -> RuleError:
    """Somebody else was faster: what the person looked at is no longer so."""
    return RuleError(_("Somebody else changed this at the same time. Look again and repeat it."))
