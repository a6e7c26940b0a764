"""How long customers had paid: the same four bands wherever they are compared."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_KNOWN = "unknown"


@dataclass(frozen=True)
class Tenure:
    """How long a customer had paid: `least` days or more, fewer than `under`."""

    key: str
    label: str | Promise
    least: int = 0
    under: int | None = None

    def condition(self, left_on: str = "effective_on") -> Q:
        """Of cancellations: how long their customers had paid when they left.

        Of anything else about a customer and a departure: `left_on` is the way to its day.
        """
        first = F("customer__standing__first_paid_on")
        if self.key == NOT_KNOWN:
            return Q(customer__standing__first_paid_on=None) | Q(**{left_on: None})
        longest = Q(**{f"{left_on}__gte": first + timedelta(days=self.least)})
        if self.under is None:
            return longest
        return longest & Q(**{f"{left_on}__lt": first + timedelta(days=self.under)})

    def by(self, day: date, first_paid_on: str) -> Q:
        """Of anything else: how long before a day a field's first payment lies."""
        if self.key == NOT_KNOWN:
            return Q(**{first_paid_on: None})
        latest = Q(**{f"{first_paid_on}__lte": day - timedelta(days=self.least)})
        if self.under is None:
            return latest
        return latest & Q(**{f"{first_paid_on}__gt": day - timedelta(days=self.under)})

    def holds(self, days: int | None) -> bool:
        if days is None:
            return self.key == NOT_KNOWN
        if self.key == NOT_KNOWN:
            return False
        return days >= self.least and (self.under is None or days < self.under)


TENURES = (
    Tenure("under_90", _("Under 90 days"), -100_000, 90),
    Tenure("under_365", _("90 days to a year"), 90, 365),
    Tenure("under_1095", _("One to three years"), 365, 1095),
    Tenure("longer", _("Three years and more"), 1095),
    Tenure(NOT_KNOWN, _("Not known")),
)
