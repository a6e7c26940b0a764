"""From the list of surveys to the answers behind a figure, in a browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from churnapp.models import User
from feedback.models import Survey
from tests.factories import make_contact, make_customer, make_subscription, make_user, stand
from tests.feedback_factories import make_invitation, make_response, make_survey
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot

SCORES = (10, 9, 9, 8, 7, 7, 3, 10, 9, 0, 8, None)
LOOKS = pytest.mark.parametrize(
    "width, theme, language",
    [
        (1280, "light", "en"),
        (390, "dark", "nb"),
        pytest.param(1280, "dark", "da", marks=pytest.mark.long),
        pytest.param(320, "light", "sv", marks=pytest.mark.long),
    ],
)


@pytest.fixture
def manager(transactional_db: None) -> User:
    return make_user("manager", email="ida@example.com", name="Ida Moe")


@pytest.fixture
def autumn(manager: User) -> Survey:
    """Answers of seven months, half of them invited; some who did not answer."""
    survey = make_survey(name="Autumn round")
    now = timezone.now()
    for number in range(60):
        country = ("NO", "SE", "DK")[number % 3]
        customer = make_customer(f"Nordlys Kraft {number} AS", country=country)
        make_subscription(customer, arr=6_000, plan="pro" if number % 2 else "basic")
        contact = make_contact(customer)
        at = now - timedelta(days=3 + number * 3)
        invitation = make_invitation(survey, contact, created_at=at)
        if country != "DK" or number % 4 == 0:
            make_response(
                survey, score=SCORES[number % len(SCORES)], contact=contact, answered_at=at,
                invitation=invitation, comment="Does what it should, but exports are slow.",
                quarantined_at=now if number == 9 else None,
            )  # fmt: skip
    make_survey("exit", name="Why they leave")
    return survey


@LOOKS
def test_scores_and_what_stands_behind_them(
    open_page: OpenPage, manager: User, autumn: Survey, width: int, theme: str, language: str
) -> None:
    page = open_page("/surveys/", manager, width=width, theme=theme, language=language)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"surveys-{width}-{theme}")
    page.get_by_role("link", name="Autumn round").click()
    expect(page.locator("#results")).to_be_visible()
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"survey-results-{width}-{theme}")
    page.locator("ol.bars a").first.click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?period=all&score=promoters#answers")
    page.goto(f"/surveys/{autumn.pk}/results/?show=silent")
    accessible(page)
    screenshot(page, f"survey-silent-{width}-{theme}")


def test_filters_change_the_figures_in_place(
    open_page: OpenPage, manager: User, autumn: Survey
) -> None:
    page = open_page(f"/surveys/{autumn.pk}/results/", manager)
    before = page.locator(".figure strong").first.text_content()
    page.get_by_label("Period").select_option("month")
    expect(page.locator(".figure strong").first).not_to_have_text(before or "")
    assert "period=month" in page.url


def test_filters_say_how_many_are_on_and_the_export_follows(
    open_page: OpenPage, manager: User, autumn: Survey
) -> None:
    stand()
    page = open_page(f"/surveys/{autumn.pk}/results/?period=all", manager)
    plans = page.locator("[data-choices]", has_text="Plan").first
    badge = plans.locator("[data-chosen]")
    expect(badge).to_be_hidden()
    plans.locator("summary").click()
    export = page.locator("#export-link")
    for number, plan in enumerate(("pro", "basic"), start=1):
        plans.locator(f"input[value={plan}]").check()
        expect(badge).to_have_text(str(number))
        expect(badge).to_be_visible()
        expect(export).to_have_attribute("href", re.compile(f"plan={plan}"))
    for plan in ("pro", "basic"):
        plans.locator(f"input[value={plan}]").uncheck()
        expect(export).not_to_have_attribute("href", re.compile(f"plan={plan}"))
    expect(badge).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_words_stay_in_their_cards(
    open_page: OpenPage, manager: User, autumn: Survey, width: int
) -> None:
    page = open_page(f"/surveys/{autumn.pk}/results/?period=month", manager, width=width)
    expect(page.locator(".figure .pill").first).to_contain_text("within noise of")
    assert page.locator(".figure").evaluate_all(
        "cards => cards.every(card => card.scrollWidth <= card.clientWidth)"
    )


@LOOKS
def test_a_second_scale_dropped_choices_and_unknown_people_fit(
    open_page: OpenPage, manager: User, width: int, theme: str, language: str
) -> None:
    survey = make_survey("product", name="Product round")
    for score in (5, 4, 4, 2):
        response = make_response(survey, score=score)
        response.answers.create(question="better", kind="multiple", choices=["faster", "stable"])
    unknown = make_response(survey, score=3)
    type(unknown).objects.filter(pk=unknown.pk).update(customer=None, contact=None)
    second = {**survey.versions.get().content}
    second["questions"] = [each for each in second["questions"] if each["key"] != "better"]
    survey.versions.create(number=2, content=second, published_at=timezone.now())
    address = f"/surveys/{survey.pk}/results/"
    page = open_page(address, manager, width=width, theme=theme, language=language)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"survey-scales-{width}-{theme}")
    page.locator("ol.bars a", has_text="4").click()
    expect(page.locator("#answers tbody tr")).to_have_count(2)
