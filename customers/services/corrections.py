"""Say that a term was otherwise than we believed. Past figures then read as corrected."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Plan, Term
from customers.services.changes import Doing, carry_out, hold
from customers.services.ledger import Ledger, changed_meanwhile
from customers.services.prices import Offer, Price, priced, rerated
from customers.services.schedule import Stretch, overlaps, stretch_of, with_instead


@dataclass(frozen=True)
class TermChanges:
    """What to correct in a term; None leaves it. `open_ended` takes its end away."""

    starts_on: date | None = None
    ends_on: date | None = None
    open_ended: bool = False
    plan: Plan | None = None
    price: Price | None = None
    kind: str | None = None


@transaction.atomic
def correct_term(term: Term, *, changes: TermChanges, by: User | None) -> Term:
    """Supersede a believed term with one that says `changes` instead.

    Its rate stays, unless its first day or its currency is what was wrong. Raises RuleError for a
    term that is no longer believed, that would end before it starts, or lie over another.
    """
    ledger, subscription, schedule = hold(term.subscription)
    if term.pk not in {believed.pk for believed in ledger.terms(subscription.pk)}:
        raise changed_meanwhile()
    wrong = stretch_of(term)
    right = _corrected(wrong, changes, ledger)
    if right == wrong:
        raise RuleError(_("That is what it says already. Change something."))
    new = with_instead(schedule, wrong, right)
    if overlaps(new):
        raise RuleError(
            _("This subscription has another term on some of these days."),
            field="starts_on" if right.starts_on != wrong.starts_on else "ends_on",
        )
    doing = Doing("term_corrected", by, right.starts_on, wrong)
    return carry_out(ledger, subscription, new, doing)


def _corrected(wrong: Stretch, changes: TermChanges, ledger: Ledger) -> Stretch:
    right = replace(
        wrong,
        starts_on=changes.starts_on or wrong.starts_on,
        ends_on=None if changes.open_ended else changes.ends_on or wrong.ends_on,
        plan_id=changes.plan.pk if changes.plan else wrong.plan_id,
    )
    if right.ends_on is not None and right.ends_on <= right.starts_on:
        raise RuleError(_("It must end after it starts."), field="ends_on")
    right = _with_price(right, changes, ledger)
    same_rate = right.currency == wrong.currency and right.starts_on == wrong.starts_on
    if not same_rate:
        return rerated(right, ledger)
    arr_minor = ledger.reported(right.arr_native_minor, right.currency, wrong.fx_rate)
    return replace(right, fx_rate=wrong.fx_rate, arr_minor=arr_minor)


def _with_price(stretch: Stretch, changes: TermChanges, ledger: Ledger) -> Stretch:
    kind = changes.kind or stretch.kind
    if changes.price:
        offer = Offer(stretch.plan_id, changes.price, kind)
        return priced(offer, stretch.starts_on, stretch.ends_on, ledger)
    if kind not in Term.Kind.values:
        raise RuleError(_("Choose one of the kinds."), field="kind")
    if kind == Term.Kind.PAID and stretch.kind != kind:
        raise RuleError(_("Say what was paid, too."), field="amount")
    native = stretch.arr_native_minor if kind == Term.Kind.PAID else 0
    return replace(stretch, kind=kind, arr_native_minor=native)
