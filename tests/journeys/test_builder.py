"""A manager builds a survey: words anew, questions dragged to their places, seen as a customer."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from feedback.models import SurveyVersion
from feedback.services.surveys import create_survey, start_draft
from tests.factories import make_user
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot
from tests.tasks.conftest import wait_until


@pytest.fixture
def bob(transactional_db):
    return make_user("manager", email="bob@example.com", name="Bob Dahl")


@pytest.fixture
def draft(bob):
    return start_draft(create_survey("ces", "After a ticket", by=bob), by=bob)


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_a_new_version_is_written_looked_at_and_published(open_page, bob, width, theme):
    survey = create_survey("ces", "After a ticket", by=bob)
    page = open_page(f"/surveys/{survey.pk}/", bob, width=width, theme=theme)

    if width < 1000:  # the preview stands far below on a phone: one tap goes there
        jump = page.get_by_role("link", name="As a customer sees it")
        assert jump.bounding_box()["y"] < 900
        jump.click()
        expect(page.locator("#preview-title")).to_be_in_viewport()
    page.get_by_role("button", name="Write the next version").click()
    page.locator("[id='t-nb-title']").fill("Gikk det greit?")
    page.get_by_role("button", name="Save the draft").click()
    expect(title(page)).to_have_text("Gikk det greit?")
    expect(page.locator("#announcer")).to_have_text("Saved.")
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"builder-{width}")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("Version 2, published")).to_be_visible()


def test_what_a_language_lacks_is_told_before_it_is_published(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    page.locator("[id='t-en-title']").fill("Was that easy?")
    expect(title(page)).to_have_text("Was that easy?")  # the language somebody is at
    page.get_by_role("button", name="Publish").click()

    dialog = page.get_by_role("dialog", name="Publish it as it is?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Svenska")
    accessible(page)
    screenshot(page, "builder-publish")
    dialog.get_by_role("button", name="Not yet").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="It still fits").first.click()
    expect(page.get_by_role("button", name="Norsk bokmål", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    dialog.get_by_role("button", name="Publish anyway").click()

    expect(page.get_by_text("Version 2, published")).to_be_visible()


def title(page: Page):
    return page.frame_locator("iframe").get_by_role("heading", level=1)


def shows(page: Page, *keys: str) -> None:
    """Wait until the questions stand in this order, in the page and in the database."""
    for number, key in enumerate(keys):
        cards = page.locator("[data-question]")
        expect(cards.nth(number)).to_have_attribute("data-question", key)
    kept = SurveyVersion.objects.get(published_at=None).content["questions"]
    assert [question["key"] for question in kept] == list(keys)


def centre(page: Page, place: str) -> tuple[float, float]:
    box = page.locator(place).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pick_up(page: Page, question: str) -> tuple[float, float]:
    """Press on a question's handle and begin to drag, until the cards are folded."""
    page.locator(f"#handle-{question}").scroll_into_view_if_needed()
    x, y = centre(page, f"#handle-{question}")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 10)
    expect(page.locator("#bench")).to_have_class("bench-form is-sorting")
    return x, y


def test_a_question_is_dragged_to_its_place_with_all_that_is_typed(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    page.locator("[id='t-en-title']").fill("Typed before")

    x, _y = pick_up(page, "comment")
    _x, top = centre(page, "[data-question=score]")
    page.mouse.move(x, top - 5, steps=5)
    page.mouse.up()

    shows(page, "comment", "score", "difficult")
    expect(page.locator("[id='t-en-title']")).to_have_value("Typed before")
    expect(page.locator("#handle-comment")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("is now number 1 of 3.")
    warning = page.get_by_text("An answer leads back to question 1")
    expect(warning).to_be_visible()
    accessible(page)

    page.get_by_role("button", name="Take the last change back").click()
    shows(page, "score", "difficult", "comment")
    expect(warning).to_have_count(0)


def test_escape_puts_a_question_back_while_it_is_dragged(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)

    x, _y = pick_up(page, "comment")
    page.mouse.move(x, centre(page, "[data-question=score]")[1] - 5, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator("#bench")).to_have_class("bench-form")
    shows(page, "score", "difficult", "comment")
    assert SurveyVersion.objects.get(published_at=None).earlier == []


def test_a_finger_drags_a_question_without_scrolling_the_page(open_page, bob, draft):
    """Touches as the browser gets them from the screen: what scrolls would cancel the drag."""
    page = open_page(f"/surveys/{draft.survey_id}/", bob, width=390)
    screen = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    page.locator("#handle-difficult").scroll_into_view_if_needed()
    x, y = centre(page, "#handle-difficult")
    touch("touchStart", (x, y))
    for by in (4, 12, 30):
        touch("touchMove", (x, y - by))
    expect(page.locator("#bench")).to_have_class("bench-form is-sorting")
    goal = centre(page, "[data-question=score]")[1] - 5
    for part in (0.5, 0.8, 1):
        touch("touchMove", (x, y + (goal - y) * part))
    touch("touchEnd")

    shows(page, "difficult", "score", "comment")


def test_alt_and_an_arrow_move_the_question_that_is_typed_in(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    field = page.locator("[id='t-en-q.score']")
    field.fill("How easy?")

    page.keyboard.press("Alt+ArrowDown")
    shows(page, "difficult", "score", "comment")
    expect(field).to_be_focused()
    expect(field).to_have_value("How easy?")
    expect(page.locator("#announcer")).to_contain_text("“How easy?” is now number 2 of 3.")

    page.keyboard.press("Alt+ArrowUp")
    shows(page, "score", "difficult", "comment")
    page.locator("#up-difficult").focus()
    page.keyboard.press("Enter")
    shows(page, "difficult", "score", "comment")
    expect(page.locator("#question-difficult")).to_be_focused()  # its button is no more of use


def test_what_is_typed_while_the_form_is_on_its_way_stays(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    field = page.locator("[id='t-en-title']")

    def late(route):
        field.fill("Typed meanwhile")
        route.continue_()

    page.route(re.compile(rf"/surveys/{draft.survey_id}/\?"), late, times=1)
    field.fill("Typed before")
    page.locator("#save").click()

    expect(page.locator("#announcer")).to_have_text("Saved.")
    expect(field).to_have_value("Typed meanwhile")
    draft.refresh_from_db()
    assert draft.content["texts"]["en"]["title"] == "Typed before"


def test_the_preview_follows_what_is_typed_and_nothing_is_kept(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    kept = draft.content

    page.locator("[id='t-nb-title']").fill("Skrevet nå")
    expect(title(page)).to_have_text("Skrevet nå")
    preview = page.frame_locator("iframe")
    preview.get_by_role("link", name="English").click()
    page.locator("[id='t-en-title']").fill("")
    expect(title(page)).to_have_text("(no words yet)")

    page.get_by_text("One at a time", exact=True).click()
    expect(preview.get_by_text("1 of 3")).to_be_visible()
    preview.get_by_label("2", exact=True).check(force=True)
    preview.get_by_role("button", name="Next").click()
    expect(preview.get_by_text("2 of 3")).to_be_visible()
    page.locator("[id='t-en-q.difficult']").fill("What was hard?")
    expect(title(page)).to_have_text("What was hard?")
    accessible(page)

    draft.refresh_from_db()
    assert draft.content == kept


def test_what_is_typed_before_the_preview_has_come_is_shown_in_it(open_page, bob, draft):
    page = open_page("/surveys/", bob)
    waiting = []
    preview = f"**/surveys/{draft.survey_id}/preview/*"

    def late(route):
        waiting.append(route) if route.request.method == "GET" else route.continue_()

    page.route(preview, late)
    page.goto(f"/surveys/{draft.survey_id}/", wait_until="commit")
    page.locator("[id='t-nb-title']").fill("Skrevet for tidlig")
    page.wait_for_timeout(1_000)  # longer than the pause after the last key
    assert len(waiting) == 1
    waiting[0].continue_()

    expect(title(page)).to_have_text("Skrevet for tidlig")


def test_phone_and_desktop_are_two_widths_of_one_page(open_page, bob, draft):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    width = partial(page.evaluate, "document.querySelector('iframe').contentWindow.innerWidth")
    assert width() <= 390

    page.get_by_text("Desktop", exact=True).click()
    wait_until(lambda: width() > 750, "the preview is wide")
    no_sideways_scroll(page)
    accessible(page)
    page.reload()
    wait_until(lambda: width() > 750, "the preview is wide")  # this browser remembers


def test_a_preview_that_cannot_follow_says_so(open_page, bob, draft, problems):
    page = open_page(f"/surveys/{draft.survey_id}/", bob)
    problems.meant.add(f"/surveys/{draft.survey_id}/preview/")
    expect(title(page)).to_be_visible()
    before = title(page).inner_text()
    page.route("**/preview/", lambda route: route.fulfill(status=503))

    page.locator("[id='t-nb-title']").fill("Nobody hears")
    said = page.get_by_text("The preview could not be renewed.")
    expect(said).to_be_visible()
    expect(title(page)).to_have_text(before)

    page.unroute("**/preview/")
    page.locator("[id='t-nb-title']").fill("Heard again")
    expect(title(page)).to_have_text("Heard again")
    expect(said).to_be_hidden()
