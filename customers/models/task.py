"""Plain tasks: what, who, when; and saved views of a list."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import ERASED_TASK
from churnapp.models import Organisation, User
from churnapp.permissions import sees_everything
from customers.models.customer import Customer


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Tasks about customers that `user` may see, and the person's own about none."""
        organisation = organisation or Organisation.current()
        mine = Q(customer=None) & (Q(assignee=user) | Q(created_by=user))
        if sees_everything(user, organisation):
            return self.filter(Q(customer__isnull=False) | mine)
        visible = Customer.objects.visible_to(user, organisation)
        return self.filter(Q(customer__in=visible) | mine)


class Task(models.Model):
    """Something a person does about a customer by a day."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    what = models.CharField(_("what"), max_length=300)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    page = models.CharField(
        _("page"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it is taken up: the path of a page of this installation."),
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.CharField(
        _("made once by"),
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text=_("What a task that nobody has written stands for."),
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["assignee", "due_on"], name="task_open", condition=Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """What is to be done; of a task that quoted somebody erased, that its words are gone."""
        return gettext("Words erased") if self.what == ERASED_TASK else self.what


class SavedView(models.Model):
    """A list's filters, sort and columns under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=50)
    name = models.CharField(_("name"), max_length=100)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("for everyone"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="one_view_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
