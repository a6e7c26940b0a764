"""Which survey a departure sends, to whom and when, told before the departure is recorded."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from churnapp.common import formats
from customers.models import Customer
from feedback.inviting.addressees import Asking, choose
from feedback.inviting.occasions import Occasion
from feedback.inviting.rounds import in_segment
from feedback.inviting.words import why_not
from feedback.models import SendingRule


def exit_surveys(customer: Customer, *, involuntary: bool, now: datetime) -> Iterator[str]:
    """A sentence for each rule that would ask this customer why it leaves, or why it doesn't."""
    after = SendingRule.objects.on().filter(trigger=SendingRule.Trigger.CANCELLATION)
    rules = list(after.select_related("survey").order_by("pk"))
    if rules and involuntary:
        yield _("No survey asks them why: they did not ask to leave.")
        return
    for rule in rules:
        at = now + timedelta(minutes=rule.delay_minutes)
        if list(in_segment(rule, [Occasion(customer.pk, "", at)])):
            yield asked_by(rule, customer, at, now)


def asked_by(rule: SendingRule, customer: Customer, at: datetime, now: datetime) -> str:
    """Whom a rule asks and when its mail may go, or why nobody is asked."""
    chosen = choose(Asking.by_rule(rule), [customer.pk], now=now)
    person = chosen.asked.get(customer.pk)
    if person is None:
        words = {"survey": rule.survey, "why": why_not(chosen.left_out[customer.pk])}
        return _("The survey “%(survey)s” goes to nobody. %(why)s") % words
    words = {
        "survey": rule.survey,
        "person": f"{person.name} <{person.email}>" if person.name else person.email,
        "moment": formats.moment(at),
    }
    return _("The survey “%(survey)s” goes by mail to %(person)s, on %(moment)s or later.") % words
