"""Pages of segments: the list, the editor and its preview, freezing, copies, exports."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from customers.models import Customer, SavedView, Segment
from customers.services.segments import freeze_segment
from customers.views import segment_looks
from tests.factories import (
    make_contact,
    make_customer,
    make_feature,
    make_organisation,
    make_rule,
    make_segment,
    make_subscription,
    make_user,
    stand,
)
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db
PAGE, NEW = reverse("customers:segments"), reverse("customers:new_segment")
PREVIEW = reverse("customers:preview_segment")
HTMX = {"HX-Request": "true"}


def at(name, one):
    return reverse(f"customers:{name}", args=[one.pk])


@pytest.fixture
def bobs_client(client: Client, bob) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def three() -> list[Customer]:
    """Two in Norway, one of them paying 100 a month, and one in Sweden."""
    acme, beta = make_customer("Acme"), make_customer("Beta")
    make_subscription(acme, arr=1200)
    found = [acme, beta, make_customer("Svea", country="SE")]
    stand(*found)
    return found


def text_of(response):
    return response.content.decode()


def test_the_list_tells_of_each_and_of_the_frozen_ones(alices_client):
    make_segment("Norway", description="All of the north")
    freeze_segment(make_segment("Swedes", query="country=SE"), by=None)
    make_segment("Outer", query=f"segment={Segment.objects.get(name='Norway').pk}")
    page = text_of(alices_client.get(PAGE))
    assert "All of the north" in page
    assert "frozen" in page
    rows = alices_client.get(PAGE).context["listing"].rows
    assert [(row.segment.name, [use.what for use in row.uses]) for row in rows] == [
        ("Norway", ["Outer"]),
        ("Outer", []),
        ("Swedes", []),
    ]


def test_the_list_is_searched_and_archived_ones_stand_apart(alices_client):
    make_segment("Norway")
    make_segment("Sweden", query="country=SE", archived_at="2025-01-01T00:00Z")

    def shown(query):
        return [one.name for one in alices_client.get(PAGE + query).context["listing"].page.rows]

    assert shown("") == ["Norway"]
    assert shown("?q=orw") == ["Norway"]
    assert shown("?q=swe") == []
    assert shown("?show=archived") == ["Sweden"]
    assert "No segment is called so" in text_of(alices_client.get(PAGE + "?q=swe", headers=HTMX))


def test_an_empty_list_says_what_it_is_for(bobs_client):
    assert NEW in text_of(bobs_client.get(PAGE))
    assert "No segment yet" in text_of(bobs_client.get(PAGE))


@pytest.mark.parametrize("count", [3, 12])
def test_the_list_costs_the_same_for_many(alices_client, count, django_assert_max_num_queries):
    for _number in range(count):
        make_segment()
    alices_client.get(PAGE)
    with django_assert_max_num_queries(10):
        alices_client.get(PAGE)


def test_each_row_has_the_size_that_the_reader_may_see(alices_client, alice, three):
    one = make_segment("Norway")
    part = text_of(alices_client.get(at("segment_size", one)))
    assert f"/customers/?segment={one.pk}" in part
    assert ">2</a>" in part
    assert "100" in part
    make_organisation(csm_sees_own_only=True)
    assert ">0</a>" in text_of(alices_client.get(at("segment_size", one)))


def test_a_size_that_takes_too_long_is_said_so(alices_client, monkeypatch):
    monkeypatch.setattr(segment_looks, "patiently", impatiently)
    part = text_of(alices_client.get(at("segment_size", make_segment())))
    assert "Takes long to count" in part
    page = text_of(alices_client.get(PREVIEW + "?country=NO"))
    assert "Counting takes too long" in page


def impatiently():
    raise segment_looks.TookTooLongError


def test_what_is_edited_is_counted_with_those_who_pay_most(bobs_client, three):
    make_contact(three[0], role="champion")
    make_contact(three[1], role="billing")
    part = bobs_client.get(PREVIEW + "?country=NO&segment-contact_role=champion&segment-name=x")
    look = part.context["look"]
    assert (look.size.customers, look.size.arr_minor, look.people.number) == (2, 120_000, 1)
    assert [one.name for one in look.sample] == ["Acme", "Beta"]
    assert "/customers/?country=NO" in text_of(part)


@pytest.mark.parametrize(
    "query, said",
    [
        ("", "Choose at least one condition."),
        ("?country=", "Choose at least one condition."),
        ("?lost_in_days=soon", "Lost in the last … days: Enter a whole number."),
        ("?colour=red", "neither a field nor an attribute"),
        ("?country=FI", "No customer meets every condition"),
        ("?country=NO&segment-contact_role=boss", "is not one of the available choices"),
        ("?country=%00", "a character that can&#x27;t be"),
    ],
)
def test_a_preview_says_what_is_wrong(bobs_client, three, query, said):
    response = bobs_client.get(PREVIEW + query)
    assert response.status_code == 200
    assert said in text_of(response)


def test_a_preview_may_not_choose_by_the_segment_itself(bobs_client):
    one = make_segment("Norway")
    query = {"segment": one.pk, "segment-itself": one.pk}
    assert "among its own members" in text_of(bobs_client.get(PREVIEW, query))


def test_a_preview_of_a_frozen_one_counts_its_members_and_the_people_asked_for(bobs_client, three):
    make_contact(three[0], role="champion")
    make_contact(three[1], role="billing")
    one = freeze_segment(make_segment("Norway"), by=None)
    Customer.objects.update(country="SE")
    query = {"segment-itself": one.pk, "segment-contact_role": "billing"}
    part = bobs_client.get(PREVIEW, query)
    look = part.context["look"]
    assert (look.size.customers, look.people.number) == (2, 1)
    assert f"/customers/?segment={one.pk}" in text_of(part)


def test_a_large_company_is_counted_after_the_page_is_there(bobs_client, alice, monkeypatch):
    monkeypatch.setattr("customers.views.segment_editor.is_quick", lambda: False)
    one = make_segment("Norway")
    page = bobs_client.get(at("segment", one))
    assert page.context["look"] is None
    assert 'hx-trigger="load, change' in text_of(page)
    bobs_client.force_login(alice)
    assert bobs_client.get(at("segment", one)).context["look"].size.customers == 0


def test_a_preview_costs_the_same_for_many(bobs_client, django_assert_max_num_queries):
    for number in range(12):
        make_subscription(make_customer(), arr=100 * number)
    stand()
    with django_assert_max_num_queries(12):
        bobs_client.get(PREVIEW + "?country=NO")


def test_a_segment_is_made_on_its_page_without_script(bobs_client, three):
    form = {"segment-name": "Norway", "country": "NO", "plan": "", "mrr_from": "50,5"}
    form |= {"segment-contact_role": ["champion", "user"]}
    norwegian = {"Accept-Language": "nb"}
    counted = bobs_client.post(NEW, form | {"segment-count": "1"}, headers=norwegian)
    assert counted.context["look"].size.customers == 1
    assert not Segment.objects.exists()
    saved = bobs_client.post(NEW, form, headers=norwegian, follow=True)
    one = Segment.objects.get()
    assert (one.name, one.query) == ("Norway", "country=NO&mrr_from=50.5")
    assert one.contact_query == "contact_role=champion&contact_role=user"
    assert saved.redirect_chain == [(at("segment", one), 302)]
    assert saved.context["look"].size.customers == 1


def test_what_was_typed_stays_where_it_is_refused(bobs_client):
    make_segment("Norway")
    refused = bobs_client.post(NEW, {"segment-name": "norway", "country": "NO"})
    assert refused.status_code == 422
    assert "Another segment is called norway" in text_of(refused)
    nothing = bobs_client.post(NEW, {"segment-name": "Empty", "country": ""})
    assert (nothing.status_code, nothing.context["draft"].problem) == (
        422,
        "Choose at least one condition.",
    )
    wrong = bobs_client.post(NEW, {"segment-name": "Wrong", "lost_in_days": "soon"})
    assert 'value="soon"' in text_of(wrong)
    assert Segment.objects.count() == 1


def test_conditions_are_changed_and_the_slower_one_is_told(bobs_client):
    make_customer(attributes={"branch": "rail"})
    make_customer(attributes={"branch": "road"})
    one = make_segment("Norway", query="country=NO&branch=rail")
    page = bobs_client.get(at("segment", one))
    seen = page.context["form"]["seen"].value()
    assert 'name="branch" value="rail" checked' in text_of(page)
    form = {"segment-name": "Sweden", "country": "SE", "segment-seen": seen}
    assert bobs_client.post(at("segment", one), form).status_code == 302
    slower = bobs_client.post(at("segment", one), form | {"segment-name": "Slow"})
    assert slower.status_code == 422
    assert "Somebody else changed" in text_of(slower)
    one.refresh_from_db()
    assert (one.name, one.query) == ("Sweden", "country=SE")


def test_the_editor_offers_every_kind_of_condition(bobs_client):
    make_feature("reports")
    make_rule("no_use")
    other = make_segment("Other")
    page = text_of(bobs_client.get(NEW + "?reason=gone&lost_in_days=30&name=Acme&name=Beta"))
    for part in (
        '<select id="condition-involuntary" name="involuntary"',
        'name="lost_in_days" inputmode="decimal" value="30" autocomplete="off"',
        '<input id="condition-paying_from" type="date"',
        'type="checkbox" name="used" value="reports"',
        'type="checkbox" name="flag" value="no_use"',
        f'type="checkbox" name="segment" value="{other.pk}"',
        'name="reason" value="gone" checked',
        'name="nps_to" inputmode="decimal"',
        'name="name" value="Acme" autocomplete="off"',
        '<input type="hidden" name="name" value="Beta">',
    ):
        assert part in page


def test_who_may_not_change_it_reads_its_conditions(alices_client):
    one = make_segment("Norway", query="country=NO&lost_in_days=30")
    page = text_of(alices_client.get(at("segment", one)))
    assert "segment-form" not in page.replace("#segment-form", "")
    assert "Norway" in page
    assert "Lost in the last … days" in page
    assert alices_client.post(at("segment", one), {"segment-name": "x"}).status_code == 403


def test_members_are_frozen_and_thawed_with_a_way_back(bobs_client, three):
    one = make_segment("Norway")
    page = bobs_client.post(at("freeze_segment", one), follow=True)
    assert at("thaw_segment", one) in text_of(page)
    Customer.objects.update(country="SE")
    assert bobs_client.get(at("segment", one)).context["look"].size.customers == 2
    kept = bobs_client.post(at("segment", one), {"segment-name": "Renamed", "country": "SE"})
    assert kept.status_code == 302
    one.refresh_from_db()
    assert (one.name, one.query) == ("Renamed", "country=NO")
    bobs_client.post(at("thaw_segment", one))
    assert bobs_client.get(at("segment", one)).context["look"].size.customers == 0


def test_a_copy_is_made_and_archiving_can_be_undone(bobs_client):
    one = make_segment("Norway")
    page = bobs_client.post(at("copy_segment", one), follow=True)
    assert page.context["segment"].name == "Copy of Norway"
    page = bobs_client.post(at("archive_segment", one), follow=True)
    assert at("bring_back_segment", one) in text_of(page)
    assert "archived" in text_of(page)
    make_segment("NORWAY")
    refused = bobs_client.post(at("bring_back_segment", one), follow=True)
    assert "Another segment is called Norway" in text_of(refused)


def test_members_are_exported_as_the_reader_may_see_them(bobs_client, client, three):
    one = make_segment("Norway")
    lines = b"".join(bobs_client.get(at("export_members", one))).decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["Acme", "Beta"]
    Segment.objects.filter(pk=one.pk).update(query="colour=red")
    page = bobs_client.get(at("export_members", one), follow=True)
    assert "neither a field nor an attribute" in text_of(page)
    client.force_login(make_user("csm"))
    assert client.get(at("export_members", one)).status_code == 403


def test_the_customer_list_is_saved_as_a_segment(bobs_client, bob, three):
    view = SavedView.objects.create(
        owner=bob, page="customers", name="My north", query="country=NO&sort=name"
    )
    page = text_of(bobs_client.get("/customers/?country=NO&sort=name"))
    assert f'href="{NEW}?country=NO&amp;sort=name" data-follows' in page
    assert f"{NEW}?{escape(view.query)}&amp;segment-name=My%20north" in page
    begun = bobs_client.get(NEW + "?country=NO&sort=name&segment-name=My%20north")
    assert begun.context["draft"].query == "country=NO"
    assert begun.context["form"]["name"].value() == "My north"
    assert begun.context["look"].size.customers == 2


def test_the_list_of_customers_shows_a_segment_by_its_name(alices_client, three):
    one = make_segment("The north")
    page = alices_client.get(f"/customers/?segment={one.pk}")
    assert [f"{chip.label}: {chip.value}" for chip in page.context["chips"]] == [
        "Segment: The north"
    ]
    assert [row.name for row in page.context["listing"].page.rows] == ["Acme", "Beta"]
    assert alices_client.get("/customers/?segment=999999").context["listing"].count.number == 0


def test_a_sending_rule_asks_a_segment(bobs_client):
    one, survey = make_segment("The north"), make_survey()
    make_segment("Gone", archived_at="2025-01-01T00:00Z")
    page = text_of(bobs_client.get(reverse("surveys:new_rule", args=[survey.pk])))
    assert f'<option value="segment={one.pk}">The north</option>' in page
    assert "Gone" not in page


def test_figures_are_asked_of_a_segment(alices_client, three):
    one = make_segment("The north")
    page = alices_client.get(f"/overview/?segment={one.pk}")
    assert page.status_code == 200
    assert f'<option value="{one.pk}" selected>The north</option>' in text_of(page)
    assert alices_client.get("/overview/?segment=999999").status_code == 400


def test_the_lists_panel_asks_for_values_when_a_heading_is_opened(alices_client, three):
    make_feature("reports")
    make_feature("boards")
    page = text_of(alices_client.get("/customers/?unused=reports&lost_in_days=3"))
    assert 'name="unused" value="reports" checked' in page
    assert 'name="unused" value="boards"' in page
    assert 'name="lost_in_days" inputmode="decimal" value="3"' in page
    assert 'name="used"' not in page
    more = reverse("customers:more_filters", args=["usage"])
    assert f'hx-get="{more}"' in page
    part = text_of(alices_client.get(more + "?unused=reports"))
    assert 'name="used" value="reports"' in part
    assert 'name="unused"' not in part
    assert not text_of(alices_client.get(reverse("customers:more_filters", args=["x"]))).strip()


def test_every_filter_stands_on_a_page_without_script(alices_client, three):
    make_feature("reports")
    page = text_of(alices_client.get("/customers/filters/?q=ac&used=reports&country=NO"))
    for part in ('name="q" value="ac"', 'name="unused"', 'name="country" value="NO" checked'):
        assert part in page
