"""What people agreed to, how long things about them are kept, and what was erased."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Contact
from customers.models.mail import MailPurpose


class ConsentQuerySet(models.QuerySet["Consent"]):
    def last_words(self) -> Self:
        """The last word of each contact on each purpose."""
        of_same = Consent.objects.filter(contact=OuterRef("contact"), purpose=OuterRef("purpose"))
        at_once = Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(of_same.filter(Q(at__gt=OuterRef("at")) | at_once)))


class Consent(models.Model):
    """What a person said of one purpose of mail; the last word counts, and all of them are kept."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=MailPurpose)
    given = models.BooleanField(
        _("agreed"), null=True, blank=True, help_text=_("Empty: it is not known any more.")
    )
    at = models.DateTimeField(_("when"))
    source = models.CharField(_("where they said so"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["contact", "purpose", "-at"], name="consent_last_word")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.purpose} {self.given}"


class RetentionPeriod(models.Model):
    """How long one kind of thing about people is kept, where it differs from what we propose."""

    key = models.CharField(_("what"), max_length=50, unique=True)
    days = models.PositiveIntegerField(
        _("days"), null=True, blank=True, help_text=_("Empty: for ever.")
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Erasure(models.Model):
    """The receipt of an erasure: when, by whom and how much, without saying of whom.

    `address_hmac` answers whether an address was erased, to whoever brings the address.
    """

    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    address_hmac = models.CharField(max_length=64, db_index=True)
    rows = models.JSONField(_("rows changed, by kind"), default=dict)
    to_read = models.JSONField(
        _("texts for a person to look at"),
        default=list,
        help_text=_("Entries of timelines that may still name the person."),
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
