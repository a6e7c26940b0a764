"""People, keys, the organisation, its audit trail and its long jobs."""

import zoneinfo
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager, Permission
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def check_timezone(name: str) -> None:
    """Refuse what is not an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is no time zone. Use an IANA name such as Europe/Oslo."),
            params={"name": name},
        )


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in with an address; without a password they can't sign in yet."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def who_may(self, permission: str) -> models.QuerySet["User"]:
        """Active people with a permission such as `customers.change_customer`, by name."""
        app, codename = permission.split(".")
        granted = Permission.objects.filter(content_type__app_label=app, codename=codename)
        by_group = models.Exists(granted.filter(group__user=models.OuterRef("pk")))
        by_name = models.Exists(granted.filter(user=models.OuterRef("pk")))
        may = Q(is_superuser=True) | Q(by_group) | Q(by_name)
        return self.filter(may, is_active=True).order_by("name", "email")


class User(AbstractUser):
    """A member of staff; departing customers never sign in."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Like the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Often(models.TextChoices):
        DAILY = "daily", _("each morning")
        WEEKLY = "weekly", _("each Monday")
        NEVER = "never", _("never")

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    language = models.CharField(
        _("language of mails"), max_length=20, choices=settings.LANGUAGES, blank=True
    )
    mail_unhappy = models.BooleanField(_("each unhappy answer of my customers"), default=True)
    mail_digest = models.CharField(
        _("a summary of new answers"), max_length=6, choices=Often, default=Often.NEVER
    )
    stands_in_for = models.ManyToManyField(
        "self", symmetrical=False, related_name="stand_ins", blank=True
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Organisation(models.Model):
    """The one organisation of this installation and how it counts."""

    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    currency = models.CharField(_("reporting currency"), max_length=3, default="EUR")
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Oslo", validators=[check_timezone]
    )
    gross_margin = models.DecimalField(
        _("gross margin"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.8"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Share of revenue left after the cost of delivering it, 0 to 1."),
    )
    lapse_grace_days = models.PositiveSmallIntegerField(
        _("grace days"),
        default=0,
        help_text=_("A gap of at most this many days between two paid periods is no churn."),
    )
    pause_limit_days = models.PositiveSmallIntegerField(
        _("longest pause, days"),
        default=90,
        help_text=_("A customer paused for this many days counts as lost."),
    )
    silent_days = models.PositiveSmallIntegerField(
        _("silent after, days"),
        default=30,
        help_text=_("A paying customer without any use for this many days is silent."),
    )
    replacement_months = models.PositiveSmallIntegerField(
        _("months to replace a customer"), default=12
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    night_hour = models.PositiveSmallIntegerField(
        _("hour of the nightly work"),
        default=3,
        validators=[MaxValueValidator(23)],
        help_text=_("In the organisation's time zone."),
    )
    csm_sees_own_only = models.BooleanField(
        _("customer-success managers see only their own customers"), default=False
    )

    privacy_contact = models.CharField(
        _("whom to ask about privacy"),
        max_length=200,
        blank=True,
        help_text=_("An address or a name, shown in the privacy notice."),
    )
    privacy_notice = models.TextField(
        _("privacy notice in your own words"),
        blank=True,
        help_text=_("Stands in the notice above what the product keeps by itself."),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="organisation_is_one"),
            models.CheckConstraint(
                condition=Q(gross_margin__gte=0, gross_margin__lte=1),
                name="organisation_margin_is_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Organisation"))

    @classmethod
    def current(cls) -> Self:
        """The organisation of this installation; the first migration makes its row."""
        return cls.objects.get(pk=1)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class ApiKey(models.Model):
    """A key for another program: shown once, kept as a hash."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class RememberedAnswer(models.Model):
    """What the API answered to a request with an `Idempotency-Key`: asked again, it says the same.

    `request_sha256` tells a repeated request from another one under the same key.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("remembered answer")
        verbose_name_plural = _("remembered answers")
        indexes = [models.Index(fields=["created_at"], name="remembered_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_answer_a_key"),
        ]

    def __str__(self) -> str:
        return self.key


class AuditEvent(models.Model):
    """Who did what to what; a trigger refuses to change or delete a row."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(_("what"), max_length=50)
    object_kind = models.CharField(_("kind"), max_length=50)
    object_id = models.BigIntegerField(_("id"), null=True)
    changes = models.JSONField(_("before and after"), default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"


class Job(models.Model):
    """A long piece of work: the row is the truth, a task only says "look"."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not started")
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=50)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    total = models.BigIntegerField(null=True, blank=True)
    done = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    phase = models.CharField(_("phase"), max_length=100, blank=True)
    error = models.TextField(_("error"), blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                name="job_unfinished",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ScheduledRun(models.Model):
    """Scheduled work done once a period, however many schedulers tick: (job, period) is unique."""

    job = models.CharField(max_length=50)
    period = models.CharField(max_length=20)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "period"], name="one_run_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class Heartbeat(models.Model):
    """When a queue's canary last came through."""

    queue = models.CharField(max_length=50, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.queue
