"""Pages about offers: the list, the form of a kind, one offer, the part of a customer's page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Grant, Offer, OfferKind, OfferRules
from campaigns.services.accepting import accept, decline
from customers.models import OutgoingEmail
from tests.campaign_factories import NEEDED, TEXTS, make_grant, make_sales_offer
from tests.campaigns.visitors import made
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_plan,
    make_segment,
    make_subscription,
    make_user,
    stand,
)

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Stay", "kind": "percent", "percent": "20", "months": "3", "fulfilment": "here",
    "days_to_accept": "14", "cool_down_days": "90", "most_a_customer": "1", "budget": "1 000,50",
    "fixed_cost": "2.5", "title_en": "Stay", "text_en": "Please stay.", "title_sv": "Stanna",
    "text_sv": "Stanna kvar.",
}  # fmt: skip


def payer(**fields):
    customer = make_customer(**fields)
    make_subscription(customer)
    stand(customer)
    return customer


@pytest.fixture
def manager(client):
    user = make_user("manager")
    client.force_login(user)
    client.user = user
    return client


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_list_says_what_an_offer_is_and_what_to_do_next(manager):
    page = manager.get("/offers/")

    assert "No offer yet" in words(page)
    assert 'href="/offers/new/"' in page.content.decode()


def test_the_list_shows_how_each_is_received_and_what_it_costs(manager):
    offer = make_sales_offer(name="Twenty", budget_minor=100_000)
    for _ in range(12):
        make_grant(offer, state="accepted", cost_minor=2_500)
    make_grant(offer, cost_minor=5_000)
    few = make_sales_offer(name="Few")
    make_grant(few, state="accepted")

    page = words(manager.get("/offers/"))

    assert "Twenty" in page
    assert "100.0% 76% to 100%" in page
    assert "€300.00" in page
    assert "and €50.00 if all accept" in page
    assert "35.0% of €1,000.00" in page
    assert "too few to say" in page


@pytest.mark.parametrize("offers", [1, 30])
def test_the_list_costs_the_same_for_many(offers, manager, django_assert_num_queries):
    for _ in range(offers):
        make_grant(make_sales_offer("plan"), state="accepted")
    manager.get("/offers/")
    with django_assert_num_queries(9):
        manager.get("/offers/")


@pytest.mark.parametrize("grants", [1, 30])
def test_an_offer_costs_the_same_for_many(grants, manager, django_assert_num_queries):
    offer = make_sales_offer()
    for _ in range(grants):
        make_grant(offer, contact=make_contact())
    manager.get(f"/offers/{offer.pk}/")
    with django_assert_num_queries(10):
        manager.get(f"/offers/{offer.pk}/")


def test_a_new_offer_is_made_as_it_is_typed(manager):
    answer = manager.post("/offers/new/", FORM)

    offer = Offer.objects.get()
    assert answer.url == f"/offers/{offer.pk}/"
    assert (offer.percent, offer.months, offer.created_by) == (20, 3, manager.user)
    assert (offer.budget_minor, offer.fixed_cost_minor) == (100_050, 250)
    assert offer.texts["sv"] == {"title": "Stanna", "text": "Stanna kvar."}


@pytest.mark.parametrize("kind", OfferKind.values)
def test_the_form_shows_only_the_fields_of_its_kind_and_keeps_what_was_typed(manager, kind):
    page = manager.post("/offers/new/", FORM | {"kind": kind, "show": "1"}).content.decode()

    shown = set(re.findall(r'name="(percent|amount|currency|months|plan|address)"', page))
    asked = {name.replace("amount_minor", "amount") for name in NEEDED.get(kind, {})}
    assert shown == asked | ({"plan"} if kind in {"plan", "downgrade"} else set())
    assert 'value="Stay"' in page
    assert "Please stay." in page
    assert not Offer.objects.exists()


def test_an_error_keeps_what_was_typed_and_stands_at_its_field(manager):
    answer = manager.post("/offers/new/", FORM | {"eligible": "colour=red", "text_en": "My words"})

    assert answer.status_code == 422
    assert "neither a field nor an attribute" in words(answer)
    assert "My words" in answer.content.decode()


def test_it_is_for_a_saved_segment_by_its_name_and_the_segment_says_so(manager):
    segment = make_segment("Those up north")
    chosen = FORM | {"chosen": f"segment={segment.pk}"}

    twice = manager.post("/offers/new/", chosen | {"eligible": "country=SE"})
    assert "not both" in words(twice)
    manager.post("/offers/new/", chosen)

    offer = Offer.objects.get()
    assert offer.eligible == f"segment={segment.pk}"
    form = manager.get(f"/offers/{offer.pk}/edit/").content.decode()
    assert f'<option value="segment={segment.pk}" selected>Those up north</option>' in form
    assert "Segment: Those up north" in words(manager.get(f"/offers/{offer.pk}/"))
    assert "Stay" in words(manager.get("/segments/"))


def test_of_two_who_edit_the_second_sees_what_changed_and_may_save_then(manager):
    offer = make_sales_offer(name="Stay")
    page = manager.get(f"/offers/{offer.pk}/edit/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    typed = FORM | {"name": "Mine", "seen": seen, "fixed_cost": "0"}
    Offer.objects.update(name="Theirs", changed_at=timezone.now())

    answer = manager.post(f"/offers/{offer.pk}/edit/", typed)

    assert answer.status_code == 422
    assert "It says now: Theirs" in words(answer)
    assert "It says now: 0.00" not in words(answer)
    assert 'value="Mine"' in answer.content.decode()
    again = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1]
    assert manager.post(f"/offers/{offer.pk}/edit/", typed | {"seen": again}).status_code == 302
    assert Offer.objects.get().name == "Mine"


def test_unchanged_it_is_saved_as_it_was(manager):
    offer = make_sales_offer("amount", budget_minor=1_234)
    page = manager.get(f"/offers/{offer.pk}/edit/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]

    typed = FORM | {"kind": "amount", "amount": "10", "currency": "EUR", "name": offer.name}
    answer = manager.post(f"/offers/{offer.pk}/edit/", typed | {"seen": seen, "budget": "12.34"})

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.amount_minor, offer.budget_minor) == (1_000, 1_234)


def test_a_colleague_approves_and_the_author_can_not(manager, client):
    OfferRules.objects.update(most_budget_minor=0)
    own = make_sales_offer(created_by=manager.user, changed_by=manager.user)
    theirs = make_sales_offer(created_by=make_user("manager"))

    assert "a colleague approves it" in words(manager.get(f"/offers/{own.pk}/"))
    manager.post(f"/offers/{own.pk}/approve/")
    manager.post(f"/offers/{theirs.pk}/approve/")

    assert Offer.objects.get(pk=own.pk).approved_at is None
    assert Offer.objects.get(pk=theirs.pk).approved_by == manager.user


@pytest.mark.parametrize(
    "deed, undo, field",
    [("stop", "resume", "stopped_at"), ("archive", "bring-back", "archived_at")],
)
def test_stopped_or_archived_there_is_a_way_back(manager, deed, undo, field):
    offer = make_sales_offer()

    page = manager.post(f"/offers/{offer.pk}/{deed}/", follow=True)

    assert getattr(Offer.objects.get(), field) is not None
    assert f"/offers/{offer.pk}/{undo}/" in page.content.decode()
    manager.post(f"/offers/{offer.pk}/{undo}/")
    assert getattr(Offer.objects.get(), field) is None


def test_only_an_administrator_sets_the_limits(manager, client):
    assert manager.get("/offers/rules/").status_code == 403
    client.force_login(make_user("admin"))

    client.post("/offers/rules/", {"most_cost": "50", "most_budget": ""})

    assert OfferRules.current().most_cost_minor == 5_000
    assert "€50.00" in words(client.get("/offers/"))


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_the_preview_speaks_each_language_and_its_buttons_do_nothing(manager, language):
    offer = make_sales_offer(texts=TEXTS | {language: {"title": f"T {language}", "text": "x"}})

    page = manager.get(f"/offers/{offer.pk}/preview/?lang={language}")

    assert page.headers["Content-Language"] == language
    assert f"T {language}" in words(page)
    assert 'method="post"' not in page.content.decode()
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", OfferKind.values)
def test_every_kind_can_be_previewed_looked_at_and_edited(manager, kind):
    offer = make_sales_offer(kind)

    for page in ("", "preview/", "edit/"):
        assert manager.get(f"/offers/{offer.pk}/{page}").status_code == 200


def test_whom_it_was_made_to_can_be_filtered_and_exported(manager):
    offer = make_sales_offer()
    make_grant(offer, make_customer("Acme"), state="accepted", cost_minor=1_250)
    make_grant(offer, make_customer("=Beta"))
    old = timezone.now() - timedelta(days=40)
    make_grant(offer, make_customer("Cebra"), made_at=old, expires_at=old + timedelta(days=1))

    page = words(manager.get(f"/offers/{offer.pk}/?state=accepted", headers={"HX-Request": "true"}))
    expired = words(manager.get(f"/offers/{offer.pk}/?state=expired"))
    searched = words(manager.get(f"/offers/{offer.pk}/?q=acm"))
    lines = b"".join(manager.get(f"/offers/{offer.pk}/export/?state=open")).decode("utf-8-sig")

    assert "Acme" in page
    assert "Beta" not in page
    assert "Cebra" in expired
    assert "Acme" not in expired
    assert "Acme" in searched
    assert "Beta" not in searched
    assert len(lines.strip().splitlines()) == 2
    assert "'=Beta" in lines


def test_the_year_after_is_shown_with_its_range_and_only_of_enough(manager):
    offer = make_sales_offer()
    old = timezone.now() - timedelta(days=500)
    for number in range(10):
        customer = make_customer()
        make_subscription(customer, arr=1200 + number, starts_on=(old - timedelta(days=9)).date())
        make_grant(offer, customer, made_at=old, state="accepted", cost_minor=20_000)

    page = words(manager.get(f"/offers/{offer.pk}/"))

    assert "€1,004.50" in page  # 1,204.50 a year on average, less 200.00
    assert re.search(r"€1,002\.\d\d to €1,006\.\d\d on average", page)
    Grant.objects.first().delete()
    assert "too few to say: 9 were accepted" in words(manager.get(f"/offers/{offer.pk}/"))


def test_who_sees_only_their_own_sees_no_others_in_the_list(client):
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    client.force_login(csm)
    offer = make_sales_offer()
    theirs = make_grant(offer, make_customer("Theirs"))
    make_grant(offer, make_customer("Mine", owner=csm))

    page = words(client.get(f"/offers/{offer.pk}/"))

    assert "Mine" in page
    assert "Theirs" not in page
    assert client.get(f"/offers/made/{theirs.pk}/accept/").status_code == 404
    assert client.get(f"/offers/customers/{theirs.customer_id}/panel/").status_code == 404


def panel(client, customer):
    address = reverse("offers:customer_panel", args=[customer.pk])
    return client.get(address, headers={"HX-Request": "true"})


def test_an_offer_is_made_to_a_customer_on_their_page_and_mailed(manager):
    customer, offer = payer(), make_sales_offer()
    contact = make_contact(customer, language="en")
    assert "Make an offer" in words(manager.get(f"/customers/{customer.pk}/"))

    page = manager.get(f"/offers/customers/{customer.pk}/make/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    form = {"offer": offer.pk, "contact": contact.pk, "by_mail": "on", "key": key}
    for _ in range(2):
        assert manager.post(f"/offers/customers/{customer.pk}/make/", form).status_code == 302

    mail = OutgoingEmail.objects.get()
    assert (mail.to_email, mail.subject) == (contact.email, "An offer for you")
    assert Grant.objects.get().made_by == manager.user
    assert "20% off for 3 months" in words(panel(manager, customer))


def test_why_it_can_not_be_made_stands_in_the_dialog(manager):
    customer = make_customer()
    form = {"offer": make_sales_offer().pk, "key": "k"}

    answer = manager.post(f"/offers/customers/{customer.pk}/make/", form)

    assert answer.status_code == 422
    assert "means nothing to them" in words(answer)


def test_colleagues_accept_decline_take_back_and_undo(manager):
    offer = make_sales_offer()
    one, two, three = (made(offer, payer(), now=timezone.now()) for _ in range(3))

    manager.post(f"/offers/made/{one.pk}/accept/")
    manager.post(f"/offers/made/{two.pk}/decline/")
    manager.post(f"/offers/made/{three.pk}/take-back/")

    states = dict(Grant.objects.values_list("pk", "state"))
    assert states == {one.pk: "accepted", two.pk: "declined", three.pk: "taken_back"}
    assert re.search(r"€80 a month until .+, then €100", words(panel(manager, one.customer)))
    manager.post(f"/offers/made/{one.pk}/undo/")
    manager.post(f"/offers/made/{three.pk}/give-again/")
    assert "undone on" in words(panel(manager, one.customer))
    assert Grant.objects.get(pk=three.pk).state == "open"


@pytest.mark.parametrize("grants", [1, 5])
def test_the_part_of_the_page_costs_the_same_for_many(grants, manager, django_assert_num_queries):
    customer = payer()
    for _ in range(grants):
        grant = made(
            make_sales_offer("plan", plan=make_plan("large")), customer, now=timezone.now()
        )
        decline(grant, now=timezone.now())
    panel(manager, customer)
    with django_assert_num_queries(6):
        panel(manager, customer)


def test_the_timeline_tells_of_it_in_words(manager):
    customer = payer()
    accept(made(make_sales_offer(name="Twenty"), customer, now=timezone.now()), now=timezone.now())

    page = words(manager.get(f"/customers/{customer.pk}/"))

    assert "The customer accepted an offer: Twenty" in page
