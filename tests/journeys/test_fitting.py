"""Long names and huge figures: what stands in a card stays in it, and nothing lies over another."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers.models import CheckRun, Customer, Term
from tests.factories import (
    make_customer,
    make_organisation,
    make_subscription,
    make_term,
    make_usage,
    make_user,
    stand,
    today_here,
)

TODAY = today_here()
HUGE = 1_234_567_890 * 12
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
# Each chart of the page: its names that are seen, those that leave the card, pairs that meet.
NAMES = """() => [...document.querySelectorAll("figure.chart:has(.axis-name)")].map(chart => {
    const card = chart.closest(".card").getBoundingClientRect();
    const seen = [...chart.querySelectorAll(".axis-name")]
        .map(name => ({text: name.textContent, box: name.getBoundingClientRect()}))
        .filter(({box}) => box.width);
    const out = seen.filter(({box}) => box.left < card.left + 8 || box.right > card.right - 4);
    const met = seen.flatMap((one, at) => seen.slice(at + 1).filter(({box}) =>
        box.left < one.box.right + 4 && one.box.left < box.right + 4
        && box.top < one.box.bottom - 2 && one.box.top < box.bottom - 2
    ).map(other => `${one.text} and ${other.text}`));
    return {chart: chart.id, seen: seen.length, out: out.map(name => name.text), met};
})"""
TOO_WIDE = """all => all.filter(part => part.scrollWidth > part.clientWidth)
    .map(part => part.textContent.trim().replace(/\\s+/g, " "))"""
# The placeholder is painted as wide as a canvas says; a field doesn't tell.
CUT = """all => all.filter(field => field.checkVisibility({visibilityProperty: true}))
    .map(field => {
        const own = getComputedStyle(field), words = getComputedStyle(field, "::placeholder");
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `${words.fontWeight} ${words.fontSize} ${words.fontFamily}`;
        const padding = parseFloat(own.paddingLeft) + parseFloat(own.paddingRight);
        return [pen.measureText(field.placeholder).width, field.clientWidth - padding];
    })"""


@pytest.fixture
def ada(transactional_db: None) -> User:
    """An administrator of a company with one customer of long standing and ten of some months."""
    ada = make_user("admin", email="ada@example.com", name="Ada Lie")
    make_organisation(currency="NOK")
    old = make_customer("Nordlys Kraft AS", currency="NOK", owner=ada)
    price = {"currency": "NOK", "plan": "Enterprise"}
    first = TODAY - timedelta(days=700)
    until = first + timedelta(days=300)
    subscription = make_subscription(
        old, arr="691624.50", starts_on=first, ends_on=until, external_id="demo-00584-1", **price
    )
    ahead = TODAY + timedelta(days=36)
    make_term(subscription, arr="1202089.35", starts_on=until, ends_on=ahead, **price)
    make_term(subscription, arr="1302259.54", starts_on=ahead, **price)
    for week in range(12):
        make_usage(old, TODAY - timedelta(days=7 * week), count=900 + week)
    for number in range(10):
        new = make_customer(f"Kunde {number}", currency="NOK")
        make_subscription(new, arr=2400, starts_on=TODAY - timedelta(days=20 * number), **price)
    stand()
    return ada


def a_customer() -> str:
    return f"/customers/{Customer.objects.get(name='Nordlys Kraft AS').pk}/"


def charts_fit(page: Page) -> dict[str, int]:
    """How many names each chart shows; fails for one that leaves its card or meets another."""
    page.evaluate("document.fonts.ready")
    found = page.evaluate(NAMES)
    assert [chart for chart in found if chart["out"] or chart["met"]] == []
    return {chart["chart"]: chart["seen"] for chart in found}


@WIDTHS
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("interval", ["week", "month", "quarter"])
def test_names_beside_the_charts_stand_apart(open_page, ada, interval, language, width):
    page = open_page(f"/overview/?interval={interval}", ada, width=width, language=language)
    assert len(charts_fit(page)) == 3


@WIDTHS
@pytest.mark.parametrize("language", ["en", "nb"])
def test_names_beside_a_customers_charts_stand_apart(open_page, ada, language, width):
    page = open_page(a_customer(), ada, width=width, language=language)
    assert charts_fit(page).keys() == {"chart-revenue", "chart-usage"}


def test_a_narrow_plot_shows_fewer_names(open_page, ada):
    page = open_page("/overview/?interval=month", ada)
    wide = charts_fit(page)
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = charts_fit(page)
    assert all(narrow[chart] < wide[chart] for chart in wide)


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_huge_figures_stay_in_their_tiles(open_page, ada, language):
    Term.objects.filter(subscription__customer__name="Kunde 0").delete()
    huge = make_customer("Riksgigant AS", currency="NOK")
    make_subscription(huge, arr=1, starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 1))
    make_subscription(huge, arr=HUGE, starts_on=date(2025, 3, 1), currency="NOK")
    page = open_page("/overview/?to=2025-03", ada, width=390, language=language)
    for part in (".tile", ".tile-value", ".tile-change", ".waterfall-rows td.num"):
        assert page.locator(part).evaluate_all(TOO_WIDE) == []
    charts_fit(page)


def test_even_a_figure_written_out_stays_in_its_tile(open_page, ada):
    page = open_page("/overview/", ada, width=390)
    page.locator(".tile-value").first.evaluate(
        """value => {
            value.textContent = "kr\\u00a01,234,567,890";
            value.classList.add("is-long");
        }"""
    )
    assert page.locator(".tile, .tile-value").evaluate_all(TOO_WIDE) == []


def test_terms_fit_their_card(open_page, ada):
    page = open_page(a_customer(), ada)
    page.locator(".terms > summary").first.click()
    expect(page.get_by_role("link", name="Correct").first).to_be_visible()
    assert page.locator(".terms .scroll-x").evaluate_all(TOO_WIDE) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="What was believed before").first.click()
    expect(page.get_by_role("region", name="History of terms")).to_be_visible()
    assert page.locator(".terms .scroll-x").evaluate_all(TOO_WIDE) == []
    label = page.locator(".terms td[data-label=Until]").first
    assert "Until" in label.evaluate("cell => getComputedStyle(cell, '::before').content")


def test_checks_are_cards_on_a_phone(open_page, ada):
    now = datetime.now(UTC)
    for name in ("identity_customers", "identity_total"):
        CheckRun.objects.create(
            name=name, ran_at=now, known_at=now, ok=True, details={"months": 37}
        )
    page = open_page("/overview/checks/", ada, width=390)
    expect(page.get_by_role("row", name="holds").first).to_contain_text("37 months")
    assert page.locator("main .scroll-x").evaluate_all(TOO_WIDE) == []
    label = page.locator("td[data-label=Ran]").first
    assert "Ran" in label.evaluate("cell => getComputedStyle(cell, '::before').content")


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
@pytest.mark.parametrize("path", ["/customers/", "/risk/", "/"])
def test_placeholders_of_searches_are_not_cut_on_a_phone(open_page, ada, path, language):
    page = open_page(path, ada, width=390, language=language)
    page.evaluate("document.fonts.ready")
    [[words, room]] = page.locator("main input[type=search], .topbar input").evaluate_all(CUT)
    assert words <= room
