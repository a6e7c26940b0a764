"""A marketer builds a campaign: whom it is for, its path by keyboard, a look, a launch, a pause."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from campaigns.paths import Path
from campaigns.services.drafting import draft_of
from tests.factories import make_contact, make_user
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot, session_of


@pytest.fixture
def bob(transactional_db):
    return make_user("manager", email="bob@example.com", name="Bob Dahl")


def shows(page: Page, *keys: str) -> None:
    """Wait until the steps stand in this order, in the page and in the database."""
    expect(page.locator("[data-question]")).to_have_count(len(keys))
    for number, key in enumerate(keys):
        cards = page.locator("[data-question]")
        expect(cards.nth(number)).to_have_attribute("data-question", key)
    steps = Path.read(Campaign.objects.get().path).steps
    assert [step.key for step in steps] == list(keys)


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_from_a_kind_to_a_campaign_that_runs_and_is_held(open_page, bob, width, theme):
    for _number in range(12):  # more than a holdout of a tenth is likely to take
        make_contact(name="Kari Nordmann", language="nb")
    page = open_page("/campaigns/new/", bob, width=width, theme=theme)
    page.get_by_label("Begin with").select_option("news")
    page.get_by_label("Name").fill("Faster exports")
    page.get_by_role("button", name="Make the campaign").click()
    page.get_by_label("Or a filter").fill("country=NO")
    page.get_by_role("button", name="Save and go on to the path").click()
    write_its_mail(page)
    screenshot(page, f"campaign-path-{width}")
    look_at_it_as_kari(page)
    launch(page)
    hold(page)
    assert Campaign.objects.get().is_paused


def write_its_mail(page: Page) -> None:
    """A subject with a placeholder from the list, put where the cursor was."""
    subject = page.get_by_label("Subject, English")
    subject.fill("Exports are fast now, ")
    subject.press("End")
    page.get_by_text("Placeholders", exact=True).click()
    page.get_by_role("button", name="{{ contact.first_name }}").click()
    expect(subject).to_have_value("Exports are fast now, {{ contact.first_name }}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#announcer")).to_have_text("Saved.")
    is_whole(page)


def look_at_it_as_kari(page: Page) -> None:
    page.get_by_role("link", name="As a customer gets it").click()
    page.locator("main li a", has_text="Customer").first.click()
    expect(page.get_by_role("heading", name="Nytt hos")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Hei Kari")).to_be_visible()
    is_whole(page)


def launch(page: Page) -> None:
    page.get_by_role("link", name="Checks").click()
    expect(page.get_by_role("heading", name="Nothing stops the launch")).to_be_visible()
    page.get_by_role("link", name="Go on to the launch").click()
    expect(page.get_by_role("heading", name="Launch it for")).to_be_visible()
    is_whole(page)
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("Faster exports runs.")).to_be_visible()


def hold(page: Page) -> None:
    page.get_by_role("link", name="Pause").click()
    dialog = page.get_by_role("dialog", name="Pause Faster exports")
    dialog.get_by_label("Why?").fill("A wrong word")
    dialog.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused by Bob Dahl")).to_be_visible()
    is_whole(page)


def is_whole(page: Page) -> None:
    accessible(page)
    no_sideways_scroll(page)


def test_steps_change_places_by_keyboard_and_the_change_is_taken_back(open_page, bob):
    campaign = draft_of("check_in", "How are things", by=bob)
    page = open_page(f"/campaigns/{campaign.pk}/path/", bob)
    page.locator("#handle-mail1").press("Alt+ArrowDown")
    shows(page, "until1", "mail1", "task1")
    expect(page.locator("#announcer")).to_have_text("Saved. It is step 2.")
    expect(page.locator("#handle-mail1")).to_be_focused()
    page.get_by_role("button", name="Take the last change back").click()
    shows(page, "mail1", "until1", "task1")
    page.get_by_role("button", name="Wait", exact=True).click()
    shows(page, "mail1", "until1", "task1", "wait1")
    expect(page.locator("#step-wait1")).to_be_focused()
    page.get_by_role("button", name="Remove", exact=True).last.click()
    shows(page, "mail1", "until1", "task1")


def test_only_what_a_question_needs_is_asked(open_page, bob):
    campaign = draft_of("check_in", "How are things", by=bob)
    page = open_page(f"/campaigns/{campaign.pk}/path/", bob)
    asks = page.locator("[id='until1-asks']")
    needed = {"silence": "days", "date": "on", "used": "feature", "clicked": "asks"}
    for question, field in needed.items():
        asks.select_option(question)
        expect(page.locator(f"[id='until1-{field}']")).to_be_visible()
        for other in {*needed.values()} - {field, "asks"}:
            expect(page.locator(f"[id='until1-{other}']")).to_be_hidden()


def test_the_editor_works_without_script(browser, live_server, bob):
    campaign = draft_of("news", "Plain", by=bob)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(bob)}
    context.add_cookies([cookie | {"url": live_server.url}])
    page = context.new_page()
    page.goto(f"/campaigns/{campaign.pk}/path/")
    page.get_by_label("Subject, English").fill("Only this")
    page.get_by_role("button", name="Task for the owner").click()
    page.locator("[id='task1-what']").fill("Call them")
    page.locator("[id='up-task1']").click()
    shows(page, "task1", "mail1")
    kept = Path.read(Campaign.objects.get().path)
    assert kept.step("task1").what == "Call them"
    assert kept.step("mail1").texts["a"]["en"].subject == "Only this"
    context.close()
