"""Other programs are told of campaigns and offers: signed, once each, nothing of a person kept."""

import pytest
from django.utils import timezone

from campaigns.models import Campaign, StepDone
from campaigns.services.accepting import accept, decline
from campaigns.services.campaigns import pause, resume
from churnapp.common.errors import RuleError
from feedback.models import Webhook, WebhookDelivery
from feedback.webhooks.delivering import deliver_due
from tests.campaign_factories import make_campaign, make_grant, make_sales_offer, path_of
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact, make_customer
from tests.feedback_factories import make_webhook

pytestmark = pytest.mark.django_db


def told(receiver) -> list[dict]:
    while deliver_due(timezone.now()):
        pass
    return receiver.told


def test_an_accepted_and_a_declined_offer_are_told_of(receiver):
    make_webhook(receiver.address, events=["offer.accepted", "offer.declined"])
    offer = make_sales_offer("call")
    grants = [make_grant(offer, make_customer(external_id=f"C-{name}")) for name in "ab"]
    accept(grants[0], now=timezone.now())
    accept(grants[0], now=timezone.now())
    decline(grants[1], now=timezone.now())
    first, second = told(receiver)
    assert (first["event"], first["customer_id"]) == ("offer.accepted", "C-a")
    assert (first["grant_id"], first["offer_id"], first["kind"]) == (
        grants[0].pk, offer.pk, "call",
    )  # fmt: skip
    assert (second["event"], second["customer_id"]) == ("offer.declined", "C-b")
    headers = {name.lower(): said for name, said in receiver.calls[0][0].items()}
    assert headers["webhook-signature"].startswith("v1,")


def test_who_does_not_listen_is_told_nothing(receiver):
    make_webhook(receiver.address, events=["answer.received"])
    accept(make_grant(make_sales_offer("call")), now=timezone.now())
    assert told(receiver) == []


def test_a_step_tells_one_program_of_each_once(receiver):
    chosen = make_webhook(receiver.address, events=["campaign.step"])
    make_webhook("https://other.example/", events=["campaign.step"])
    customers = {make_contact().customer.external_id for _ in range(3)}
    step = {"key": "tell", "kind": "webhook", "webhook": chosen.pk}
    campaign = launched(make_campaign(path=path_of(step)))
    go_on(campaign)
    go_on(campaign)
    calls = told(receiver)
    assert {call["customer_id"] for call in calls} == customers
    assert len(calls) == 3
    assert {(call["campaign_id"], call["step"]) for call in calls} == {(campaign.pk, "tell")}
    assert set(WebhookDelivery.objects.values_list("webhook", flat=True)) == {chosen.pk}
    assert set(StepDone.objects.values_list("outcome", flat=True)) == {"called"}


def test_a_campaign_is_not_launched_to_a_program_that_is_off():
    off = make_webhook(off_since=timezone.now())
    step = {"key": "tell", "kind": "webhook", "webhook": off.pk}
    with pytest.raises(RuleError, match="switched off or gone"):
        launched(make_campaign(path=path_of(step)))
    assert Campaign.objects.get().state == "draft"


def test_a_campaign_that_is_launched_held_and_goes_on_is_told_of(receiver):
    make_webhook(receiver.address, events=["campaign.changed"])
    campaign = launched(make_campaign())
    pause(campaign, because="A doubt", by=None)
    resume(campaign, by=None)
    assert [call["what"] for call in told(receiver)] == ["launched", "paused", "resumed"]


def test_nothing_of_a_person_is_kept_in_a_row():
    make_webhook(events=["offer.accepted"])
    contact = make_contact(name="Kari Nordmann", email="kari@example.com")
    accept(make_grant(make_sales_offer("call"), contact=contact), now=timezone.now())
    row = WebhookDelivery.objects.get()
    assert set(row.facts) == {"grant_id", "offer_id", "kind", "cost_minor"}
    assert Webhook.objects.get().deliveries.get() == row
