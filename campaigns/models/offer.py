"""Offers, the one that was made to each customer, and the rules that all of them keep."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from churnapp.models import Organisation, User
from customers.models import Contact, Customer, Plan, Subscription, Task

SOURCE_LANGUAGE = "en"


class OfferKind(models.TextChoices):
    """What is given; the values are part of the interface."""

    PERCENT = "percent", _("Discount in percent")
    AMOUNT = "amount", _("Discount of an amount")
    FREE = "free", _("Free months")
    PAUSE = "pause", _("Pause")
    DOWNGRADE = "downgrade", _("Smaller plan")
    PLAN = "plan", _("Another plan")
    TERM = "term", _("Longer contract")
    CONTENT = "content", _("Exclusive content")
    LOYALTY = "loyalty", _("Loyalty reward")
    CALL = "call", _("Personal call")


# What each kind must have; what it has no use for stays empty.
FIELDS_OF = {
    OfferKind.PERCENT: ("percent", "months"),
    OfferKind.AMOUNT: ("amount_minor", "currency", "months"),
    OfferKind.FREE: ("months",),
    OfferKind.PAUSE: ("months",),
    OfferKind.DOWNGRADE: ("plan", "amount_minor", "currency"),
    OfferKind.PLAN: ("plan", "amount_minor", "currency"),
    OfferKind.TERM: ("months",),
    OfferKind.CONTENT: ("address",),
    OfferKind.LOYALTY: (),
    OfferKind.CALL: (),
}
WORTH = ("kind", "percent", "amount_minor", "currency", "months", "plan", "fixed_cost_minor")
# What people write of an offer.
FIELDS = (
    "name", *WORTH, "texts", "address", "fulfilment", "eligible", "days_to_accept",
    "cool_down_days", "most_a_customer", "most_in_total", "budget_minor",
)  # fmt: skip


def _needs(*kinds: OfferKind, **fields: Any) -> Q:
    """These kinds have the fields so; every other kind may be without."""
    return ~Q(kind__in=[str(kind) for kind in kinds]) | Q(**fields)


class OfferQuerySet(models.QuerySet["Offer"]):
    def on(self) -> Self:
        """Offers that may still be made: neither stopped nor archived."""
        return self.filter(stopped_at=None, archived_at=None)


class Offer(models.Model):
    """Something given to customers so that they stay or come back, and what it may cost.

    `amount_minor` is in `currency`: off a month's price (amount), or a month's price of one unit
    (downgrade, plan). `budget_minor` and `fixed_cost_minor` are in the reporting currency.
    `texts` holds title, text and button by language, English at least.
    """

    class Fulfilment(models.TextChoices):
        HERE = "here", _("here, in the subscription")
        TASK = "task", _("by a task for the owner")

    LONGEST_NAME = 100

    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=OfferKind)
    percent = models.PositiveSmallIntegerField(_("percent"), null=True, blank=True)
    amount_minor = models.BigIntegerField(_("amount, minor units"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    texts = models.JSONField(_("texts"), default=dict)
    address = models.URLField(_("address"), max_length=500, blank=True, default="")
    fulfilment = models.CharField(
        _("carried out"), max_length=4, choices=Fulfilment, default=Fulfilment.HERE
    )
    eligible = models.TextField(
        _("for whom"), blank=True, default="", help_text=_("A segment; empty means every customer.")
    )
    days_to_accept = models.PositiveSmallIntegerField(_("days to accept"), default=14)
    cool_down_days = models.PositiveSmallIntegerField(_("days until it is made again"), default=90)
    most_a_customer = models.PositiveSmallIntegerField(_("most for one customer"), default=1)
    most_in_total = models.PositiveIntegerField(_("most in all"), null=True, blank=True)
    budget_minor = models.BigIntegerField(_("budget, minor units"), null=True, blank=True)
    fixed_cost_minor = models.BigIntegerField(_("fixed cost, minor units"), default=0)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["name"]
        permissions = [("approve_offer", "Can approve offers")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="offer_has_a_name"),
            models.CheckConstraint(
                condition=_needs(OfferKind.PERCENT, percent__isnull=False)
                & (Q(percent=None) | Q(percent__gte=1, percent__lte=100)),
                name="offer_percent_is_share",
            ),
            models.CheckConstraint(
                condition=_needs(OfferKind.AMOUNT, amount_minor__gt=0)
                & _needs(OfferKind.DOWNGRADE, OfferKind.PLAN, amount_minor__gte=0)
                & (Q(amount_minor=None, currency="") | Q(amount_minor__gte=0) & ~Q(currency="")),
                name="offer_amount_with_currency",
            ),
            models.CheckConstraint(
                condition=_needs(
                    OfferKind.PERCENT,
                    OfferKind.AMOUNT,
                    OfferKind.FREE,
                    OfferKind.PAUSE,
                    OfferKind.TERM,
                    months__isnull=False,
                )
                & (Q(months=None) | Q(months__gte=1, months__lte=120)),
                name="offer_months_in_reach",
            ),
            models.CheckConstraint(
                condition=_needs(OfferKind.DOWNGRADE, OfferKind.PLAN, plan__isnull=False),
                name="offer_plan_there",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OfferKind.CONTENT.value) | ~Q(address=""),
                name="offer_content_has_address",
            ),
            models.CheckConstraint(
                condition=Q(days_to_accept__gte=1, days_to_accept__lte=365)
                & Q(most_a_customer__gte=1),
                name="offer_can_be_accepted",
            ),
            models.CheckConstraint(
                condition=Q(fixed_cost_minor__gte=0)
                & (Q(budget_minor=None) | Q(budget_minor__gte=0)),
                name="offer_costs_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(created_by=None)
                | ~Q(approved_by=F("created_by")),
                name="offer_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def text(self, name: str, language: str | None = None) -> str:
        """The title, text or button in a language, else in English."""
        there = self.texts.get(language or get_language() or "", {})
        return there.get(name) or self.texts.get(SOURCE_LANGUAGE, {}).get(name, "")

    @property
    def is_on(self) -> bool:
        return self.stopped_at is None and self.archived_at is None


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Offers made to customers that `user` may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user, organisation))

    def binding(self, now: datetime) -> Self:
        """Those whose cost stands against the budget: accepted, or still to be."""
        waiting = Q(state=Grant.State.OPEN, expires_at__gt=now)
        return self.filter(waiting | Q(state=Grant.State.ACCEPTED))

    def expire(self, now: datetime) -> int:
        """Settle those whose days are over; how many that were. Safe to repeat."""
        over = self.filter(state=Grant.State.OPEN, expires_at__lte=now)
        return over.update(state=Grant.State.EXPIRED, settled_at=F("expires_at"))

    def as_of(self, now: datetime) -> Self:
        """Each with `stands`: its state, expired as soon as its days are over."""
        is_over = models.When(state=Grant.State.OPEN, expires_at__lte=now, then=Value("expired"))
        return self.annotate(stands=models.Case(is_over, default=F("state")))


class Grant(models.Model):
    """That one offer was made to one customer, and what became of it.

    `cost_minor`, in the reporting currency, is what it would cost if accepted, and once it is, what
    it does. `agreed` holds what was paid before and what is paid from when. Its link's token comes
    from `nonce` and is kept nowhere.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back")

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="grants", db_index=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="offers_made", db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="offers_made"
    )
    key = models.CharField(_("made once by"), max_length=200, unique=True)
    nonce = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cost_minor = models.BigIntegerField(_("cost, minor units"))
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="+")
    agreed = models.JSONField(_("agreed"), default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer made")
        verbose_name_plural = _("offers made")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["offer", "-made_at", "-id"], name="grant_of_offer"),
            models.Index(
                fields=["offer", "state"], name="grant_costs", include=["expires_at", "cost_minor"]
            ),
            models.Index(fields=["customer", "offer", "-made_at"], name="grant_of_customer"),
            models.Index(fields=["expires_at"], name="grant_open", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cost_minor__gte=0), name="grant_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="grant_open_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="grant_settled_or_open",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(state="accepted"), name="grant_undone_if_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.customer_id} {self.state}"

    def is_open(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and self.expires_at > now


class OfferRules(models.Model):
    """What every offer of the organisation keeps: from where on a second person approves.

    Empty means no limit. Amounts are in minor units of the reporting currency.
    """

    most_cost_minor = models.BigIntegerField(
        _("cost for one customer that needs approval"), null=True, blank=True
    )
    most_budget_minor = models.BigIntegerField(
        _("budget that needs approval"), null=True, blank=True
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rules for offers")
        verbose_name_plural = _("rules for offers")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="offer_rules_are_one"),
            models.CheckConstraint(
                condition=(Q(most_cost_minor=None) | Q(most_cost_minor__gte=0))
                & (Q(most_budget_minor=None) | Q(most_budget_minor__gte=0)),
                name="offer_rules_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Rules for offers"))

    @classmethod
    def current(cls) -> Self:
        """The rules of this installation; the first migration makes their row."""
        return cls.objects.get(pk=1)
