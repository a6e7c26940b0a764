"""Making and changing offers, approval by a second person, and handing one to a customer."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.models import Grant, Offer, OfferRules
from campaigns.services.handing import Handing, begun, offer_to
from campaigns.services.offers import (
    approve_offer,
    archive_offer,
    bring_back_offer,
    change_offer,
    change_rules,
    make_offer,
    resume_offer,
    stop_offer,
    withdraw_approval,
)
from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.links import address_of
from customers.models import Consent, Interaction, OutgoingEmail
from customers.services.personal_mail import Letter
from tests.campaign_factories import NEEDED, TEXTS, make_grant, make_sales_offer
from tests.factories import make_contact, make_customer, make_plan, make_subscription, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
SAID = {
    "name": "Stay", "kind": "percent", "percent": 20, "amount_minor": None, "currency": "",
    "months": 3, "plan": None, "texts": TEXTS, "address": "", "fulfilment": "here", "eligible": "",
    "days_to_accept": 14, "cool_down_days": 90, "most_a_customer": 1, "most_in_total": None,
    "budget_minor": None, "fixed_cost_minor": 0,
}  # fmt: skip


def said(**fields):
    return SAID | fields


def payer():
    customer = make_customer()
    make_subscription(customer)
    return customer


@pytest.mark.parametrize("kind", Offer._meta.get_field("kind").choices)
def test_every_kind_can_be_made_with_its_own_fields_alone(kind):
    fields = NEEDED.get(kind[0], {}) | {"kind": kind[0]}
    if kind[0] in {"plan", "downgrade"}:
        fields["plan"] = make_plan("large")

    offer = make_offer(
        said(**({"percent": None, "months": None} | fields)), by=make_user("manager")
    )

    offer.full_clean()
    assert AuditEvent.objects.get(verb="offer_created").object_id == offer.pk


def test_what_a_kind_has_no_use_for_is_not_kept():
    offer = make_offer(said(kind="call", address="https://example.com"), by=None)

    assert (offer.percent, offer.months, offer.address) == (None, None, "")


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"kind": "gift"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"percent": 0}, "percent"),
        ({"percent": 101}, "percent"),
        ({"percent": None}, "percent"),
        ({"months": 0}, "months"),
        ({"months": 121}, "months"),
        ({"kind": "amount", "amount_minor": 0, "currency": "EUR"}, "amount_minor"),
        ({"kind": "amount", "amount_minor": 5, "currency": "XXQ"}, "currency"),
        ({"kind": "plan", "amount_minor": 5, "currency": "EUR"}, "plan"),
        ({"kind": "content", "address": "javascript:alert(1)"}, "address"),
        ({"kind": "content", "address": "https://"}, "address"),
        ({"kind": "content", "address": "http://[x"}, "address"),
        ({"eligible": "colour=red"}, "eligible"),
        ({"eligible": "plan="}, "eligible"),
        ({"days_to_accept": 0}, "days_to_accept"),
        ({"days_to_accept": 366}, "days_to_accept"),
        ({"most_a_customer": 0}, "most_a_customer"),
        ({"budget_minor": -1}, "budget_minor"),
        ({"fixed_cost_minor": None}, "fixed_cost_minor"),
        ({"texts": {"sv": TEXTS["en"]}}, "title_en"),
        ({"texts": {"en": {"title": "x" * 121, "text": "x"}}}, "title_en"),
        ({"fulfilment": "magic"}, "fulfilment"),
    ],
)
def test_what_an_offer_can_not_be_is_refused_at_its_field(fields, field):
    with pytest.raises(RuleError) as refusal:
        make_offer(said(**fields), by=None)

    assert refusal.value.field == field
    assert not Offer.objects.exists()


def test_no_two_have_one_name():
    make_offer(said(), by=None)

    with pytest.raises(RuleError, match="Another offer has this name"):
        make_offer(said(), by=None)


def test_a_change_is_kept_with_before_and_after():
    offer, by = make_offer(said(), by=None), make_user("manager")

    changed = change_offer(offer, said(percent=30), seen_at=offer.changed_at, by=by)

    assert (changed.percent, changed.changed_by) == (30, by)
    assert AuditEvent.objects.get(verb="offer_changed").changes == {"percent": [20, 30]}


def test_of_two_who_change_it_the_second_is_told():
    offer = make_offer(said(), by=None)
    seen = offer.changed_at
    change_offer(offer, said(percent=30), seen_at=seen, by=None)

    with pytest.raises(RuleError, match="Somebody else changed it"):
        change_offer(offer, said(percent=40), seen_at=seen, by=None)


def test_what_it_is_worth_stays_while_somebody_may_accept_it():
    offer = make_offer(said(), by=None)
    make_grant(offer, payer())

    with pytest.raises(RuleError, match="may still accept it"):
        change_offer(offer, said(percent=10), seen_at=offer.changed_at, by=None)
    assert change_offer(offer, said(name="Stay on"), seen_at=offer.changed_at, by=None)


@pytest.mark.parametrize(
    "fields, stays",
    [
        ({"percent": 25}, False),
        ({"percent": 15}, False),
        ({"budget_minor": 2_000}, False),
        ({"budget_minor": None}, False),
        ({"budget_minor": 500}, True),
        ({"most_a_customer": 2}, False),
        ({"name": "Other"}, True),
        ({"days_to_accept": 7}, True),
    ],
)
def test_worth_more_it_has_to_be_approved_again(fields, stays):
    author, other = make_user("manager"), make_user("manager")
    offer = approve_offer(make_offer(said(budget_minor=1_000), by=author), by=other)

    values = said(budget_minor=1_000) | fields
    changed = change_offer(offer, values, seen_at=offer.changed_at, by=author)

    assert (changed.approved_at is not None) == stays
    changed.refresh_from_db()
    assert (changed.approved_by == other) == stays


def test_nobody_approves_their_own():
    author, editor, third = (make_user("manager") for _ in range(3))
    offer = make_offer(said(), by=author)
    offer = change_offer(offer, said(percent=30), seen_at=offer.changed_at, by=editor)

    for own in (author, editor):
        with pytest.raises(RuleError, match="Nobody approves their own"):
            approve_offer(offer, by=own)
    assert approve_offer(offer, by=third).approved_by == third
    assert withdraw_approval(offer, by=third).approved_at is None


def test_stopped_resumed_archived_and_brought_back():
    offer = make_offer(said(), by=None)

    assert not stop_offer(offer, by=None).is_on
    with pytest.raises(RuleError):
        stop_offer(offer, by=None)
    assert resume_offer(offer, by=None).is_on
    assert not archive_offer(offer, by=None).is_on
    with pytest.raises(RuleError):
        archive_offer(offer, by=None)
    assert bring_back_offer(offer, by=None).is_on
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"offer_stopped", "offer_resumed", "offer_archived", "offer_brought_back"} <= verbs


def test_the_limits_of_the_organisation_are_kept_with_an_audit_event():
    change_rules({"most_cost_minor": 5_000, "most_budget_minor": None}, by=None)

    assert OfferRules.current().most_cost_minor == 5_000
    changes = AuditEvent.objects.get(verb="offer_rules_changed").changes
    assert changes == {"most_cost_minor": [None, 5_000]}
    with pytest.raises(RuleError):
        change_rules({"most_cost_minor": -1}, by=None)


def hand(offer, contact, *, letter=None, key="k", by=None):
    handing = Handing(contact.customer, contact, key, letter)
    return offer_to(offer, handing, now=NOW, by=by or make_user())


def test_handed_to_a_customer_it_is_made_told_and_mailed_once():
    offer, contact, by = make_sales_offer(), make_contact(payer()), make_user()
    letter = Letter("Stay\nBcc: a@b.c", "Hello {{ contact.name }} [[link:other]]")

    grant = hand(offer, contact, letter=letter, by=by)
    again = hand(offer, contact, letter=letter, by=by)

    mail = OutgoingEmail.objects.get()
    assert again.pk == grant.pk
    assert (mail.to_email, mail.written_by, mail.purpose) == (contact.email, by, "personal")
    assert mail.subject == "Stay Bcc: a@b.c"
    assert mail.links["offer"]["nonce"] == grant.nonce
    assert f"/o/{grant.pk}-" in address_of(mail.links["offer"])
    assert "[[link:offer]]" in mail.text
    assert "[[link:other]]" not in mail.text
    assert Interaction.objects.filter(verb="offer_made").count() == 1
    assert Interaction.objects.filter(kind="email").count() == 1


def test_why_a_customer_gets_none_is_said_in_words():
    contact = make_contact(make_customer())

    with pytest.raises(RuleError, match="means nothing to them"):
        hand(make_sales_offer(), contact)
    assert not OutgoingEmail.objects.exists()


def test_who_said_no_to_mail_gets_no_offer_by_mail():
    contact = make_contact(payer())
    Consent.objects.create(contact=contact, purpose="personal", given=False, at=NOW)

    with pytest.raises(RuleError, match="said no"):
        hand(make_sales_offer(), contact, letter=Letter("Stay", "Please"))
    assert not Grant.objects.exists()


def test_who_left_their_job_gets_none_either():
    contact = make_contact(payer(), left_on=NOW.date() - timedelta(days=1))

    with pytest.raises(RuleError, match="left"):
        hand(make_sales_offer(), contact, letter=Letter("Stay", "Please"))


def test_a_letter_begins_in_the_language_of_its_reader():
    offer = make_sales_offer(texts=TEXTS | {"sv": {"title": "Ett erbjudande", "text": "Stanna."}})
    contact = make_contact(language="sv", name="Anna Ek")

    letter = begun(offer, contact, by=make_user())

    assert letter.subject == "Ett erbjudande"
    assert "Anna" in letter.text
    assert "Stanna." in letter.text
