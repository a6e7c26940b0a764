"""Referral programs, the link of each customer in them, and who came by one."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from campaigns.models.flow import text_in
from campaigns.models.offer import Grant, Offer
from churnapp.models import Organisation, User
from customers.models import Contact, Customer, Task

# Crockford's base32 in small letters: nothing that is easily misread, 5 bits each.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 12


def new_code() -> str:
    """60 random bits: nobody guesses one, and it can still be read aloud."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


class ReferralProgramQuerySet(models.QuerySet["ReferralProgram"]):
    def on(self) -> Self:
        return self.filter(archived_at=None).exclude(on_since=None)


class ReferralProgram(models.Model):
    """What customers get for bringing others, when, and how often.

    `reward` is made to the one who referred, `welcome` to the one who came. `texts` holds title,
    text, welcome and button of the public page by language, English at least.
    """

    LONGEST_NAME = 100

    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    reward = models.ForeignKey(
        Offer, models.PROTECT, related_name="rewards_in", verbose_name=_("reward")
    )
    welcome = models.ForeignKey(
        Offer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="welcomes_in",
        verbose_name=_("welcome"),
    )
    texts = models.JSONField(_("texts"), default=dict)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    days_to_sign_up = models.PositiveSmallIntegerField(
        _("days to sign up"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    months_to_pay = models.PositiveSmallIntegerField(
        _("months to pay"), default=1, validators=[MaxValueValidator(36)]
    )
    months_away = models.PositiveSmallIntegerField(
        _("months away"), default=12, validators=[MaxValueValidator(120)]
    )
    most_a_referrer = models.PositiveSmallIntegerField(
        _("most rewards for one customer"), null=True, blank=True, default=10
    )
    most_a_month = models.PositiveIntegerField(_("most rewards in a month"), null=True, blank=True)
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ReferralProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral program")
        verbose_name_plural = _("referral programs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="referral_program_has_a_name"),
            models.CheckConstraint(
                condition=Q(days_to_sign_up__gte=1, days_to_sign_up__lte=730)
                & Q(months_to_pay__lte=36)
                & Q(months_away__lte=120),
                name="referral_program_days_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.on_since is not None and self.archived_at is None

    def text(self, name: str, language: str | None = None) -> str:
        return text_in(self.texts, name, language)


class ReferralLink(models.Model):
    """The link by which one customer, or one person there, refers others; it is meant to be shared.

    Of two records of one customer that became one, both links stay, so that both keep working.
    """

    program = models.ForeignKey(ReferralProgram, models.CASCADE, related_name="links")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="referral_links")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="referral_links"
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    key = models.CharField(max_length=100, unique=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("referral link")
        verbose_name_plural = _("referral links")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code

    @property
    def path(self) -> str:
        return f"/r/{self.code}"


def has_address(address: str) -> Q:
    """Of referrals: this address, capitals or not, as their index has it."""
    return Q(Exact(Lower("email"), Lower(Value(address))))


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Referrals by customers that `user` may see."""
        return self.filter(link__customer__in=Customer.objects.visible_to(user, organisation))

    def with_seen(self, visible: models.QuerySet[Customer]) -> Self:
        """With the ids of who they became, and may be, where that is a customer of `visible`."""

        def seen(name: str) -> Case:
            return Case(When(**{f"{name}__in": visible}, then=F(f"{name}__external_id")))

        return self.annotate(seen_customer=seen("customer"), seen_suggested=seen("suggested"))


class Referral(models.Model):
    """Somebody who came by a link, whom they became, and what the one who referred got for it.

    `suggested` is a customer that may be them; a person says whether. `why` is a stable code: of
    one refused why, of one matched what its reward waits for.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        MATCHED = "matched", _("is a customer")
        REWARDED = "rewarded", _("rewarded")
        REFUSED = "refused", _("refused")

    class From(models.TextChoices):
        PAGE = "page", _("the page of the link")
        API = "api", _("another program")
        STAFF = "staff", _("a colleague")

    class By(models.TextChoices):
        EMAIL = "email", _("their address")
        CODE = "code", _("the code")
        PERSON = "person", _("a colleague")

    link = models.ForeignKey(ReferralLink, models.CASCADE, related_name="referrals")
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True, default="")
    company = models.CharField(_("company"), max_length=300, blank=True, default="")
    language = models.CharField(_("language"), max_length=5, default="en")
    came_from = models.CharField(_("came from"), max_length=5, choices=From, default=From.PAGE)
    at = models.DateTimeField(_("when"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    why = models.CharField(_("why"), max_length=30, blank=True, default="")
    suggested = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    not_them = models.JSONField(_("customers that it is not"), default=list, blank=True)
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="referred_by"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="referred_by"
    )
    matched_at = models.DateTimeField(_("matched"), null=True, blank=True)
    matched_how = models.CharField(
        _("matched by"), max_length=6, choices=By, blank=True, default=""
    )
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rewarded_at = models.DateTimeField(_("rewarded"), null=True, blank=True)
    grant = models.ForeignKey(
        Grant, models.SET_NULL, null=True, blank=True, related_name="rewarded_referrals"
    )
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="referral_by_day"),
            models.Index(
                fields=["state", "id"],
                name="referral_open",
                condition=Q(state__in=["new", "matched"]),
            ),
            models.Index(Lower("email"), name="referral_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(
                "link", Lower("email"), condition=~Q(email=""), name="one_referral_an_address"
            ),
            # whoever came is some customer's referral once, whichever program it was
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=["matched", "rewarded"]),
                name="one_referral_a_customer",
            ),
            models.CheckConstraint(
                condition=~Q(state="rewarded") | Q(rewarded_at__isnull=False),
                name="referral_rewarded_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (Q(refused_at__isnull=False) & ~Q(why="")),
                name="referral_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        there = self.customer.name if self.customer else ""
        return self.company or there or self.name or self.email or str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.NEW, self.State.MATCHED}

    def sign_up_until(self) -> datetime:
        """Until when a sign-up counts."""
        return self.at + timedelta(days=self.link.program.days_to_sign_up)
