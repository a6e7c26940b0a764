"""Connect two subscriptions, merge two customers, hand a customer over: each looked at first."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.forms.customers import HandOverForm
from customers.forms.joining import ConnectForm, MergeForm
from customers.models import Handover
from customers.services.connections import (
    Preview,
    connect_subscriptions,
    merge_customers,
    preview_connection,
    preview_merge,
)
from customers.services.owners import hand_over, withdraw_handover
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    today_here,
    visible_customers,
)
from customers.views.dialogs import (
    Dialog,
    Done,
    asks,
    converse,
    dialog_view,
    show,
    show_rule,
    take_back,
)
from customers.views.figures_before_after import rows_of
from customers.views.subscription_actions import page_of, subscription_or_404

LOOK, CONFIRM = "look", "confirm"


@asks
@dialog_view
@allowed("customers.change_subscription")
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another subscription continue this one, after a look at the figures."""
    earlier = subscription_or_404(request, pk)
    form = ConnectForm(request.POST or None, earlier=earlier)

    def act() -> Done:
        connect_subscriptions(earlier, form.cleaned_data["later"], by=person(request))
        return Done(_("Connected: the move from one to the other is no departure any more."))

    dialog = Dialog(
        title=_("Connect with what follows"),
        submit=_("See what changes"),
        back=page_of(earlier.customer_id),
        intro=_(
            "For a change of plan or billing that came in as two subscriptions. The later one then "
            "continues this one, and no customer is lost or won by it."
        ),
        body="customers/_joining_fields.html",
        more={"step": LOOK},
    )
    if request.POST.get("step") == CONFIRM:
        return converse(request, dialog, form, act)
    return look(
        request, dialog, form, lambda: preview_connection(earlier, form.cleaned_data["later"])
    )


def look(
    request: HttpRequest, dialog: Dialog, form: forms.Form, ask: Callable[[], Preview]
) -> HttpResponse:
    """The first step, or with a readable form the second: figures before and after."""
    if request.POST.get("step") != LOOK or not form.is_valid():
        return show(request, dialog, form, 422 if form.errors else 200)
    try:
        preview = ask()
    except RuleError as error:
        show_rule(form, error)
        return show(request, dialog, form, 422)
    more = {"step": CONFIRM, "preview": preview, "preview_rows": rows_of(preview)}
    second = Dialog(
        title=dialog.title,
        submit=_("Do it"),
        back=dialog.back,
        body="customers/_joining_preview.html",
        more=more,
    )
    return show(request, second, form)


@asks
@dialog_view
@allowed("customers.change_customer")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one customer of this and another record of it, after a look at the figures."""
    kept = customer_or_404(request, pk)
    form = MergeForm(request.POST or None, visible=visible_customers(request))

    def act() -> Done:
        other = form.cleaned_data["other"]
        name = other.name
        merge_customers(kept, other, by=person(request))
        return Done(_("%(name)s is part of this customer now.") % {"name": name})

    dialog = Dialog(
        title=_("Merge another record into %(name)s") % {"name": kept},
        submit=_("See what changes"),
        back=reverse("customers:detail", args=[pk]),
        intro=_(
            "For two records of one customer. All that is known of the other moves here; its id "
            "goes on to lead here. This can't be undone."
        ),
        is_grave=True,
        body="customers/_joining_fields.html",
        more={"step": LOOK},
    )
    if request.POST.get("step") == CONFIRM:
        return converse(request, dialog, form, act)
    return look(request, dialog, form, lambda: preview_merge(kept, form.cleaned_data["other"]))


@asks
@dialog_view
@allowed("customers.change_customer")
def hand_over_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a customer another owner, with open tasks and a note."""
    customer = customer_or_404(request, pk)
    form = HandOverForm(request.POST or None, initial={"on": today_here()})

    def act() -> Done:
        given = form.cleaned_data
        hand_over(
            [customer], to=given["to"], on=given["on"], note=given["note"], by=person(request)
        )
        words = {"name": given["to"], "day": formats.day(given["on"])}
        return Done(_("%(name)s takes over on %(day)s.") % words)

    open_tasks = customer.tasks.filter(done_at=None, assignee=customer.owner_id).count()
    intro = _("Open tasks of the owner go along: %(count)s.") % {"count": open_tasks}
    title = _("Hand over %(name)s") % {"name": customer}
    dialog = Dialog(title, _("Hand over"), reverse("customers:detail", args=[pk]), intro)
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_customer")
def withdraw_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a handover whose day has not come."""
    visible = Handover.objects.filter(customer__in=visible_customers(request))
    handover = get_object_or_404(visible.select_related("to"), pk=pk)
    page = reverse("customers:detail", args=[handover.customer_id])
    done = Done(_("The owner stays."), to=page)
    return take_back(request, lambda: withdraw_handover(handover, by=person(request)), done)
