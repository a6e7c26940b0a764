"""How we send: the rules in force in sentences, for all who see mail; changed by administrators."""

from datetime import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from churnapp.common import formats
from churnapp.common.personal import registry
from customers.forms.sending_rules import RetentionForm, SendingRulesForm
from customers.models import SendingRate
from customers.privacy.purging import periods
from customers.services.sending_rules import change_retention, change_sending_rules
from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view
from customers.views.mail_topics import topic_lines


@require_GET
@allowed("customers.view_outgoingemail")
def mail_settings(request: HttpRequest) -> HttpResponse:
    """The rules of sending, the periods of keeping and the topics, as they are in force."""
    context = {
        "sentences": sentences(SendingRate.objects.get(pk=1)),
        "kept": [
            (capfirst(str(registry.kept[key].what)), kept_for(days))
            for key, days in periods().items()
        ],
        "topics": topic_lines(request),
    }
    return render(request, "customers/mail_settings.html", context)


def sentences(rules: SendingRate) -> list[tuple[str, str]]:
    """Each rule: what it is about, and what it says."""
    return [
        (_("Speed"), speed(rules)),
        (_("Calling back"), calling_back(rules)),
        (_("Quiet hours"), quiet_hours(rules)),
        (_("Not too many"), budget(rules)),
    ]


def speed(rules: SendingRate) -> str:
    return _("At most %(rate)s mails go out a minute, and at most %(burst)s at once.") % {
        "rate": formats.number(rules.per_minute),
        "burst": formats.number(rules.burst),
    }


def calling_back(rules: SendingRate) -> str:
    if not rules.hold_minutes:
        return _("Mail to customers goes out at once.")
    told = ngettext(
        "Mail to customers waits %(count)s minute before it goes out: until then it can be called"
        " back.",
        "Mail to customers waits %(count)s minutes before it goes out: until then it can be called"
        " back.",
        rules.hold_minutes,
    )
    return told % {"count": formats.number(rules.hold_minutes)}


def quiet_hours(rules: SendingRate) -> str:
    """When surveys and campaigns wait, in two sentences."""
    if rules.quiet_from == rules.quiet_until:
        hours = _("Surveys and campaigns go out at any hour.")
    else:
        hours = _(
            "Surveys and campaigns do not go out between %(start)s and %(end)s where the recipient"
            " is."
        ) % {"start": clock(rules.quiet_from), "end": clock(rules.quiet_until)}
    if rules.weekdays_only:
        return f"{hours} {_('On Saturdays and Sundays they wait for Monday.')}"
    return f"{hours} {_('They go out on Saturdays and Sundays too.')}"


def clock(hour: int) -> str:
    return f"{time(hour):%H:%M}"


def budget(rules: SendingRate) -> str:
    told = ngettext(
        "In %(days)s day a person gets at most %(person)s mails and a customer at most"
        " %(customer)s; personal mail and notices to staff don't count.",
        "In %(days)s days a person gets at most %(person)s mails and a customer at most"
        " %(customer)s; personal mail and notices to staff don't count.",
        rules.contact_days,
    )
    return told % {
        "days": formats.number(rules.contact_days),
        "person": formats.number(rules.most_a_contact),
        "customer": formats.number(rules.most_a_customer),
    }


def kept_for(days: int | None) -> str:
    if days is None:
        return _("for ever")
    return formats.days(days)


@asks
@dialog_view
@allowed("customers.change_sendingrate")
def change(request: HttpRequest) -> HttpResponse:
    """Set the rules of sending; they hold for what goes out from now on."""
    rules = SendingRate.objects.get(pk=1)
    beginning = {name: getattr(rules, name) for name in SendingRulesForm.base_fields}
    form = SendingRulesForm(request.POST or None, initial=beginning)

    def act() -> Done:
        change_sending_rules(form.cleaned_data, by=person(request))
        return Done(_("The rules of sending are changed."))

    intro = _("They hold for all mail that goes out from now on, also for what waits already.")
    back = reverse("customers:mail_settings")
    return converse(request, Dialog(_("How we send"), _("Save"), back, intro=intro), form, act)


@asks
@dialog_view
@allowed("customers.change_retentionperiod")
def change_periods(request: HttpRequest) -> HttpResponse:
    """Set how long each kind of thing about people is kept."""
    form = RetentionForm(request.POST or None, initial=periods())

    def act() -> Done:
        change_retention(form.cleaned_data, by=person(request))
        return Done(_("The periods are changed."))

    intro = _("What is older is forgotten in the night, for good. The public notice says so too.")
    back = reverse("customers:mail_settings")
    dialog = Dialog(_("How long things are kept"), _("Save"), back, intro=intro)
    return converse(request, dialog, form, act)
