"""Departures by an attribute of their customers, and of the customers of a saved view."""

from datetime import timedelta

import pytest

from customers.models import SavedView
from tests.factories import make_cancellation, make_customer, make_user, stand, today

pytestmark = pytest.mark.django_db
PAGE, LIST = "/cancellations/insights/", "/cancellations/"
VALUES = ("retail", "retail", 5, "5", 5.0, True, "", None, "none", "a & b")


@pytest.fixture
def viewer(client):
    client.user = make_user("viewer")
    client.force_login(client.user)
    return client


def leaver(days_ago=10, **fields):
    day = today() - timedelta(days=days_ago)
    return make_cancellation(make_customer(**fields), effective_on=day)


@pytest.fixture
def company():
    """One for each of VALUES, and one without the attribute."""
    for number, value in enumerate(VALUES):
        leaver(attributes={"branch": value}, country=("NO", "SE")[number % 2])
    leaver(attributes={"0": "zero"})
    stand()


def shown(client, **query):
    return client.get(PAGE, query).context["insight"]


def listed(client, href):
    return client.get(href).context["departures"].totals.count


def test_by_an_attribute_each_line_leads_to_just_its_departures(viewer, company):
    insight = shown(viewer, attribute="branch")
    label, lines = insight.groups()[0]
    told = {line.label: line.count for line in lines}
    assert label == "branch"
    assert told == {"none": 4, "5": 2, "retail": 2, "5.0": 1, "true": 1, "a & b": 1}
    assert insight.count == sum(told.values())
    for line in lines:
        assert listed(viewer, line.href) == line.count, line
    chips = viewer.get(lines[0].href).context["chips"]
    assert [(chip.label, chip.value) for chip in chips] == [("branch", "none")]
    assert listed(viewer, LIST + chips[0].without) == 11


def test_what_is_called_like_a_number_is_an_attribute_too(viewer, company):
    lines = dict(shown(viewer, attribute="0").groups())["0"]
    assert {line.label: line.count for line in lines} == {"none": 10, "zero": 1}


def test_attributes_with_few_values_are_offered(viewer, company):
    answer = viewer.get(PAGE)
    assert answer.context["attributes"] == ["branch"]
    assert '<option value="branch">branch</option>' in answer.content.decode()
    assert len(shown(viewer).groups()) == 4


def test_a_saved_view_narrows_every_figure_to_its_customers(viewer, company):
    mine = SavedView.objects.create(
        owner=viewer.user, page="customers", name="Swedes", query="country=SE&sort=name"
    )
    insight = shown(viewer, view=mine.pk)
    assert insight.count == 5
    assert listed(viewer, insight.href) == 5
    answer = viewer.get(insight.href)
    (chip,) = answer.context["chips"]
    assert (str(chip.label), chip.value) == ("Saved view", "Swedes")
    assert ("view", str(mine.pk)) in answer.context["hidden"]
    assert f'<option value="{mine.pk}" selected>Swedes</option>' in viewer.get(
        PAGE, {"view": mine.pk}
    ).content.decode()  # fmt: skip


def test_a_view_by_an_attribute_and_by_owner_is_read_as_on_its_page(viewer, company):
    everybody = {"owner": make_user(), "page": "customers", "shared": True}
    retail = SavedView.objects.create(name="Retail", query="branch=retail", **everybody)
    own = SavedView.objects.create(name="Own", query="owner=me", **everybody)
    whole = SavedView.objects.create(name="All", query="sort=name", **everybody)
    assert shown(viewer, view=retail.pk).count == 2
    assert shown(viewer, view=own.pk).count == 0
    assert shown(viewer, view=whole.pk).count == 11


def test_a_view_of_others_or_one_that_is_gone_chooses_nobody(viewer, company):
    theirs = SavedView.objects.create(
        owner=make_user(), page="customers", name="Secret plan", query="country=SE"
    )
    for pk in (theirs.pk, theirs.pk + 1_000):
        answer = viewer.get(PAGE, {"view": pk})
        assert answer.context["insight"].count == 0
        assert "Secret plan" not in answer.content.decode()
        assert "no longer there" in answer.content.decode()
        chips = viewer.get(LIST, {"view": pk}).context["chips"]
        assert [chip.value for chip in chips] == ["no longer there"]


def test_nonsense_narrows_nothing(viewer, company):
    query = {"view": "x", "attribute": "a" * 101, "attribute.": "b", "attribute.branch": ""}
    assert shown(viewer, **query).count == 11


@pytest.mark.parametrize("departures", [1, 30])
def test_it_costs_the_same(departures, viewer, django_assert_max_num_queries):
    for number in range(departures):
        leaver(attributes={"branch": f"b{number % 4}"})
    view = SavedView.objects.create(owner=viewer.user, page="customers", name="V", query="")
    with django_assert_max_num_queries(21):
        viewer.get(PAGE, {"attribute": "branch", "view": view.pk})
