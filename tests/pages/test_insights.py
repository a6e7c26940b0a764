"""Insight into departures: tables that add up, shares with ranges, and ways to the customers."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils.html import escape

from tests.factories import (
    make_cancellation,
    make_customer,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today,
    today_here,
)

pytestmark = pytest.mark.django_db
PAGE = "/cancellations/insights/"


@pytest.fixture
def viewer(client):
    client.force_login(make_user("viewer"))
    return client


@pytest.fixture
def reasons():
    return {
        "price": make_reason("price", labels={"en": "Price too high"}),
        "merged": make_reason(
            "merged", category="customer", avoidable=False, labels={"en": "Merged"}
        ),
    }


def leaver(reason=None, *, days_ago=10, arr=1_200, tenure=400, **fields):
    """A customer who left, with what it took along."""
    day = today() - timedelta(days=days_ago)
    plan = fields.pop("plan", "pro")
    customer = make_customer(country=fields.pop("country", "NO"), owner=fields.pop("owner", None))
    make_subscription(
        customer, arr=arr, plan=plan, starts_on=day - timedelta(days=tenure), ends_on=day
    )
    return make_cancellation(customer, effective_on=day, reason=reason, **fields)


@pytest.fixture
def company(reasons):
    """Seven departures: three for the price, one of them long ago, two merged, two unknown."""
    leaver(reasons["price"], arr=1_200, competitor="HubSpot ")
    leaver(reasons["price"], arr=2_400, competitor="hubspot", country="SE")
    leaver(reasons["price"], days_ago=200, arr=600)
    leaver(reasons["merged"], arr=24_000, plan="basic", tenure=30)
    leaver(reasons["merged"], arr=12_000, involuntary=True)
    leaver(arr=1_200, comment="Nobody answered us.", owner=make_user("csm"))
    leaver(arr=1_200, country="")
    stand()


def shown(client, **query):
    return client.get(PAGE, query).context["insight"]


def listed(client, href):
    return client.get(href).context["departures"].totals.count


def test_reasons_stand_by_count_with_the_share_up_to_each(viewer, company):
    told = [
        (line.label, line.count, line.lost_minor, round(line.running, 2))
        for line in shown(viewer).reasons()
    ]
    assert told == [
        ("Price too high", 3, 420_000, 0.43),
        ("Merged", 2, 3_600_000, 0.71),
        ("Not known", 2, 240_000, 1.0),
    ]


def test_and_by_money(viewer, company):
    lines = shown(viewer, by="money").reasons()
    assert [line.label for line in lines] == ["Merged", "Price too high", "Not known"]
    assert round(lines[0].running, 3) == round(36_000 / 42_600, 3)


def test_shares_are_of_what_the_page_goes_by(viewer, company):
    by_count = shown(viewer).reasons()
    assert [round(line.share, 3) for line in by_count] == [0.429, 0.286, 0.286]
    assert all(line.interval for line in by_count)
    assert "Share of departures" in viewer.get(PAGE).content.decode()

    by_money = shown(viewer, by="money").reasons()
    assert [round(line.share * 42_600) for line in by_money] == [36_000, 4_200, 2_400]
    assert sum(line.share for line in by_money) == pytest.approx(by_money[-1].running)
    page = viewer.get(PAGE, {"by": "money"}).content.decode()
    assert "Share of lost MRR" in page
    assert "Share of departures" not in page


@pytest.mark.parametrize("page", ["", "insights/", "competitors/"])
def test_tabs_carry_the_filters_over_that_the_other_page_knows(client, page):
    client.force_login(make_user("csm"))
    known = "period=all&plan=pro&country=NO&reason=price"
    own = "&page=1&split=2026-01-01&attribute=size"
    text = client.get(f"/cancellations/{page}?{known}{own}").content.decode()
    for other in ("", "insights/", "competitors/"):
        assert f'href="/cancellations/{other}?{escape(known)}" data-follows' in text
    assert 'href="/cancellations/reasons/"' in text


def test_reasons_by_plan_lead_to_their_departures(viewer, company):
    cross = shown(viewer).reasons_by_plan
    assert [label for label, _href in cross.plans] == ["Pro", "Basic"]
    told = {row.label: [cell.count for cell in row.cells] for row in cross.rows}
    assert told == {"Price too high": [3, 0], "Merged": [1, 1], "Not known": [2, 0]}
    for row in cross.rows:
        for cell in row.cells:
            assert listed(viewer, cell.href) == cell.count


def test_what_is_shown_is_exported(client, company):
    client.force_login(make_user("manager"))
    page = client.get(PAGE, {"by": "money"}).content.decode()
    assert 'id="export-link" href="/cancellations/insights/export.csv?by=money"' in page
    answer = client.get(f"{PAGE}export.csv", {"by": "money"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    reasons = [row for row in rows if row["Table"] == "Reason"]
    assert [row["Line"] for row in reasons] == ["Merged", "Price too high", "Not known"]
    assert reasons[0]["Lost MRR"] == "3000.00"
    assert {row["Table"] for row in rows} >= {"Plan", "Country", "Owner", "Competitor"}


def test_the_chart_says_why_a_month_is_pale(viewer, company):
    leaver(days_ago=364)
    page = viewer.get(PAGE).content.decode()
    assert "bar-partial" in page
    assert "month not over, or counted only in part" in page


def test_every_figure_leads_to_just_its_departures(viewer, company):
    insight = shown(viewer)
    tables = [insight.reasons(), insight.kinds(), insight.avoidable(), insight.competitors()]
    tables += [lines for _label, lines in insight.groups()]
    asked = [line for table in tables for line in table if line.href]
    assert len(asked) > 12
    for line in asked:
        assert listed(viewer, line.href) == line.count, line


def test_what_nobody_sorted_is_neither_avoidable_nor_not(viewer, company):
    brought = make_reason("brought", category="unsorted", avoidable=True)
    other = make_reason("other", category="unsorted", avoidable=False)
    for reason in (brought, brought, other):
        leaver(reason)
    insight = shown(viewer)
    told = [(line.label, line.count) for line in insight.avoidable()]
    assert told == [("Avoidable", 3), ("Not avoidable", 2)]
    for line in insight.avoidable():
        assert listed(viewer, line.href) == line.count
    assert insight.unsorted == 5
    assert listed(viewer, insight.unsorted_href) == 5
    assert listed(viewer, f"{insight.unsorted_href}&avoidable=yes") == 0
    assert listed(viewer, f"{insight.unsorted_href}&category=price") == 8

    page = viewer.get(PAGE).content.decode()
    assert "5 unsorted departures are left out" in page
    assert 'href="/cancellations/reasons/">Sort the reasons' in page


def test_the_sums_on_top_lead_to_all_of_them(viewer, company):
    for query in ({}, {"plan": "basic"}, {"period": "quarter", "by": "money"}):
        answer = viewer.get(PAGE, query)
        insight = answer.context["insight"]
        totals = viewer.get(insight.href).context["departures"].totals
        assert (totals.count, totals.lost_minor) == (insight.count, insight.lost_minor)
        assert answer.content.decode().count(f'href="{escape(insight.href)}"') >= 2


def test_without_a_plan_they_are_listed_too(viewer, company):
    gone = make_cancellation(make_customer(country="NO"), effective_on=today())
    stand()
    plans = dict(shown(viewer).groups())["Plan"]
    (line,) = [line for line in plans if line.label == "No plan"]
    assert listed(viewer, line.href) == line.count == 1
    page = viewer.get(line.href)
    assert page.context["departures"].page.rows == [gone]
    assert "No plan" in page.content.decode()
    assert listed(viewer, line.href + "&plan=basic") == 2


@pytest.mark.parametrize("query", [
    {},
    {"period": "all", "by": "money"},
    {"period": "quarter"},
    {"from": (today_here() - timedelta(days=205)).isoformat(), "to": today_here().isoformat()},
    {"period": "all", "from": (today_here() - timedelta(days=199)).isoformat()},
])  # fmt: skip
def test_every_month_and_every_part_of_it_leads_to_its_departures(viewer, company, query):
    leaver(days_ago=200, arr=6_000)
    leaver(days_ago=364, arr=600, involuntary=True)
    insight = shown(viewer, **query)
    for chart in (insight.over_time(), insight.kinds_over_time()):
        count = 0
        for column in chart.columns if chart else []:
            inside = [listed(viewer, each.href) for each in column.readings if each.href]
            assert listed(viewer, column.href) == sum(inside)
            if not insight.by_money:
                texts = [each.text for each in column.readings if each.href]
                assert texts == [str(each) for each in inside]
            count += sum(inside)
        assert count == (insight.count if chart else 0)


def test_the_table_behind_the_chart_links_its_figures(viewer, company):
    leaver(days_ago=100)
    page = viewer.get(PAGE).content.decode()
    chart = shown(viewer).over_time()
    hrefs = [chart.columns[-1].href, chart.columns[-1].readings[-1].href]
    assert all(f'<a href="{escape(href)}">' in page for href in hrefs)


def test_what_a_page_asks_anyway_narrows_its_figures_addresses_too(viewer, reasons):
    for arr in (600, 1_200, 1_200, 2_400, 6_000, 6_000, 12_000, 24_000, 60_000, 600_000):
        leaver(reasons["price"], arr=arr)
    insight = shown(viewer, lost="50000-7000000")
    assert insight.count == 9
    for row in insight.by_value():
        assert sum(cell.count for cell in row.cells) == 9
        for cell in row.cells:
            assert listed(viewer, cell.href) == cell.count


def test_each_table_adds_up(viewer, company):
    insight = shown(viewer)
    for _label, table in insight.groups():
        assert sum(line.count for line in table) == insight.count == 7
        assert sum(line.lost_minor for line in table) == insight.lost_minor == 4_260_000


def test_reasons_by_what_they_took_along(viewer, reasons):
    for arr in (1_200, 1_200, 1_200, 2_400, 6_000, 6_000, 12_000, 24_000, 60_000):
        leaver(reasons["price"] if arr < 6_001 else reasons["merged"], arr=arr)
    leaver(reasons["merged"], arr=0)
    insight = shown(viewer)

    assert [band.label for band in insight.value_bands] == [
        "Nothing", "Under €200", "€200 to €1,000", "€1,000 and more",
    ]  # fmt: skip
    assert [
        (row.label, [cell.count for cell in row.cells], row.average_minor)
        for row in insight.by_value()
    ] == [("Merged", [1, 0, 0, 3], 2_400_000), ("Price too high", [0, 3, 3, 0], 300_000)]
    for row in insight.by_value():
        for cell in row.cells:
            assert listed(viewer, cell.href) == cell.count


def test_a_few_departures_make_no_thirds(viewer, company):
    assert shown(viewer).by_value() == []


def test_what_narrows_beside_the_form_is_said_and_can_be_taken_off(viewer, company):
    query = {
        "competitor": "hubspot",
        "lost": "0-200000",
        "tenure": "under_1095",
        "from": "2020-01-01",
    }
    answer = viewer.get("/cancellations/", query)
    chips = {str(chip.label): chip for chip in answer.context["chips"]}
    told = {label: chip.value for label, chip in chips.items()}
    assert told == {
        "Competitor": "hubspot",
        "Lost MRR": "Under €167",
        "Time as a customer": "One to three years",
        "From": "1 Jan 2020",
    }
    assert answer.context["departures"].totals.count == 1
    assert listed(viewer, "/cancellations/" + chips["Lost MRR"].without) == 2
    assert ("lost", "0-200000") in answer.context["hidden"]


@pytest.mark.parametrize("lost", ["x-y", "5", "-", "9" * 30 + "-", "\u00b2-"])
def test_a_loss_that_is_none_narrows_nothing(viewer, company, lost):
    answer = viewer.get("/cancellations/", {"lost": lost})
    assert answer.context["departures"].totals.count == 7


def test_a_competitor_is_one_however_it_was_written(viewer, company):
    (line,) = shown(viewer).competitors()
    assert (line.label, line.count, line.lost_minor) == ("Hubspot", 2, 360_000)


def test_shares_carry_their_range(viewer, company):
    low, high = shown(viewer).reasons()[0].interval
    # Wilson for 3 of 7.
    assert (round(low, 3), round(high, 3)) == (0.158, 0.750)


def test_before_and_after_says_what_is_noise(viewer, reasons):
    for number in range(40):
        leaver(reasons["price"] if number < 30 else reasons["merged"], days_ago=100)
        leaver(reasons["price"] if number < 5 else reasons["merged"], days_ago=10)
    day = (today() - timedelta(days=50)).isoformat()
    moved = {one.label: one for one in shown(viewer, split=day).before_and_after()}
    price = moved["Price too high"]
    assert (price.before.share, price.after.share) == (0.75, 0.125)
    assert (price.before.count, price.after.count) == (30, 5)
    assert not price.is_noise
    for one in moved.values():
        for side in (one.before, one.after):
            assert listed(viewer, side.href) == side.count
    same = shown(viewer, split=(today() - timedelta(days=5)).isoformat())
    assert same.before_and_after() == []


def test_a_small_shift_is_noise(viewer, reasons):
    for number in range(6):
        leaver(reasons["price"] if number % 2 else reasons["merged"], days_ago=100)
        leaver(reasons["price"] if number % 3 else reasons["merged"], days_ago=10)
    day = (today() - timedelta(days=50)).isoformat()
    assert all(one.is_noise for one in shown(viewer, split=day).before_and_after())


def test_a_renamed_reason_stays_one_and_is_told_as_it_is_now(viewer, reasons):
    leaver(reasons["price"])
    reasons["price"].versions.create(version=2, category="price", labels={"en": "Too dear"})
    leaver(reasons["price"])
    assert [(line.label, line.count) for line in shown(viewer).reasons()] == [("Too dear", 2)]


def test_filters_of_the_page_narrow_every_table(viewer, company):
    assert shown(viewer, country="SE").count == 1
    assert shown(viewer, period="month", plan="basic").count <= 1
    assert shown(viewer, period="quarter").count == 6


def test_comments_lead_to_their_customers(viewer, company):
    page = viewer.get(PAGE).content.decode()
    assert "Nobody answered us." in page


def test_without_departures_the_page_says_how_it_begins(viewer):
    assert "Insight begins with the first departure" in viewer.get(PAGE).content.decode()


def test_nonsense_in_the_address_is_left_out(viewer, company):
    assert shown(viewer, split="tomorrow", by="x", tenure="y", period="z").count == 7


@pytest.mark.parametrize("departures", [1, 30])
def test_the_page_costs_the_same(departures, viewer, reasons, django_assert_max_num_queries):
    for number in range(departures):
        leaver(reasons["price"], comment=f"{number}", days_ago=number, competitor="Rival")
    with django_assert_max_num_queries(20):
        viewer.get(PAGE, {"split": date(2026, 1, 1).isoformat()})


def test_a_csm_with_own_customers_sees_only_their_departures(client, company):
    make_organisation(csm_sees_own_only=True)
    client.force_login(make_user("csm"))
    assert shown(client).count == 0


def test_countries_are_called_by_their_names(viewer, company):
    labels = {line.label for line in dict(shown(viewer).groups())["Country"]}
    assert labels == {"Norway", "Sweden", "No country"}
    page = viewer.get(PAGE).content.decode()
    assert 'value="SE"> Sweden' in page
    viewer.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    assert {"Norge", "Sverige"} < {line.label for line in dict(shown(viewer).groups())["Land"]}


def test_few_departures_are_counted_in_whole_numbers(viewer, reasons):
    for days_ago in (10, 100):
        leaver(reasons["price"], days_ago=days_ago)
    stand()
    chart = shown(viewer, period="year").over_time()
    assert [tick.label for tick in chart.ticks] == ["0", "1"]
