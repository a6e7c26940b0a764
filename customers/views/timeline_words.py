"""Events of a timeline in words: made when shown, from their facts, in the reader's language.

A verb that nobody words here is shown as it is, so that nothing on a timeline is lost.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common import formats
from churnapp.common.money import mrr
from churnapp.common.personal import ERASED_TASK
from customers.models import Contact, Handover, RiskFlag
from customers.views.wishes_words import left_mail, mail_again, wished

Facts = dict[str, Any]


def event_words(verb: str, facts: Facts) -> str:
    """What happened, as one sentence: true before the day that it names and after."""
    words = WORDS.get(verb)
    if facts.get("what") == ERASED_TASK:
        facts = facts | {"what": _("Words erased")}
    try:
        return words(facts) if words else unworded(verb)
    except (KeyError, TypeError, ValueError):
        return unworded(verb)


def unworded(verb: str) -> str:
    return verb.replace("_", " ").capitalize()


def day(facts: Facts, name: str) -> str:
    """A day among the facts; a moment counts by its day here."""
    text = str(facts[name])
    return formats.day(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))


def monthly(facts: Facts, name: str = "arr_minor") -> str:
    """An annual amount among the facts as its month."""
    currency = str(facts["currency"])
    amount = mrr(int(facts[name]), currency)
    whole = amount == amount.to_integral_value()
    return formats.money(amount, currency, 0 if whole else get_currency_precision(currency))


def deal(facts: Facts) -> Facts:
    return {"plan": facts["plan"] or facts["subscription"], "day": day(facts, "on")}


def started(facts: Facts) -> str:
    if facts["kind"] != "paid":
        return _("Start of %(plan)s on %(day)s, not paid yet.") % deal(facts)
    return _("Start of %(plan)s on %(day)s at %(mrr)s a month.") % (
        deal(facts) | {"mrr": monthly(facts)}
    )


def changed(facts: Facts) -> str:
    words = deal(facts) | {
        "mrr": monthly(facts),
        "before": monthly(facts, "arr_before_minor"),
        "plan_before": facts["plan_before"],
    }
    if facts["plan_before"] and facts["plan_before"] != facts["plan"]:
        return (
            _(
                "From %(day)s: %(plan)s instead of %(plan_before)s, "
                "%(mrr)s a month instead of %(before)s."
            )
            % words
        )
    return _("From %(day)s: %(plan)s at %(mrr)s a month instead of %(before)s.") % words


def paused(facts: Facts) -> str:
    return _("Pause of %(plan)s from %(day)s.") % deal(facts)


def resumed(facts: Facts) -> str:
    return _("From %(day)s: %(plan)s again, at %(mrr)s a month.") % (
        deal(facts) | {"mrr": monthly(facts)}
    )


def ended(facts: Facts) -> str:
    name = "arr_before_minor" if facts.get("arr_before_minor") else "arr_minor"
    return _("End of %(plan)s on %(day)s; until then %(mrr)s a month.") % (
        deal(facts) | {"mrr": monthly(facts, name)}
    )


def corrected(facts: Facts) -> str:
    return _("A term of %(plan)s was corrected, from %(day)s.") % deal(facts)


def restored(facts: Facts) -> str:
    what = {
        "subscription_changed": _("The change of %(plan)s from %(day)s was taken back."),
        "subscription_paused": _("The pause of %(plan)s from %(day)s was taken back."),
        "subscription_resumed": _("That %(plan)s resumed on %(day)s was taken back."),
        "subscription_ended": _("The end of %(plan)s on %(day)s was taken back."),
        "term_corrected": _("The correction of %(plan)s from %(day)s was taken back."),
    }
    return what[facts["what"]] % deal(facts)


def term_taken_back(facts: Facts) -> str:
    return _("What was planned for %(plan)s from %(day)s was taken back.") % deal(
        facts | {"plan": facts["plan_before"]}
    )


def withdrawn(facts: Facts) -> str:
    return _("%(plan)s was taken back: it never started.") % {
        "plan": facts["plan"] or facts["subscription"]
    }


def contract_changed(facts: Facts) -> str:
    if not facts["contract_ends_on"]:
        return _("The contract has no end any more.")
    words = {"day": day(facts, "contract_ends_on")}
    if facts.get("notice_by"):
        words["notice"] = day(facts, "notice_by")
        return _("The contract ends on %(day)s, notice by %(notice)s.") % words
    return _("The contract ends on %(day)s.") % words


def cancelled(facts: Facts) -> str:
    words = {"day": day(facts, "effective_on")}
    if facts.get("involuntary"):
        return _("Departure on %(day)s, without having asked for it.") % words
    if facts.get("requested_at"):
        words["notice"] = day(facts, "requested_at")
        return _("Departure on %(day)s; notice came on %(notice)s.") % words
    return _("Departure on %(day)s.") % words


def amended(facts: Facts) -> str:
    return _("The cancellation was amended: departure on %(day)s.") % {
        "day": day(facts, "effective_on")
    }


def stays(facts: Facts) -> str:
    return _("The cancellation of %(day)s was taken back.") % {"day": day(facts, "effective_on")}


def handed_over(facts: Facts) -> str:
    words = {"owner": facts["owner"], "before": facts.get("owner_before") or _("nobody")}
    tasks = int(facts.get("tasks") or 0)
    if not tasks:
        return _("Handed over from %(before)s to %(owner)s.") % words
    return ngettext(
        "Handed over from %(before)s to %(owner)s, with %(tasks)s open task.",
        "Handed over from %(before)s to %(owner)s, with %(tasks)s open tasks.",
        tasks,
    ) % (words | {"tasks": tasks})


def handover_refused(facts: Facts) -> str:
    if facts["because"] == Handover.Refusal.LEFT:
        return _("The owner stays: %(owner)s was to take over, but no longer works here.") % facts
    return _("The owner stays: %(owner)s was to take over, but may only read by now.") % facts


def flags_snoozed(facts: Facts) -> str:
    return _("A warning rests until %(day)s.") % {"day": day(facts, "until")}


def flag_dismissed(facts: Facts) -> str:
    because = RiskFlag.Dismissal(facts["because"]).label
    return _("A warning was dismissed: %(because)s.") % {"because": because}


def task_settled(facts: Facts) -> str:
    sentences = {
        "set_aside": _("No longer needed, as the answer was set aside: %(what)s"),
        "changed": _("No longer needed, as the answer was changed: %(what)s"),
        "stays": _("No longer needed, as the customer stays: %(what)s"),
        "reply": _("Done, as the answer was replied to: %(what)s"),
        "undone": _("No longer needed, as the offer was undone: %(what)s"),
    }
    return sentences[facts["because"].split(":")[0]] % facts


def contact_added(facts: Facts) -> str:
    return _("%(name)s was added as %(role)s.") % {
        "name": facts["name"],
        "role": Contact.Role(facts["role"]).label,
    }


def contact_left(facts: Facts) -> str:
    return _("%(name)s (%(role)s) left on %(day)s.") % {
        "name": facts["name"],
        "role": Contact.Role(facts["role"]).label,
        "day": day(facts, "left_on"),
    }


def saying(text: Callable[[], str]) -> Callable[[Facts], str]:
    """A sentence with the facts' own names in it."""
    return lambda facts: text() % facts


WORDS: dict[str, Callable[[Facts], str]] = {
    "subscription_started": started,
    "subscription_changed": changed,
    "subscription_paused": paused,
    "subscription_resumed": resumed,
    "subscription_ended": ended,
    "subscription_withdrawn": withdrawn,
    "subscription_restored": restored,
    "term_taken_back": term_taken_back,
    "customer_merged": saying(lambda: _("%(name)s (%(external_id)s) was merged into this one.")),
    "subscriptions_connected": lambda _facts: _(
        "Two subscriptions were connected: the move between them is no departure."
    ),
    "term_corrected": corrected,
    "contract_changed": contract_changed,
    "cancellation_recorded": cancelled,
    "cancellation_amended": amended,
    "cancellation_withdrawn": stays,
    "customer_handed_over": handed_over,
    "handover_withdrawn": saying(lambda: _("The handover to %(owner)s was taken back.")),
    "handover_refused": handover_refused,
    "customer_added": lambda _facts: _("The customer was added by hand."),
    "customer_changed": lambda _facts: _("What is known about the customer was edited."),
    "contact_added": contact_added,
    "contact_changed": saying(lambda: _("%(name)s was edited.")),
    "contact_left": contact_left,
    "contact_back": saying(lambda: _("%(name)s works there after all.")),
    "mail_wishes_changed": wished,
    "mail_left": left_mail,
    "mail_again": mail_again,
    "task_added": saying(lambda: _("Task: %(what)s")),
    "task_finished": saying(lambda: _("Done: %(what)s")),
    "task_settled": task_settled,
    "task_overtaken": saying(
        lambda: _("The answer was changed after its task was done. It says now: %(what)s")
    ),
    "task_reopened": saying(lambda: _("Open again: %(what)s")),
    "task_postponed": lambda facts: (
        _("Put off until %(day)s: %(what)s") % {"what": facts["what"], "day": day(facts, "until")}
    ),
    "task_not_postponed": saying(lambda: _("Not put off after all: %(what)s")),
    "task_assigned": saying(lambda: _("Given to %(to)s: %(what)s")),
    "complaint_assigned": lambda facts: (
        _("A complaint was given to %(to)s, to be settled by %(day)s.")
        % {"to": facts["to"], "day": day(facts, "due")}
    ),
    "complaint_resolved": lambda _facts: _("A complaint was resolved."),
    "complaint_confirmed": lambda _facts: _("The customer agrees that a complaint is resolved."),
    "complaint_refused": lambda _facts: _(
        "The customer does not agree that a complaint is resolved: it is open again."
    ),
    "complaint_answer_withdrawn": lambda _facts: _(
        "What the customer said of a resolved complaint was taken back."
    ),
    "complaint_reopened": lambda _facts: _("A complaint is open again."),
    "offer_made": saying(lambda: _("An offer was made: %(offer)s")),
    "offer_accepted": saying(lambda: _("The customer accepted an offer: %(offer)s")),
    "offer_declined": saying(lambda: _("The customer declined an offer: %(offer)s")),
    "offer_taken_back": saying(lambda: _("An offer was taken back: %(offer)s")),
    "offer_open_again": saying(lambda: _("An offer is open again: %(offer)s")),
    "offer_undone": saying(lambda: _("What an offer had agreed was undone: %(offer)s")),
    "cancel_link_made": lambda _facts: _("A link to cancel was made for the customer."),
    "cancel_visit_saved": lambda _facts: _("The customer was about to cancel, and stays."),
    "referral_came": lambda _facts: _("Somebody came by the customer's referral link."),
    "referral_matched": saying(lambda: _("The customer was recommended to us by %(name)s.")),
    "referral_rewarded": saying(
        lambda: _("The customer got an offer, as %(name)s came on their recommendation.")
    ),
    "flag_acknowledged": lambda _facts: _("Somebody works on a warning."),
    "flag_snoozed": flags_snoozed,
    "flag_resolved": lambda _facts: _("A warning was dealt with."),
    "flag_dismissed": flag_dismissed,
    "flag_reopened": lambda _facts: _("A warning is open again."),
}
