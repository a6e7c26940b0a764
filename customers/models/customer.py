"""Customers, the people we talk to there, and who may see them."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import is_erased
from churnapp.models import Organisation, User
from churnapp.permissions import sees_everything

WORK = "customers.change_customer"  # what owners and those with tasks may
LANGUAGES = [("en", "English"), ("nb", "Norsk bokmål"), ("da", "Dansk"), ("sv", "Svenska")]


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Customers that `user` may see; every page's queryset starts here."""
        if sees_everything(user, organisation or Organisation.current()):
            return self
        return self.filter(Q(owner=user) | Q(owner__in=user.stands_in_for.all()))

    def for_list(self) -> Self:
        """Customers with their standing, plan and owner at hand, whatever a list shows of them."""
        return self.filter(standing__isnull=False).select_related("standing__plan", "owner")


class Customer(models.Model):
    """Someone who pays, paid or might pay; `external_id` is what other systems call them."""

    external_id = models.CharField(_("customer id"), max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=300)
    organisation_number = models.CharField(_("organisation number"), max_length=50, blank=True)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("parent company"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("owner"),
    )
    signed_up_on = models.DateField(_("signed up on"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    never_automatic = models.BooleanField(
        _("never automatic"),
        default=False,
        help_text=_("No mail goes out by itself: a person writes to this customer."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("export_customer", "Can export customers"),
            ("bulk_change_customer", "Can change many customers at once"),
        ]
        indexes = [
            GinIndex(
                fields=["attributes"], name="customer_attributes", opclasses=["jsonb_path_ops"]
            ),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="customer_name_trigrams"),
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["country", "name", "id"], name="customer_by_country"),
            models.Index(fields=["owner", "name", "id"], name="customer_by_owner"),
            models.Index(F("signed_up_on").desc(nulls_last=True), "id", name="customer_by_sign_up"),
            models.Index(
                fields=["organisation_number"],
                name="customer_by_number",
                opclasses=["varchar_pattern_ops"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(external_id=""), name="customer_id_not_empty"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customer_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_attributes(self) -> list[tuple[str, Any]]:
        return sorted(self.attributes.items())


class Contact(models.Model):
    """A person at a customer; `left_on` says that they no longer work there."""

    class Role(models.TextChoices):
        CHAMPION = "champion", _("champion")
        DECISION_MAKER = "decision_maker", _("decision maker")
        USER = "user", _("user")
        BILLING = "billing", _("billing")
        OTHER = "other", _("other")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OTHER)
    language = models.CharField(_("language"), max_length=5, blank=True, choices=LANGUAGES)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            GinIndex(
                OpClass(Upper("name"), "gin_trgm_ops"),
                OpClass(Upper("email"), "gin_trgm_ops"),
                name="contact_trigrams",
            ),
            models.Index(Lower("email"), name="contact_by_address"),
            models.Index(
                Func(Lower("email"), Value("@"), Value(2), function="SPLIT_PART"),
                name="contact_by_domain",
            ),
        ]
        constraints = [
            models.UniqueConstraint("customer", Lower("email"), name="one_contact_an_address"),
        ]

    def __str__(self) -> str:
        return self.name or (gettext("erased person") if self.is_erased else self.email)

    @property
    def is_erased(self) -> bool:
        """Whether the person was erased: nobody is behind the address."""
        return is_erased(self.email)


class Standing(models.Model):
    """How a customer stands on `as_of`: made from terms to sort and filter lists, never edited.

    Services renew it for the customer they change, imports for those they touch, the night for all.
    Figures never come from here.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("paying")
        PAUSED = "paused", _("paused")
        TRIAL = "trial", _("on trial")
        LOST = "lost", _("lost")
        NEVER = "never", _("never paid")

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="standing"
    )
    as_of = models.DateField()
    computed_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=6, choices=State)
    arr_minor = models.BigIntegerField(_("ARR"))
    plan = models.ForeignKey(
        "customers.Plan", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    first_paid_on = models.DateField(_("paying since"), null=True)
    lost_on = models.DateField(_("lost on"), null=True)
    next_end_on = models.DateField(_("next known end"), null=True)
    contract_ends_on = models.DateField(_("contract ends"), null=True)
    notice_by = models.DateField(_("notice by"), null=True)
    last_used_on = models.DateField(_("last used"), null=True)
    risk = models.PositiveSmallIntegerField(
        _("risk"), default=0, help_text=_("Sum of the severities of open flags.")
    )

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [
            models.Index(fields=["-arr_minor", "customer"], name="standing_by_value"),
            models.Index(fields=["state", "-arr_minor", "customer"], name="standing_by_state"),
            models.Index(fields=["plan", "-arr_minor", "customer"], name="standing_by_plan"),
            models.Index(fields=["-risk", "-arr_minor", "customer"], name="standing_by_risk"),
            models.Index(fields=["next_end_on", "customer"], name="standing_by_end"),
            models.Index(fields=["last_used_on", "customer"], name="standing_by_use"),
            models.Index(
                fields=["lost_on"], name="standing_by_loss", condition=Q(lost_on__isnull=False)
            ),
            models.Index(
                fields=["first_paid_on"],
                name="standing_by_first_payment",
                condition=Q(first_paid_on__isnull=False),
            ),
            models.Index(
                fields=["contract_ends_on"],
                name="standing_by_contract",
                condition=Q(contract_ends_on__isnull=False),
            ),
            models.Index(
                fields=["notice_by"],
                name="standing_by_notice",
                condition=Q(notice_by__isnull=False),
            ),
            models.Index(
                (F("risk") * F("arr_minor")).desc(),
                F("customer").asc(),
                name="standing_risk_by_value",
                condition=Q(risk__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"
