"""Merging customers reaches every row about them and their people, whatever app keeps it."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from campaigns.models import (
    Campaign,
    ContentSent,
    Fix,
    FixTold,
)
from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.pressure import is_spent
from customers.models import (
    Consent,
    Contact,
    Customer,
    CustomerAlias,
    Handover,
    MailWishes,
    OutgoingEmail,
    Segment,
    SegmentMember,
    SendingRate,
    Usage,
)
from customers.services import merges
from customers.services.connections import merge_customers
from customers.services.privacy import erase_person
from feedback.inviting.hindrances import hindrances
from feedback.inviting.rounds import run_rule
from feedback.logic import Given
from feedback.models import Invitation, Response, SendingRule
from feedback.services.answering import Filled, answer_invitation
from feedback.services.merging import key_after
from tests.campaign_factories import (
    make_campaign,
    make_cancel_visit,
    make_content,
    make_fix,
    make_grant,
    make_recipient,
    make_recommendation,
    make_referral,
    make_referral_link,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_mail,
    make_mention,
    make_payment,
    make_segment,
    make_subscription,
    make_task,
    make_topic_wish,
    make_usage,
    make_user,
    make_wishes,
    stand,
)
from tests.feedback_factories import make_delivery, make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db

DAY = date(2025, 1, 1)


def make_handover(customer):
    now = timezone.now()
    return Handover.objects.create(customer=customer, to=make_user(), on=DAY, created_at=now)


def make_alias(customer):
    now = timezone.now()
    return CustomerAlias.objects.create(external_id="OLDER", customer=customer, merged_at=now)


def make_membership(customer):
    """In one and the same frozen segment, whoever it is."""
    frozen = Segment.objects.first() or make_segment(frozen_at=timezone.now())
    return SegmentMember.objects.create(segment=frozen, customer=customer)


def make_place(customer, **fields):
    """In one and the same campaign, whoever it is."""
    campaign = Campaign.objects.first() or make_campaign()
    return make_recipient(campaign, customer=customer, **fields)


def make_telling(customer):
    fix = Fix.objects.first() or make_fix()
    return FixTold.objects.create(fix=fix, customer=customer, told_at=timezone.now())


def make_sent(customer, **fields):
    """A content noted as sent, each time another one."""
    content = make_content()
    fields = {"how": "noted", "key": content.key, "at": timezone.now()} | fields
    return ContentSent.objects.create(content=content, customer=customer, **fields)


def make_link(contact):
    return make_referral_link(customer=contact.customer, contact=contact)


def make_consent(contact, **fields):
    fields = {"purpose": "survey", "given": False, "at": timezone.now()} | fields
    return Consent.objects.create(contact=contact, **fields)


# Each foreign key to a customer or a contact, and who makes a row of it. Whoever adds one decides
# in `merge_customers`, or in a mover, what becomes of its rows.
OF_CUSTOMERS = {
    "customers.Customer.parent": lambda one: make_customer(parent=one),
    "customers.Contact.customer": make_contact,
    "customers.Standing.customer": stand,
    "customers.Subscription.customer": make_subscription,
    "customers.Cancellation.customer": make_cancellation,
    "customers.Interaction.customer": make_interaction,
    "customers.Task.customer": make_task,
    "customers.OutgoingEmail.customer": make_mail,
    "customers.Mention.customer": lambda one: make_mention(customer=one),
    "customers.Payment.customer": make_payment,
    "customers.RiskFlag.customer": make_flag,
    "customers.Handover.customer": make_handover,
    "customers.CustomerAlias.customer": make_alias,
    "customers.Usage.customer": lambda one: make_usage(one, DAY),
    "customers.SegmentMember.customer": make_membership,
    "feedback.Invitation.customer": lambda one: make_invitation(contact=make_contact(one)),
    "feedback.Response.customer": lambda one: make_response(contact=make_contact(one)),
    "campaigns.CancelVisit.customer": lambda one: make_cancel_visit(customer=one),
    "campaigns.Grant.customer": lambda one: make_grant(customer=one),
    "campaigns.Recipient.customer": make_place,
    "campaigns.FixTold.customer": make_telling,
    "campaigns.ContentSent.customer": make_sent,
    "campaigns.Recommendation.customer": make_recommendation,
    "campaigns.ReferralLink.customer": lambda one: make_referral_link(customer=one),
    "campaigns.Referral.customer": lambda one: make_referral(customer=one),
    "feedback.WebhookDelivery.customer": lambda one: make_delivery(customer=one),
}
ONE_EACH = {
    "customers.SegmentMember.customer",
    "campaigns.Recipient.customer",
    "campaigns.FixTold.customer",
    "campaigns.Recommendation.customer",
}  # a customer is there once, so that of two rows one goes
OF_CONTACTS = {
    "customers.Interaction.contact": lambda one: make_interaction(one.customer, contact=one),
    "customers.OutgoingEmail.contact": lambda one: make_mail(contact=one),
    "customers.Mention.contact": lambda one: make_mention(customer=one.customer, contact=one),
    "customers.Consent.contact": make_consent,
    "customers.TopicWish.contact": make_topic_wish,
    "customers.MailWishes.contact": make_wishes,
    "feedback.Invitation.contact": lambda one: make_invitation(contact=one),
    "feedback.Response.contact": lambda one: make_response(contact=one),
    "campaigns.CancelVisit.contact": lambda one: make_cancel_visit(contact=one),
    "campaigns.Grant.contact": lambda one: make_grant(contact=one),
    "campaigns.ContentSent.contact": lambda one: make_sent(one.customer, contact=one),
    "campaigns.Recipient.contact": lambda one: make_place(one.customer, contact=one),
    "campaigns.ReferralLink.contact": make_link,
    "campaigns.Referral.contact": lambda one: make_referral(make_link(one), contact=one),
}
MADE_ANEW = {"customers.Standing.customer"}  # one a customer, made from the terms


def keys_to(model):
    """The foreign keys to a model, by name."""
    return {
        f"{one.related_model._meta.label}.{one.field.name}": one.field
        for one in model._meta.related_objects
    }


def rows_of(fields):
    """The ids of all rows of each; uses of a day are added up, so that they have new ones."""
    found = {
        name: set(field.model.objects.values_list("pk", flat=True))
        for name, field in fields.items()
        if name not in MADE_ANEW
    }
    if "customers.Usage.customer" in found:
        found["customers.Usage.customer"] = {Usage.objects.aggregate(uses=Sum("count"))["uses"]}
    return found


@pytest.mark.parametrize("both", [False, True])
def test_every_row_about_a_customer_moves(both):
    kept, merged = make_customer(), make_customer()
    fields = keys_to(Customer)
    assert set(fields) == set(OF_CUSTOMERS), "decide what a merger does to it"
    for make in OF_CUSTOMERS.values():
        make(merged)
    for name in set(OF_CUSTOMERS) - {"customers.CustomerAlias.customer"} if both else ():
        OF_CUSTOMERS[name](kept)
    for name, field in fields.items():
        assert field.model.objects.filter(**{field.name: merged}).exists(), name
    before = rows_of(fields)

    merge_customers(kept, merged, by=None)

    after = rows_of(fields)
    for name, field in fields.items():
        assert not field.model.objects.filter(**{field.name: merged.pk}).exists(), name
        assert field.model.objects.filter(**{field.name: kept}).exists(), name
    for name, was in before.items():
        gone = 1 if fields[name].model is Customer or (both and name in ONE_EACH) else 0
        assert len(was - after[name]) == gone, name
    assert not Customer.objects.filter(pk=merged.pk).exists()


def test_every_row_about_a_double_contact_stays_with_the_person():
    kept, merged = make_customer(), make_customer()
    same = make_contact(kept, email="kari@example.com", name="", role="other")
    double = make_contact(merged, email="Kari@example.com", name="Kari", role="champion")
    fields = keys_to(Contact)
    assert set(fields) == set(OF_CONTACTS), "decide what a merger does to it"
    for make in OF_CONTACTS.values():
        make(double)
    before = rows_of(fields)

    merge_customers(kept, merged, by=None)

    after = rows_of(fields)
    for name, field in fields.items():
        assert before[name] <= after[name], name
        about = field.model.objects.filter(pk__in=before[name])
        assert set(about.values_list(field.name, flat=True)) == {same.pk}, name
    same.refresh_from_db()
    assert (same.name, same.role) == ("Kari", "champion")
    event = AuditEvent.objects.get(verb="customer_merged")
    assert event.changes["contacts"] == [[double.pk], [same.pk]]


def test_what_a_mover_leaves_behind_refuses_the_merger(monkeypatch):
    kept, merged = make_customer(), make_customer()
    person = make_contact(merged)

    def write_meanwhile(merger):
        make_mention(customer=merger.merged, contact=person)

    monkeypatch.setattr(merges, "movers", [*merges.movers, write_meanwhile])
    with pytest.raises(RuleError):
        merge_customers(kept, merged, by=None)

    person.refresh_from_db()
    assert person.customer == merged


def test_a_rule_does_not_ask_the_same_departure_again():
    kept, merged = make_customer(), make_customer()
    make_contact(merged, email="kari@example.com")
    make_contact(kept, email="kari@example.com")
    now = timezone.now()
    make_cancellation(merged, recorded_at=now)
    rule = SendingRule.objects.create(
        survey=make_survey("exit"),
        trigger="cancellation",
        on_since=now - timedelta(days=1),
        not_again_days=0,
    )
    assert run_rule(rule, now=now).made == 1

    merge_customers(kept, merged, by=None)

    assert run_rule(rule, now=timezone.now()).made == 0
    assert Invitation.objects.get().dedupe_key.endswith(f":{kept.pk}")


def test_of_two_who_were_asked_about_the_same_both_invitations_stay():
    kept, merged = make_customer(), make_customer()
    for customer in (kept, merged):
        contact = make_contact(customer, email="kari@example.com")
        make_invitation(contact=contact, dedupe_key=f"rule:1:quarter:8101:{customer.pk}")

    merge_customers(kept, merged, by=None)

    keys = set(kept.invitations.values_list("dedupe_key", flat=True))
    assert keys == {f"rule:1:quarter:8101:{pk}" for pk in (kept.pk, merged.pk)}


def test_keys_name_the_person_who_stays():
    merger = merges.Merger(Customer(pk=5), Customer(pk=12), {7: 3})

    assert key_after("wish:abc:contact:7:12", merger) == "wish:abc:contact:3:5"
    assert key_after("wish:abc:contact:8:12", merger) == "wish:abc:contact:8:5"
    assert key_after("rule:7:cancellation:7:12", merger) == "rule:7:cancellation:7:5"
    assert key_after("rule:12:by_hand:12:1", merger) == "rule:12:by_hand:12:1"


def test_an_open_link_can_still_be_answered():
    kept, merged = make_customer(), make_customer()
    double = make_contact(merged, email="kari@example.com")
    same = make_contact(kept, email="kari@example.com")
    invitation = make_invitation(make_survey(), double)

    merge_customers(kept, merged, by=None)

    invitation.refresh_from_db()
    response = answer_invitation(invitation, Filled({"score": Given(number=9)}), now=timezone.now())
    assert (response.customer, response.contact) == (kept, same)


def test_a_mail_that_waits_goes_on_waiting_and_the_budget_remembers():
    kept, merged = make_customer(), make_customer()
    waiting = make_mail(merged)
    now = timezone.now()
    for _ in range(4):
        make_mail(merged, state="delivered", begun_at=now, sent_at=now)

    merge_customers(kept, merged, by=None)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.customer) == (OutgoingEmail.State.QUEUED, kept)
    assert is_spent(make_mail(kept), SendingRate.objects.get(pk=1), now=now)


def test_who_said_no_at_one_of_them_is_not_asked_at_the_other():
    kept, merged = make_customer(), make_customer()
    same = make_contact(kept, email="kari@example.com")
    make_consent(make_contact(merged, email="kari@example.com"))
    make_consent(same, given=True, at=timezone.now() - timedelta(days=30))

    merge_customers(kept, merged, by=None)

    assert hindrances([same], patient=True, now=timezone.now())[same.pk] == "consent_withdrawn"


def test_of_what_somebody_wished_for_at_both_the_last_holds():
    kept, merged = make_customer(), make_customer()
    same = make_contact(kept, email="kari@example.com")
    double = make_contact(merged, email="KARI@example.com")
    now, before = timezone.now(), timezone.now() - timedelta(days=9)
    make_topic_wish(same, "news", wanted=True, at=before)
    make_topic_wish(double, "news", wanted=False, at=now)
    make_topic_wish(double, "offers", wanted=False, at=before)
    make_wishes(same, days_between=90, at=now)
    make_wishes(double, days_between=30, at=before)

    merge_customers(kept, merged, by=None)

    said = same.topic_wishes.values_list("topic__code", "wanted")
    assert dict(said) == {"news": False, "offers": False}
    assert MailWishes.objects.get().contact == same
    assert MailWishes.objects.get().days_between == 90


def test_a_person_who_was_there_twice_is_erased_from_all_that_moved():
    kept, merged = make_customer(), make_customer()
    make_contact(kept, email="kari@example.com")
    double = make_contact(merged, email="kari@example.com")
    mail, said = make_mail(contact=double), make_response(contact=double, comment="Too dear")

    merge_customers(kept, merged, by=None)
    erase_person("kari@example.com", by=None)

    mail.refresh_from_db()
    assert (mail.text, mail.subject) == ("", "")
    assert Response.objects.get(pk=said.pk).answers.get(question="comment").text == ""
