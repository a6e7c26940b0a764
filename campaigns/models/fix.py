"""What was wrong and is put right: tied to reasons, a feature and themes, told once to each."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models import CancellationReason, Customer, Feature
from feedback.models import Theme


class Fix(models.Model):
    """Something that customers left over or complained of, and that is fixed now."""

    name = models.CharField(_("what is fixed"), max_length=200)
    words = models.JSONField(
        _("in the customer's language"),
        default=dict,
        blank=True,
        help_text=_("How mails name it, by language."),
    )
    fixed_on = models.DateField(_("fixed on"))
    reasons = models.ManyToManyField(
        CancellationReason, blank=True, related_name="fixes", verbose_name=_("reasons for leaving")
    )
    feature = models.ForeignKey(
        Feature,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="fixes",
        verbose_name=_("feature that was missing"),
    )
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="fixes", verbose_name=_("themes in comments")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("fix")
        verbose_name_plural = _("fixes")
        ordering = ["-fixed_on", "-pk"]

    def __str__(self) -> str:
        return self.name

    def said_in(self, language: str | None = None) -> str:
        """How it is named in a language, English failing that, its own name failing both."""
        language = language or (get_language() or "en").split("-")[0]
        return str(self.words.get(language) or self.words.get("en") or self.name)


class FixTold(models.Model):
    """That a customer is told of a fix: once for that fix, ever."""

    fix = models.ForeignKey(Fix, models.CASCADE, related_name="told")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="fixes_told")
    told_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("customer told of a fix")
        verbose_name_plural = _("customers told of fixes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fix", "customer"], name="one_telling_a_fix"),
        ]

    def __str__(self) -> str:
        return f"{self.fix_id} {self.customer_id}"
