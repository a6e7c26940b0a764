"""Comments in the same words are confirmed together, and wait again together."""

import pytest

from churnapp.models import AuditEvent, Organisation
from feedback.models import CommentTheme
from tests.factories import make_contact, make_customer, make_user
from tests.feedback_factories import make_comment_theme, make_response, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm(client):
    user = make_user("csm")
    client.force_login(user)
    return user


def said(theme, text, state="suggested", **fields):
    contact = make_contact(make_customer(**fields))
    return make_comment_theme(theme, make_response(contact=contact, comment=text), state=state)


def states():
    return list(CommentTheme.objects.order_by("pk").values_list("state", flat=True))


def test_all_in_the_same_words_are_confirmed_and_taken_back_together(client, csm):
    theme = make_theme()
    said(theme, "Slow app", "confirmed")
    first = said(theme, "Slow app")
    said(theme, "Slow app")
    said(theme, "The app, so slow")
    said(make_theme(), "Slow app")
    said(theme, "Slow app", "rejected")
    page = client.get("/surveys/themes/").content.decode()
    assert "Confirm all 2 in these words" in page
    address = f"/surveys/themes/comments/{first.pk}"
    answer = client.post(f"{address}/confirm-same/", follow=True)
    assert "Confirmed: 2 comments." in answer.content.decode()
    others = ["suggested", "suggested", "rejected"]
    assert states() == ["confirmed", "confirmed", "confirmed", *others]
    assert AuditEvent.objects.filter(verb="comment_theme_confirmed").count() == 2
    client.post(f"{address}/reopen-same/")
    assert states() == ["confirmed", "suggested", "suggested", *others]


def test_what_one_may_not_read_is_not_confirmed_along(client, csm):
    Organisation.objects.update(csm_sees_own_only=True)
    theme = make_theme()
    mine = said(theme, "Slow app", owner=csm)
    said(theme, "Slow app", owner=make_user("viewer"))
    assert "in these words" not in client.get("/surveys/themes/").content.decode()
    client.post(f"/surveys/themes/comments/{mine.pk}/confirm-same/")
    assert states() == ["confirmed", "suggested"]


def test_what_was_judged_meanwhile_is_said(client, csm):
    row = said(make_theme(), "Slow app", "rejected")
    answer = client.post(f"/surveys/themes/comments/{row.pk}/confirm-same/", follow=True)
    assert "Somebody judged these comments meanwhile." in answer.content.decode()
    assert states() == ["rejected"]
