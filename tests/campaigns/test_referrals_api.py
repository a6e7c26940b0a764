"""Referrals over the API: programs read them, hand in codes, confirm and refuse."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Referral
from customers.models import Customer
from feedback.models import WebhookDelivery
from tests.api.calls import Caller
from tests.campaign_factories import make_level, make_program, make_referral, make_referral_link
from tests.campaigns.referred import link, pays, signed_up
from tests.factories import make_contact, make_customer, make_organisation, make_user
from tests.feedback_factories import make_webhook

__all__ = ["link"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return Caller(user=make_user("csm"))


def test_a_link_is_made_once(api, link):
    customer = make_contact(email="ola@berg.example").customer
    body = {
        "program_id": link.program_id, "customer_id": customer.external_id,
        "contact_email": "OLA@berg.example",
    }  # fmt: skip
    first, second = (api.post("referral-links/", body) for _time in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.json()["address"].endswith(f"/r/{first.json()['code']}")
    assert first.json()["contact_email"] == "ola@berg.example"


def test_a_customer_that_signed_up_with_a_code_is_matched(api, link):
    customer = signed_up(days_ago=2)
    body = {"code": link.code.upper(), "customer_id": customer.external_id}
    answer = api.post("referrals/", body)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["matched_how"], told["customer_id"], told["referrer_id"]) == (
        "matched", "code", customer.external_id, link.customer.external_id,
    )  # fmt: skip
    assert api.post("referrals/", body).json()["id"] == told["id"]
    assert Referral.objects.count() == 1


def test_what_can_not_be_is_refused_with_its_code(api, link):
    customer = signed_up(days_ago=400)
    pays(customer, days_ago=400)
    body = {"code": link.code, "customer_id": customer.external_id}
    told = api.post("referrals/", body).json()
    assert (told["state"], told["why"]) == ("refused", "existing_customer")


@pytest.mark.parametrize("code", ["unknown", "off"])
def test_a_code_that_opens_nothing_is_a_400(api, code):
    make_referral_link(make_program(on_since=None), code="off")
    answer = api.post("referrals/", {"code": code, "email": "a@b.example"})
    assert answer.status_code == 400
    assert answer.json().keys() == api.post("referrals/", {"code": "x"}).json().keys()


def test_it_is_confirmed_refused_and_reopened(api, link):
    referral, customer = make_referral(link), signed_up(email="other@else.example", name="Else")
    at = f"referrals/{referral.pk}"
    body = {"customer_id": customer.external_id}
    assert api.post(f"{at}/confirm/", body).json()["state"] == "matched"
    assert api.post(f"{at}/refuse/", {}).json()["why"] == "by_hand"
    assert api.post(f"{at}/reopen/").json()["state"] == "matched"


def test_they_are_filtered(api, link):
    make_referral(link, state="refused", why="self", refused_at=timezone.now())
    other = make_referral()
    found = api.get(f"referrals/?program_id={link.program_id}&state=refused").json()
    assert [row["why"] for row in found["results"]] == ["self"]
    referrer = other.link.customer.external_id
    found = api.get(f"referrals/?referrer_id={referrer}").json()
    assert [row["id"] for row in found["results"]] == [other.pk]


def test_another_manager_s_customers_stay_unseen(link):
    make_organisation(csm_sees_own_only=True)
    referral = make_referral(link)
    caller = Caller(user=make_user("csm"))
    assert caller.get("referrals/").json()["results"] == []
    assert caller.get(f"referrals/{referral.pk}/").status_code == 404
    answer = caller.post("referrals/", {"code": link.code, "email": "a@b.example"})
    assert answer.status_code == 400


def test_what_a_colleague_s_customer_became_is_not_told(link, client):
    make_organisation(csm_sees_own_only=True)
    alice = make_user("csm")
    Customer.objects.filter(pk=link.customer_id).update(owner=alice)
    theirs = make_customer("Bobbin works", owner=make_user("csm"))
    matched = make_referral(link, state="matched", customer=theirs, matched_at=timezone.now())
    make_referral(link, suggested=theirs)
    rows = Caller(user=alice).get("referrals/").json()["results"]
    assert [(row["customer_id"], row["suggested_id"]) for row in rows] == [(None, None)] * 2
    client.force_login(alice)
    pages = [
        reverse("referrals:program", args=[link.program_id]),
        reverse("referrals:customer_panel", args=[link.customer_id]),
        reverse("referrals:export", args=[link.program_id]),
    ]
    for page in pages:
        answer = client.get(page)
        shown = answer.getvalue().decode()
        assert "Bobbin works" not in shown, page
    theirs.owner = alice
    theirs.save()
    assert "Bobbin works" in client.get(pages[0]).content.decode()
    assert Caller(user=alice).get(f"referrals/{matched.pk}/").json()["customer_id"]


def test_a_code_with_an_address_that_is_known_and_a_customer_matches_them(api, link):
    known = make_referral(link, email="kari@nordlys.example")
    customer = make_customer()
    body = {"code": link.code, "customer_id": customer.external_id, "email": known.email}
    answer = api.post("referrals/", body)
    assert answer.status_code == 201
    assert (answer.json()["id"], answer.json()["customer_id"]) == (known.pk, customer.external_id)
    assert api.post("referrals/", body).json()["state"] == answer.json()["state"]


def test_programs_and_levels_are_read(api):
    program, level = make_program(), make_level()
    assert api.get("referral-programs/?on=true").json()["results"][0]["id"] == program.pk
    assert api.get("loyalty-levels/").json()["results"][0]["id"] == level.pk


def test_webhooks_are_told_of_who_came(api, link):
    make_webhook(events=["referral.new"])
    api.post("referrals/", {"code": link.code, "email": "kari@nordlys.example"})
    told = WebhookDelivery.objects.get(event="referral.new")
    assert told.customer == link.customer
    assert told.facts["program_id"] == link.program_id
    assert "kari" not in str(told.facts)


def test_webhooks_are_told_of_rewards(api, link):
    make_webhook(events=["referral.rewarded"])
    customer = signed_up(days_ago=50)
    pays(customer, days_ago=45)
    body = {"code": link.code, "customer_id": customer.external_id}
    assert api.post("referrals/", body).json()["state"] == "rewarded"
    told = WebhookDelivery.objects.get(event="referral.rewarded")
    assert told.facts["referred_customer_id"] == customer.external_id


def test_names_that_are_not_known_are_refused(api, link):
    answer = api.post("referrals/", {"code": link.code, "state": "rewarded"})
    assert answer.status_code == 400
