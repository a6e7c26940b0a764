"""Who left and why: the versioned list of reasons, and the departures."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import IsNull
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models.catalogue import Feature
from customers.models.competitor import plain_name
from customers.models.customer import Customer
from customers.models.subscription import Subscription, Term


class ReasonCategory(models.TextChoices):
    PRICE = "price", _("Price and return")
    PRODUCT = "product", _("Product")
    SERVICE = "service", _("Service and delivery")
    COMPETITION = "competition", _("Competition")
    CUSTOMER = "customer", _("The customer's own situation")
    PAYMENT = "payment", _("Payment")
    UNSORTED = "unsorted", _("Unsorted")


class ReasonKind(models.TextChoices):
    STATED = "stated", _("What the customer says")
    TEXT = "text", _("Read from their words")
    CSM = "csm", _("Our own view")
    BEHAVIOUR = "behaviour", _("Seen in what they did")


SAID = (ReasonKind.STATED, ReasonKind.CSM)  # what somebody says; the others are worked out


class CancellationReason(models.Model):
    """A cause of leaving, the same through every renaming; its wording stands in its versions."""

    key = models.SlugField(_("key"), max_length=100, unique=True)
    feature = models.ForeignKey(
        Feature, models.SET_NULL, null=True, blank=True, related_name="reasons"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("cancellation reason")
        verbose_name_plural = _("cancellation reasons")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key

    @property
    def counts_as(self) -> "CancellationReason":
        """The reason that figures count it under: what it was merged into, else itself."""
        return self.merged_into or self


class ReasonVersion(models.Model):
    """How a reason was worded and sorted from `recorded_at` until the next version."""

    class Asks(models.TextChoices):
        NOTHING = "", _("nothing more")
        FEATURE = "feature", _("which feature")
        COMPETITOR = "competitor", _("which competitor")

    reason = models.ForeignKey(CancellationReason, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    category = models.CharField(
        _("category"), max_length=20, choices=ReasonCategory, default=ReasonCategory.UNSORTED
    )
    avoidable = models.BooleanField(_("avoidable"), default=True)
    asks = models.CharField(_("asks for"), max_length=10, choices=Asks, blank=True, default="")
    labels = models.JSONField(_("wording by language"), default=dict)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a reason")
        verbose_name_plural = _("versions of reasons")
        ordering = ["reason", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "version"], name="one_reason_a_version"),
        ]

    def __str__(self) -> str:
        language = (get_language() or "en").split("-")[0]
        return str(self.labels.get(language) or self.labels.get("en") or self.reason_id)


def fall_on_the_day() -> models.QuerySet[Any, Any]:
    """How far the revenue that a cancellation speaks of falls on its first unpaid day.

    Only terms that end or begin then can change it. Without a subscription it speaks of all that
    the customer has, but for what another cancellation of that day speaks of already.
    """
    day = OuterRef("effective_on")
    spoken_of = (
        Term.objects.standing()
        .filter(
            Q(ends_on=day) | Q(starts_on=day),
            subscription__customer=OuterRef("customer"),
            subscription=Coalesce(OuterRef("subscription"), F("subscription")),
        )
        .exclude(Exists(others_that_speak_of_it()))
    )
    change = Case(When(ends_on=day, then=F("arr_minor")), default=-F("arr_minor"))
    by_customer = spoken_of.order_by().values("subscription__customer")
    return by_customer.annotate(fall=Sum(change)).values_list("fall")


def others_that_speak_of_it() -> models.QuerySet[Any, Any]:
    """Cancellations that come before one in speaking of a term's subscription on the same day.

    One that names the subscription comes before one of the whole customer, then the older one.
    Asked for a term (one level out) of a cancellation (two levels out).
    """
    of_all = IsNull(OuterRef(OuterRef("subscription")), rhs=True)
    older = Q(pk__lt=OuterRef(OuterRef("pk")))
    names_it = Q(subscription=OuterRef("subscription")) & (Q(of_all) | older)
    speaks_of_all = Q(of_all) & older & Q(subscription=None)
    return Cancellation.objects.in_force().filter(
        names_it | speaks_of_all,
        customer=OuterRef(OuterRef("customer")),
        effective_on=OuterRef(OuterRef("effective_on")),
    )


class CancellationQuerySet(models.QuerySet["Cancellation"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)

    def leaving(self, today: date) -> Self:
        """Those ahead after which nothing is paid or paused: their customers leave.

        One of a file ends no term; where it speaks of the whole customer, it is believed.
        """
        binding = Term.objects.standing().filter(
            subscription__customer=OuterRef("customer"),
            kind__in=(Term.Kind.PAID, Term.Kind.PAUSED),
        )
        day = OuterRef("effective_on")
        goes_on = binding.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
        of_a_file = Q(subscription=None, ended_terms=False)
        return self.in_force().filter(~Exists(goes_on) | of_a_file, effective_on__gt=today)

    def with_lost_arr(self) -> Self:
        """Each with `lost_arr_minor`, 0 where nothing ended on its day: asked of the terms.

        What several of one day speak of is counted once, so that they add up.
        """
        return self.annotate(lost_arr_minor=Greatest(Coalesce(Subquery(fall_on_the_day()), 0), 0))

    def with_their_words(self) -> Self:
        """Those that hold words of the customer; see `their_words`."""
        return self.filter(involuntary=False).exclude(comment="")

    def with_rival(self) -> Self:
        """Each with `rival`: the competitor's name as the register's names are compared."""
        return self.annotate(rival=plain_name("competitor"))

    def with_won_back(self, today: date) -> Self:
        """Each with `won_back`: whether its customer paid nothing on its day, and pays today."""
        paid = Term.objects.standing().filter(
            subscription__customer=OuterRef("customer"), arr_minor__gt=0
        )
        again = paid.running_on(today).filter(starts_on__gt=OuterRef("effective_on"))
        on_the_day = Q(ends_on=None) | Q(ends_on__gt=OuterRef("effective_on"))
        stayed = paid.filter(on_the_day, starts_on__lte=OuterRef("effective_on"))
        return self.annotate(
            won_back=Case(
                When(~Exists(stayed) & Exists(again), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )


class Cancellation(models.Model):
    """That a customer leaves, or one subscription ends, and why.

    What it lost is asked of the terms, never stored here. `reason` is the headline that figures
    count by: the one that was chosen, else what the customer states, else our own view. What each
    kind of view holds stands apart in `views`; what is read from words or seen in behaviour never
    becomes the headline unless a person confirms it.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="cancellations")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, null=True, blank=True, related_name="cancellations"
    )
    external_id = models.CharField(_("id elsewhere"), max_length=200, null=True, blank=True)  # noqa: DJ001
    requested_at = models.DateTimeField(_("requested"), null=True, blank=True)
    effective_on = models.DateField(_("takes effect on"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    involuntary = models.BooleanField(
        _("involuntary"), default=False, help_text=_("The customer did not ask for it.")
    )
    reason = models.ForeignKey(
        CancellationReason, models.PROTECT, null=True, blank=True, related_name="cancellations"
    )
    reason_version = models.ForeignKey(
        ReasonVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("in the customer's words"), blank=True)
    competitor = models.CharField(_("competitor"), max_length=200, blank=True)
    missing_feature = models.CharField(_("missing feature"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    ended_terms = models.BooleanField(
        default=False, help_text=_("Recording it ended the terms; importing it did not.")
    )
    read_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When words and behaviour were read.")
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CancellationQuerySet.as_manager()

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        ordering = ["-effective_on", "-pk"]
        indexes = [
            models.Index(fields=["-effective_on", "-id"], name="cancellation_by_day"),
            models.Index(
                fields=["customer", "-effective_on", "-id"],
                name="cancellation_last",
                condition=Q(withdrawn_at=None),
            ),
            models.Index(
                plain_name("missing_feature"),
                name="cancellation_by_feature",
                condition=~Q(missing_feature=""),
            ),
            models.Index(
                plain_name("competitor"), name="cancellation_by_rival", condition=~Q(competitor="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_cancellation_an_id"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.effective_on}"

    def reasons_by_kind(self) -> dict[str, CancellationReason]:
        """The views that stand. Where nobody has ever given one, as files bring it, the customer
        said the headline; where one was taken back, nobody says it.

        What is only suggested is not among them. Views fetched before are those of
        `ReasonView.objects.telling()`.
        """
        fetched = "views" in getattr(self, "_prefetched_objects_cache", {})
        views = self.views.all() if fetched else self.views.select_related("reason")
        told = [view for view in views if not view.suggested]
        standing = {view.kind: view.reason for view in told if not view.superseded_at}
        if not standing and self.reason and not any(view.kind in SAID for view in told):
            return {ReasonKind.STATED: self.reason}
        return standing

    @property
    def their_words(self) -> str:
        """What the customer said. Of one who did not ask to leave, the comment is our own note."""
        return "" if self.involuntary else self.comment

    @property
    def our_note(self) -> str:
        return self.comment if self.involuntary else ""

    @property
    def stated_reason(self) -> CancellationReason | None:
        return self.reasons_by_kind().get(ReasonKind.STATED)

    @property
    def csm_reason(self) -> CancellationReason | None:
        return self.reasons_by_kind().get(ReasonKind.CSM)
