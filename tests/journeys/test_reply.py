"""A colleague replies to an unhappy answer; a manager looks at the mail as a customer gets it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from customers.models import OutgoingEmail
from feedback.models import Channel, Response
from tests.factories import make_contact, make_customer, make_organisation, make_user
from tests.feedback_factories import make_open_link, make_response, make_survey
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot

PLACES = pytest.mark.parametrize("width, theme", [(320, "dark"), (1280, "light")])


@pytest.fixture
def answer(transactional_db: None) -> Response:
    make_organisation(name="Lysbro")
    contact = make_contact(make_customer("Havbris AS"), name="Kari Moe", language="nb")
    return make_response(
        make_survey("nps"), score=2, comment="For tregt.", contact=contact, language="nb"
    )


def looked_at(page, name):
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, name)


@PLACES
def test_a_reply_is_written_in_a_dialog_and_its_state_stands_with_the_answer(
    open_page, answer, width, theme
):
    bob = make_user("csm", name="Bob Berg")
    page = open_page(reverse("surveys:answer", args=[answer.pk]), bob, width=width, theme=theme)

    page.get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Text")).to_have_value(
        re.compile(r"^Hei Kari!.*> For tregt\.$", re.DOTALL)
    )
    looked_at(page, f"reply-{width}")
    page.get_by_role("button", name="Send the reply").dblclick()

    expect(page.get_by_text("The reply is on its way.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Written by Bob Berg"))).to_be_visible()
    expect(page.get_by_role("link", name="Call back")).to_be_visible()
    assert OutgoingEmail.objects.count() == 1
    looked_at(page, f"replied-{width}")


def test_nobody_can_reply_to_somebody_unknown_and_learns_why(open_page, answer):
    Response.objects.filter(pk=answer.pk).update(
        customer=None, contact=None, open_link=make_open_link(answer.survey), channel=Channel.OPEN
    )
    page = open_page(reverse("surveys:answer", args=[answer.pk]), make_user("csm"))

    assert page.get_by_role("link", name="Reply").count() == 0
    expect(page.get_by_title("Nobody knows who answered")).to_be_visible()
    looked_at(page, "no-reply")


@PLACES
def test_the_mail_is_looked_at_as_a_contact_gets_it(open_page, answer, width, theme):
    page = open_page(
        reverse("survey_builder:mail_preview", args=[answer.survey_id]),
        make_user("manager"),
        width=width,
        theme=theme,
    )

    mail = page.frame_locator("iframe")
    expect(mail.get_by_text("Hei Kari!")).to_be_visible()
    expect(mail.get_by_role("link", name="9", exact=True)).to_be_visible()
    no_sideways_scroll(page)
    screenshot(page, f"mail-preview-{width}")
