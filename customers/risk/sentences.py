"""Flags and verdicts in words: made when shown, from their facts, in the reader's language."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from babel import lists, numbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common import formats
from customers.models import RiskFlag, RiskRule
from customers.risk.rules import BY_KEY, DAYS, WEEKS, Need, Number

Facts = dict[str, Any]
MOST_NAMES = 3
SCALES = {"nps": 10, "csat": 5, "ces": 7}


def sentence(flag: RiskFlag, *, today: date) -> str:
    """Why the flag stands, with its numbers. Days are counted to `today`, or to when it closed.

    `flag.rule` must be loaded. A flag without the facts of its rule is worded by the rule's name.
    """
    words = WORDS.get(flag.rule.key)
    try:
        return words(flag.facts, flag.closed_on or today) if words else rule_name(flag.rule)
    except KeyError:
        return rule_name(flag.rule)


def rule_name(rule: RiskRule) -> str:
    """The name that the organisation gave a rule, else its own in the reader's language."""
    known = BY_KEY.get(rule.key)
    return rule.name or (str(known.name) if known else rule.key)


def question(rule: RiskRule) -> str:
    """What a rule asks, with the numbers that are set; empty for a rule that is not known."""
    known = BY_KEY.get(rule.key)
    if known is None:
        return ""
    values = known.numbers_from(rule.params)
    return str(known.asks) % {
        number.name: amount(number, values[number.name]) for number in known.numbers
    }


def amount(number: Number, value: int) -> str:
    """A number of a rule; one of days or weeks with its unit, so that one is "1 day"."""
    if number.unit == DAYS:
        return days(value)
    return weeks(value) if number.unit == WEEKS else formats.number(value)


def readiness(rule: RiskRule) -> str:
    """Whether a rule judges, and by what it can't."""
    if rule.readiness == RiskRule.Readiness.NEVER_RUN:
        return _("Not run yet")
    if rule.readiness == RiskRule.Readiness.READY:
        return judged_until(rule.readiness_facts)
    return _("No data to judge by: %(reason)s.") % {"reason": missing(rule.readiness_facts)}


def judged_until(facts: Facts) -> str:
    if "until" not in facts:
        return _("Ready")
    return _("Ready; use is recorded until %(day)s") % {"day": on(facts, "until")}


def missing(facts: Facts) -> str:
    """What a rule would need, as a part of a sentence."""
    need = facts.get("missing")
    if "until" in facts:
        day = {"day": on(facts, "until")}
        if need == Need.CONTACT:
            return _("the last talk on record is of %(day)s") % day
        return _("use is recorded only until %(day)s") % day
    return {
        Need.USE.value: _("no use is recorded"),
        Need.CONTACT.value: _("no mail, call, meeting or ticket is recorded"),
        Need.TERMS.value: _("there are no subscriptions"),
        Need.PLAN_FEATURES.value: _("no plan names its features"),
        Need.RELEASES.value: _("no feature of a plan says when it was released"),
        Need.CONTRACTS.value: _("no subscription has a contract or notice date"),
        Need.PAYMENTS.value: _("no payments are recorded"),
        Need.CHAMPIONS.value: _("no contact is marked as champion"),
        Need.COMPLAINTS.value: _("no complaint is recorded"),
        Need.REQUESTS.value: _("no ticket or mail says when it was answered"),
        Need.ANSWERS.value: _("no answer to a survey is recorded"),
        Need.MAILED_ANSWERS.value: _("no survey that was sent by mail was answered"),
    }.get(str(need), _("something is missing"))


def no_use(facts: Facts, today: date) -> str:
    if facts["last_used_on"] is None:
        return _("Never used, %(days)s after the start on %(day)s.") % {
            "days": days(since(facts, "paying_since", today)),
            "day": on(facts, "paying_since"),
        }
    return _("No use for %(days)s: the last was on %(day)s.") % {
        "days": days(since(facts, "last_used_on", today)),
        "day": on(facts, "last_used_on"),
    }


def use_fell(facts: Facts, today: date) -> str:
    if facts["single"]:
        return feature_use_fell(facts, today)
    if facts["percent"] == 100:
        return _("Use stopped: it was %(before)s a week, most of it %(feature)s.") % pace(facts)
    return _(
        "Use fell %(percent)s, from %(before)s to %(now)s a week, most in %(feature)s."
    ) % pace(facts)


def feature_use_fell(facts: Facts, _today: date) -> str:
    if facts["percent"] == 100:
        return _("Use of %(feature)s stopped: it was %(before)s a week.") % pace(facts)
    return _("Use of %(feature)s fell %(percent)s, from %(before)s to %(now)s a week.") % pace(
        facts
    )


def pace(facts: Facts) -> dict[str, str]:
    return {
        "feature": facts["feature"],
        "percent": formats.percent(Decimal(facts["percent"]) / 100, 0),
        "before": formats.number(facts["before"], weekly_digits(facts["before"])),
        "now": formats.number(facts["now"], weekly_digits(facts["now"])),
    }


def weekly_digits(uses: float) -> int:
    """One decimal where whole numbers would hide what happened."""
    return 1 if uses < 10 else 0


def feature_untouched(facts: Facts, today: date) -> str:
    features = facts["features"]
    words = {"days": days(since(facts, "since", today)), "count": formats.number(len(features))}
    return ngettext(
        "%(features)s was never touched, %(days)s after the start.",
        "%(count)s features were never touched, %(days)s after the start: %(features)s.",
        len(features),
    ) % (words | {"features": enumeration(features)})


def release_untouched(facts: Facts, _today: date) -> str:
    return _("%(feature)s has not been tried since its release on %(day)s.") % {
        "feature": facts["feature"],
        "day": on(facts, "released_on"),
    }


def contract_ends(facts: Facts, today: date) -> str:
    words = {
        "day": on(facts, "decide_by"),
        "days": days(max(0, -since(facts, "decide_by", today))),
        "weekly": formats.number(facts["weekly"], weekly_digits(facts["weekly"])),
        "typical": formats.number(facts["typical"], weekly_digits(facts["typical"])),
    }
    if facts["notice"]:
        return (
            _(
                "Notice can be given until %(day)s, %(days)s ahead, and use is low: "
                "%(weekly)s a week where %(typical)s is typical."
            )
            % words
        )
    return (
        _(
            "The contract ends on %(day)s, %(days)s ahead, and use is low: "
            "%(weekly)s a week where %(typical)s is typical."
        )
        % words
    )


def price_rise(facts: Facts, _today: date) -> str:
    words = {
        "percent": formats.percent(Decimal(facts["percent"]) / 100, 0),
        "day": on(facts, "on"),
        "before": money(facts["before_minor"], facts["currency"]),
        "after": money(facts["after_minor"], facts["currency"]),
    }
    if facts["single"]:
        return (
            _("The price goes up %(percent)s on %(day)s, from %(before)s to %(after)s a year.")
            % words
        )
    return (
        _(
            "The price of a unit goes up %(percent)s on %(day)s, "
            "from %(before)s to %(after)s a year."
        )
        % words
    )


def payment_failed(facts: Facts, _today: date) -> str:
    words = {
        "amount": money(facts["amount_minor"], facts["currency"]),
        "day": on(facts, "due_on"),
    }
    if facts["written_off"]:
        return _("The payment of %(amount)s due on %(day)s was written off.") % words
    return _("The payment of %(amount)s due on %(day)s failed.") % words


def open_complaint(facts: Facts, today: date) -> str:
    return _("A complaint has been open for %(days)s, since %(day)s.") % {
        "days": days(since(facts, "since", today)),
        "day": on(facts, "since"),
    }


def slow_reply(facts: Facts, _today: date) -> str:
    words = {
        "waiting": formats.number(facts["waiting"]),
        "count": formats.number(facts["count"]),
        "days": days(facts["days"]),
    }
    if facts["waiting"]:
        return ngettext(
            "%(waiting)s request has waited longer than %(days)s for a first reply, since %(day)s.",
            "%(waiting)s requests have waited longer than %(days)s for a first reply, the oldest "
            "since %(day)s.",
            facts["waiting"],
        ) % (words | {"day": on(facts, "oldest_on")})
    return (
        ngettext(
            "%(count)s request waited longer than %(days)s for a first reply.",
            "%(count)s requests waited longer than %(days)s for a first reply.",
            facts["count"],
        )
        % words
    )


def bad_answer(facts: Facts, _today: date) -> str:
    words = {"day": on(facts, "answered_on")}
    if facts["score"] is None:
        return _("The last answer, on %(day)s, was an unhappy one.") % words
    words |= {
        "score": formats.number(facts["score"], 1),
        "most": formats.number(SCALES.get(facts["kind"], 10)),
    }
    if facts.get("before") is None:
        return _("The last answer, on %(day)s, was %(score)s of %(most)s.") % words
    return _(
        "The last answer, on %(day)s, was %(score)s of %(most)s; the one before was %(before)s."
    ) % (words | {"before": formats.number(facts["before"], 1)})


def fell_silent(facts: Facts, today: date) -> str:
    words = {
        "answered": formats.number(facts["answered"]),
        "missed": formats.number(facts["missed"]),
        "day": on(facts, "since"),
        "days": days(since(facts, "since", today)),
    }
    return (
        ngettext(
            "Answered the last %(answered)s surveys, but not the one of %(day)s, %(days)s ago.",
            "Answered %(answered)s surveys in a row, then none of the %(missed)s since %(day)s, "
            "%(days)s ago.",
            facts["missed"],
        )
        % words
    )


def no_contact(facts: Facts, today: date) -> str:
    if facts["last_on"] is None:
        return _("No contact in %(days)s as a customer.") % {
            "days": days(since(facts, "paying_since", today))
        }
    return _("No contact for %(days)s, since %(day)s.") % {
        "days": days(since(facts, "last_on", today)),
        "day": on(facts, "last_on"),
    }


def champion_left(facts: Facts, _today: date) -> str:
    return _("The champion left on %(day)s, and no other is known.") % {"day": on(facts, "left_on")}


WORDS: dict[str, Callable[[Facts, date], str]] = {
    "no_use": no_use,
    "use_fell": use_fell,
    "feature_use_fell": feature_use_fell,
    "feature_untouched": feature_untouched,
    "release_untouched": release_untouched,
    "contract_ends": contract_ends,
    "price_rise": price_rise,
    "payment_failed": payment_failed,
    "open_complaint": open_complaint,
    "slow_reply": slow_reply,
    "bad_answer": bad_answer,
    "fell_silent": fell_silent,
    "no_contact": no_contact,
    "champion_left": champion_left,
}


def day_of(facts: Facts, name: str) -> date:
    return date.fromisoformat(facts[name])


def on(facts: Facts, name: str) -> str:
    return formats.day(day_of(facts, name))


def since(facts: Facts, name: str, today: date) -> int:
    """Days from the fact to `today`; negative while it lies ahead."""
    return (today - day_of(facts, name)).days


def days(count: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", count) % {"days": formats.number(count)}


def weeks(count: int) -> str:
    return ngettext("%(weeks)s week", "%(weeks)s weeks", count) % {"weeks": formats.number(count)}


def money(amount_minor: float, currency: str) -> str:
    places = numbers.get_currency_precision(currency)
    return formats.money(Decimal(str(amount_minor)).scaleb(-places), currency)


def enumeration(names: Iterable[str]) -> str:
    """A, B and C; what is beyond three is counted."""
    named = list(names)
    more = len(named) - MOST_NAMES
    if more > 0:
        named = [*named[:MOST_NAMES], _("%(count)s more") % {"count": formats.number(more)}]
    return str(lists.format_list(named, style="standard", locale=formats.locale()))
