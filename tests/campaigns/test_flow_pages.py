"""Pages of cancel flows for colleagues: list, editor with its limits, log, evidence, results."""

import hashlib
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.leaving.evidence import canonical
from campaigns.models import CancelFlow, CancelVisit
from campaigns.services.leaving import Told, answer, leave
from customers.models import Interaction
from tests.api.calls import Caller
from tests.campaign_factories import make_answer, make_cancel_visit, make_flow, make_sales_offer
from tests.campaigns.leavers import NOTHING, subscriber, visit_of
from tests.factories import make_contact, make_reason, make_segment, make_user

pytestmark = pytest.mark.django_db
BASE = {
    "name": "Way out", "priority": "50", "profile": "", "ending": "month", "renewal_months": "12",
    "holdout_percent": "10", "days_open": "14",
}  # fmt: skip


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def at(name, *args):
    return reverse(f"cancel_flows:{name}", args=args)


def test_a_flow_is_written_reason_by_reason_and_switched_on(manager):
    price = make_reason("price")
    offer = make_sales_offer()
    typed = BASE | {
        "r-price_kind": "offer",
        "r-price_offer": str(offer.pk),
        "any_kind": "help",
        "any_title_en": "Need a hand?",
        "any_text_en": "Read this",
        "any_address": "https://example.com/help",
        "title_nb": "Avslutt",
    }

    answer = manager.post(at("new"), typed)

    flow = CancelFlow.objects.get()
    assert answer.status_code == 302
    assert (flow.is_on, flow.holdout_percent, flow.texts) == (
        False,
        10,
        {"nb": {"title": "Avslutt"}},
    )
    kept = {each.reason: each for each in flow.answers.all()}
    assert kept[price].offer == offer
    assert kept[None].text("title") == "Need a hand?"
    manager.post(at("switch_on", flow.pk))
    flow.refresh_from_db()
    assert flow.is_on
    manager.post(at("switch_off", flow.pk))
    manager.post(at("archive", flow.pk))
    flow.refresh_from_db()
    assert flow.archived_at is not None
    assert "Way out" in manager.get(at("list") + "?show=archived").content.decode()
    manager.post(at("bring_back", flow.pk))
    flow.refresh_from_db()
    assert (flow.archived_at, flow.on_since) == (None, None)


def test_it_is_for_a_saved_segment_by_its_name(manager):
    segment = make_segment("Those up north")

    manager.post(at("new"), BASE | {"chosen": f"segment={segment.pk}"})

    flow = CancelFlow.objects.get()
    assert flow.query == f"segment={segment.pk}"
    form = manager.get(at("edit", flow.pk)).content.decode()
    assert f'<option value="segment={segment.pk}" selected>Those up north</option>' in form


@pytest.mark.parametrize(
    "law, is_kept",
    [("", False), ("de", False), ("us_ca", False), ("us", True), ("elsewhere", True)],
)
def test_a_path_of_too_many_clicks_is_refused_on_save(manager, law, is_kept):
    typed = BASE | {
        "profile": law,
        "any_kind": "help",
        "any_title_en": "Wait",
        "any_text_en": "Read",
        "any_apart": "on",
    }

    answer = manager.post(at("new"), typed)

    assert CancelFlow.objects.exists() is is_kept
    if not is_kept:
        assert answer.status_code == 422
        assert "Leaving would take 3 clicks; at most 2 are allowed" in answer.content.decode()


@pytest.mark.parametrize(
    "fault, said",
    [
        ({"name": ""}, "required"),
        ({"query": "no_such=1"}, "no_such"),
        ({"any_kind": "offer"}, "Choose the offer"),
        ({"any_kind": "help"}, "Write it in English first"),
        ({"days_open": "0"}, "greater than or equal to 1"),
        ({"holdout_percent": "91"}, "less than or equal to 90"),
        (
            {
                "any_kind": "help",
                "any_title_en": "a",
                "any_text_en": "b",
                "any_address": "ftp://example.com/x",
            },
            "beginning with https://",
        ),
    ],
)
def test_what_can_not_be_is_refused_and_what_was_typed_stays(manager, fault, said):
    answer = manager.post(at("new"), BASE | {"title_en": "My own title"} | fault)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "My own title" in answer.content.decode()
    assert not CancelFlow.objects.exists()


def test_another_s_change_meanwhile_is_shown_and_nothing_is_lost(manager):
    flow = make_flow(name="Way out")
    seen = manager.get(at("edit", flow.pk)).content.decode()
    stamp = re.search(r'name="seen" value="([^"]+)"', seen)[1]
    CancelFlow.objects.filter(pk=flow.pk).update(priority=77, changed_at=timezone.now())

    answer = manager.post(at("edit", flow.pk), BASE | {"seen": stamp, "priority": "60"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed it meanwhile" in page
    assert "It says now: 77" in page
    again = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert manager.post(at("edit", flow.pk), BASE | {"seen": again}).status_code == 302
    flow.refresh_from_db()
    assert (flow.priority, flow.version) == (50, 2)


def test_the_preview_is_what_a_customer_of_a_country_sees_and_does_nothing(manager):
    flow = make_flow(profile="us")
    make_answer(flow, "offer", apart=True)

    first = manager.get(at("preview", flow.pk) + "?lang=nb")
    own = manager.get(at("preview", flow.pk) + "?at=help")
    last = manager.get(at("preview", flow.pk) + "?at=confirm&country=US")

    assert first.headers["Content-Language"] == "nb"
    assert "An offer for you" in own.content.decode()
    assert 'value="leave"' in last.content.decode()
    for page in (first, own, last):
        assert 'type="submit"' not in page.content.decode()
        assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert not CancelVisit.objects.exists()
    CancelFlow.objects.update(profile="")
    folded = manager.get(at("preview", flow.pk) + "?at=help&country=DE").content.decode()
    assert 'value="go_on"' not in folded


def test_the_log_is_filtered_exported_and_costs_the_same_for_many(
    manager, django_assert_max_num_queries
):
    flow = make_flow()
    reason = make_reason("price")
    for number in range(12):
        make_cancel_visit(
            flow, contact=make_contact(), held_out=number % 2 == 0, reason=reason, comment="=1+1",
            reason_version=reason.versions.get(),
        )  # fmt: skip

    with django_assert_max_num_queries(20):
        page = manager.get(at("visits"))
    assert page.content.decode().count("data-row") == 12
    assert manager.get(at("visits") + "?arm=holdout").content.decode().count("data-row") == 6
    assert "data-row" not in manager.get(at("visits") + "?state=saved").content.decode()
    assert manager.get(at("visits") + "?reason=%00&flow=x&state=%ff").status_code == 200
    file = manager.get(at("export") + "?arm=holdout").getvalue().decode()
    assert len(file.strip().splitlines()) == 7
    assert "'=1+1" in file


def test_evidence_is_a_file_whose_sum_anybody_can_check(manager):
    visit = make_cancel_visit(comment="Vi sees")

    answer = manager.get(at("evidence", visit.pk))

    told = json.loads(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert hashlib.sha256(canonical(told["evidence"])).hexdigest() == told["sha256"]
    assert told["evidence"]["said"]["comment"] == "Vi sees"


def test_a_csm_makes_a_link_for_a_customer(client):
    client.force_login(make_user("csm"))
    customer = subscriber()
    contact = make_contact(customer)
    make_flow()
    page = client.get(at("make", customer.pk)).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]

    for _ in range(2):
        answer = client.post(
            at("make", customer.pk), {"contact": contact.pk, "key": key}, follow=True
        )

    visit = CancelVisit.objects.get()
    assert (visit.contact, visit.made_from) == (contact, "staff")
    assert f"/c/{visit.pk}-" in answer.content.decode()
    client.force_login(make_user("viewer"))
    assert "/c/" not in client.get(at("visit", visit.pk)).content.decode()
    assert Interaction.objects.filter(verb="cancel_link_made").count() == 1


def test_results_say_what_can_not_be_said_yet(manager, django_assert_max_num_queries):
    flow = make_flow()
    make_cancel_visit(flow, entered_at=timezone.now())

    with django_assert_max_num_queries(20):
        page = manager.get(at("results", flow.pk) + "?days=90").content.decode()

    assert page.count("Not yet readable") >= 3


def test_the_api_makes_a_link_once_and_gives_its_address_to_who_made_it(client):
    caller = Caller(make_user("csm"))
    customer = subscriber()
    contact = make_contact(customer, email="kari@example.com")
    make_flow()
    body = {"customer_id": customer.external_id, "contact_email": "KARI@example.com"}

    made = [caller.post("cancel-visits/", body, Idempotency_Key="leave-1") for _ in range(2)]

    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    visit = CancelVisit.objects.get()
    assert visit.contact == contact
    path = made[0].json()["link"].partition("/c/")[2]
    assert client.get(f"/c/{path}").status_code == 200
    listed = caller.get("cancel-visits/").json()["results"]
    assert listed[0]["state"] == "open"
    assert "link" not in listed[0]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"contact_email": "nobody@example.com"}, "contact_email"),
        ({"subscription_id": "S-none"}, "subscription_id"),
        ({"colour": "red"}, "colour"),
        ({"language": "fr"}, "language"),
    ],
)
def test_the_api_says_what_is_wrong(wrong, field):
    make_flow()
    body = {"customer_id": subscriber().external_id} | wrong

    answer = Caller(make_user("csm")).post("cancel-visits/", body, Idempotency_Key="leave-1")

    assert answer.status_code == 400
    assert field in json.dumps(answer.json())


def test_a_visit_is_told_step_by_step(manager, django_assert_max_num_queries):
    flow = make_flow()
    make_answer(flow, "offer")
    visit = answer(visit_of(subscriber(), now=timezone.now()), Told(), NOTHING, now=timezone.now())
    leave(visit, NOTHING, now=timezone.now())

    with django_assert_max_num_queries(15):
        page = manager.get(at("visit", visit.pk)).content.decode()

    for words in ("The link was made", "The offer of their reason was made", "They cancelled"):
        assert words in page
    assert "/c/" not in page


def test_a_segment_says_which_flow_uses_it(manager):
    segment = make_segment()
    flow = make_flow(name="Way out", query=f"segment={segment.pk}")

    page = manager.get(reverse("customers:segment", args=[segment.pk])).content.decode()

    assert at("results", flow.pk) in page
