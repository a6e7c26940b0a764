"""Mentions: what is said of us in social media, on review sites and by word of mouth."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churnapp.models import Organisation, User
from churnapp.permissions import sees_everything
from customers.models.customer import Contact, Customer

HIGHEST_RATING = 5


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Mentions by customers that `user` may see, and all that belong to no customer."""
        organisation = organisation or Organisation.current()
        if sees_everything(user, organisation):
            return self
        visible = Customer.objects.visible_to(user, organisation)
        return self.filter(Q(customer=None) | Q(customer__in=visible))

    def unmatched(self) -> Self:
        """Those of which nobody has said yet whose they are."""
        return self.filter(customer=None).exclude(matched_by=Mention.Matched.NOBODY)

    def to_answer(self) -> Self:
        return self.filter(replied_at=None, reply_by__isnull=False)

    def with_all(self) -> Self:
        """With whatever a list or a dialog shows of them."""
        return self.select_related("customer", "owner")


class Mention(models.Model):
    """Something that was said of us in public, by a customer or by somebody else.

    One that belongs to a customer stands on its timeline too, as an entry named `entry_id`.
    """

    class Kind(models.TextChoices):
        SOCIAL = "social", _("social media")
        REVIEW = "review", _("review")
        WORD = "word", _("word of mouth")

    class Matched(models.TextChoices):
        NOT = "", _("not matched")
        CUSTOMER_ID = "customer_id", _("by customer id")
        EMAIL = "email", _("by e-mail address")
        DOMAIN = "domain", _("by domain")
        NAME = "name", _("by name")
        PERSON = "person", _("by a person")
        NOBODY = "nobody", _("none of our customers")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    site = models.CharField(
        _("where"), max_length=200, blank=True, help_text=_("Such as Trustpilot or LinkedIn.")
    )
    external_id = models.CharField(_("id elsewhere"), max_length=200, null=True, blank=True)  # noqa: DJ001
    url = models.CharField(_("address"), max_length=2000, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    author_email = models.CharField(_("author's e-mail address"), max_length=254, blank=True)
    company = models.CharField(_("company"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    text = models.TextField(_("words"), blank=True)
    rating = models.DecimalField(
        _("rating"), max_digits=3, decimal_places=2, null=True, blank=True, help_text=_("Of 5.")
    )
    sentiment = models.SmallIntegerField(
        _("sentiment"), null=True, blank=True, help_text=_("−1 bad, 0 neutral, 1 good.")
    )
    occurred_at = models.DateTimeField(_("when"))
    customer = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mentions",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="mentions"
    )
    matched_by = models.CharField(
        _("matched"), max_length=15, choices=Matched, blank=True, default=""
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mentions",
        verbose_name=_("owner"),
    )
    reply_by = models.DateField(_("reply by"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    reply_text = models.TextField(_("what was answered"), blank=True, default="", db_default="")
    reply_url = models.CharField(
        _("address of the answer"), max_length=2000, blank=True, default="", db_default=""
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="mention_by_day"),
            models.Index(
                fields=["reply_by", "id"], name="mention_to_answer", condition=Q(replied_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_mention_an_id"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=0, rating__lte=HIGHEST_RATING),
                name="mention_rating_range",
            ),
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__gte=-1, sentiment__lte=1),
                name="mention_sentiment_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d}"

    @property
    def is_unmatched(self) -> bool:
        return self.customer_id is None and self.matched_by != self.Matched.NOBODY

    @property
    def entry_id(self) -> str:
        """The external id of its entry on the customer's timeline."""
        return f"mention-{self.pk}"


def sentiment_of(rating: Decimal | None) -> int | None:
    """What a rating of five says: up to two is bad, from four on good.

    Files are read by the same rule in `importing/sql/mentions/resolve.sql`.
    """
    if rating is None:
        return None
    return -1 if rating <= 2 else 1 if rating >= 4 else 0
