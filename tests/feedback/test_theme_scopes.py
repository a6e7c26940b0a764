"""Themes of a survey's answers and of departures: each figure leads to exactly its comments."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from churnapp.models import Organisation
from feedback.models import CommentTheme
from tests.factories import make_cancellation, make_contact, make_customer, make_user, today
from tests.feedback_factories import make_comment_theme, make_response, make_survey, make_theme

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def csm(client):
    user = make_user("csm")
    client.force_login(user)
    return user


def leaves(customer, **fields):
    fields = {"effective_on": today(), "comment": "The app is so slow"} | fields
    return make_cancellation(customer, **fields)


def on_leaving(theme, cancellation, state="confirmed"):
    moment = None if state == "suggested" else timezone.now()
    return CommentTheme.objects.create(
        theme=theme,
        cancellation=cancellation,
        state=state,
        suggested_at=timezone.now(),
        decided_at=moment,
    )


def answered(theme, survey, comment="Slow app", state="confirmed", **fields):
    return make_comment_theme(theme, make_response(survey, comment=comment, **fields), state=state)


def bars(answer):
    return [(str(bar.theme), bar.confirmed, bar.suggested) for bar in answer.context["themes"]]


def shown(client, href):
    """The comments that a figure leads to."""
    return {said.row for said in client.get(unescape(href)).context["comments"]}


def test_departures_tell_what_was_said_on_leaving_and_in_the_survey_after(client, csm):
    theme, survey = make_theme(), make_survey("exit")
    left = leaves(make_customer())
    told = on_leaving(theme, left)
    contact = make_contact(left.customer)
    written = answered(theme, survey, contact=contact, cancellation=left)
    waiting = on_leaving(theme, leaves(make_customer()), "suggested")
    on_leaving(theme, leaves(make_customer()), "rejected")
    answered(theme, make_survey("nps"), contact=contact)
    page = client.get("/surveys/themes/departures/", **HTMX)
    assert bars(page) == [("App slow", 2, 1)]
    (bar,) = page.context["themes"]
    assert shown(client, bar.confirmed_href) == {told, written}
    assert shown(client, bar.suggested_href) == {waiting}


def test_the_filters_of_the_page_of_insight_hold(client, csm):
    theme = make_theme()
    norse = on_leaving(theme, leaves(make_customer(country="NO")))
    on_leaving(theme, leaves(make_customer(country="SE")))
    on_leaving(theme, leaves(make_customer(country="NO"), effective_on=today() - timedelta(800)))
    page = client.get("/surveys/themes/departures/?country=NO&period=year", **HTMX)
    assert bars(page) == [("App slow", 1, 0)]
    assert shown(client, page.context["themes"][0].confirmed_href) == {norse}


def test_themes_that_are_not_in_use_and_withdrawn_departures_are_left_out(client, csm):
    on_leaving(make_theme(accepted=False), leaves(make_customer()))
    on_leaving(make_theme(), leaves(make_customer(), withdrawn_at=timezone.now()))
    page = client.get("/surveys/themes/departures/", **HTMX)
    assert bars(page) == []
    assert "No theme in use was found" in page.content.decode()


def test_who_sees_only_their_own_counts_only_their_own(client, csm):
    Organisation.objects.update(csm_sees_own_only=True)
    theme = make_theme()
    on_leaving(theme, leaves(make_customer(owner=csm)))
    on_leaving(theme, leaves(make_customer()))
    assert bars(client.get("/surveys/themes/departures/", **HTMX)) == [("App slow", 1, 0)]


def test_the_page_of_insight_asks_for_them_with_its_own_filters(client, csm):
    leaves(make_customer(country="NO"))
    page = client.get("/cancellations/insights/?country=NO&by=money").content.decode()
    assert 'hx-get="/surveys/themes/departures/?country=NO&amp;by=money"' in page
    alone = client.get("/surveys/themes/departures/?country=NO").content.decode()
    assert 'href="/cancellations/insights/?country=NO"' in alone


def test_the_results_of_a_survey_tell_its_themes(client, csm):
    survey, theme = make_survey(), make_theme()
    sure = answered(theme, survey, state="confirmed")
    maybe = answered(theme, survey, "App, slow", state="suggested")
    answered(theme, survey, quarantined_at=timezone.now())
    answered(theme, make_survey())
    answered(theme, survey, answered_at=timezone.now() - timedelta(3_000))
    page = client.get(f"/surveys/{survey.pk}/results/?period=year")
    assert bars(page) == [("App slow", 1, 1)]
    (bar,) = page.context["themes"]
    assert shown(client, bar.confirmed_href) == {sure}
    assert shown(client, bar.suggested_href) == {maybe}


def test_a_scope_says_what_it_holds_and_leads_back(client, csm):
    survey, theme = make_survey(name="Spring"), make_theme()
    answered(theme, survey)
    page = client.get(f"/surveys/themes/{theme.pk}/?of={survey.pk}&period=all&state=confirmed")
    text = page.content.decode()
    assert "Spring: All time" in text
    assert f'href="/surveys/{survey.pk}/results/?period=all"' in text
    assert client.get(f"/surveys/themes/{theme.pk}/?of=999999").status_code == 404
    assert client.get(f"/surveys/themes/{theme.pk}/?of=nonsense").context["scope"] is None


def test_the_figures_of_the_list_lead_to_the_comments_of_their_months(client, csm):
    theme = make_theme()
    recent = answered(theme, make_survey())
    answered(theme, make_survey(), answered_at=timezone.now() - timedelta(500))
    assert client.get("/surveys/themes/").context["figures"][0].confirmed == 1
    href = f"/surveys/themes/{theme.pk}/?of=window&state=confirmed"
    assert href.replace("&", "&amp;") in client.get("/surveys/themes/").content.decode()
    assert shown(client, href) == {recent}


@pytest.mark.parametrize("number", [1, 8])
def test_the_part_costs_the_same(number, client, csm, django_assert_max_num_queries):
    for _each in range(number):
        on_leaving(make_theme(), leaves(make_customer()))
    client.get("/surveys/themes/departures/", **HTMX)
    with django_assert_max_num_queries(8):
        client.get("/surveys/themes/departures/", **HTMX)
