"""Themes on their pages: read, judged, taken up, named and merged, each only by whom it may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from churnapp.models import AuditEvent, Organisation
from feedback.models import CommentTheme, Theme
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_subscription,
    make_user,
    today_here,
)
from tests.feedback_factories import make_comment_theme, make_response, make_survey, make_theme

pytestmark = pytest.mark.django_db


def said_by(customer, theme, text="The app is slow", state="suggested", **fields):
    response = make_response(contact=make_contact(customer), comment=text, **fields)
    return make_comment_theme(theme, response, state=state)


@pytest.fixture
def csm(client):
    user = make_user("csm")
    client.force_login(user)
    return user


@pytest.fixture
def manager(client):
    user = make_user("manager")
    client.force_login(user)
    return user


def test_a_comment_is_confirmed_rejected_and_taken_back(client, csm):
    row = make_comment_theme()
    answer = client.post(f"/surveys/themes/comments/{row.pk}/confirm/", follow=True)
    assert "Confirmed: App slow." in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("confirmed", csm)
    client.post(f"/surveys/themes/comments/{row.pk}/reject/")
    row.refresh_from_db()
    assert row.state == "rejected"
    client.post(f"/surveys/themes/comments/{row.pk}/reopen/")
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decided_at) == ("suggested", None, None)
    assert AuditEvent.objects.filter(object_kind="commenttheme").count() == 3


def test_only_what_was_confirmed_counts_and_what_was_lost_is_of_who_said_it(client, csm):
    theme = make_theme()
    leaver = make_customer("Leaver")
    subscription = make_subscription(leaver, arr_minor=1_200_00)
    make_cancellation(leaver, subscription=subscription, effective_on=today_here())
    subscription.terms.update(ends_on=today_here())
    said_by(leaver, theme, state="confirmed")
    said_by(leaver, theme, state="confirmed", survey=make_survey())
    said_by(make_customer("Waiting"), theme)
    said_by(make_customer("Wrong"), theme, state="rejected")
    page = client.get(f"/surveys/themes/{theme.pk}/")
    figures = page.context["figures"]
    assert (figures.confirmed, figures.suggested, figures.customers) == (2, 1, 1)
    assert figures.lost_arr_minor == 1_200_00
    shown = [str(said.customer) for said in page.context["comments"]]
    assert sorted(shown) == ["Leaver", "Leaver", "Waiting", "Wrong"]
    rejected = client.get(f"/surveys/themes/{theme.pk}/?state=rejected").context["comments"]
    assert [str(said.customer) for said in rejected] == ["Wrong"]


def leaver(name, *, arr, days_ago=0):
    day = today_here() - timedelta(days=days_ago)
    customer = make_customer(name)
    subscription = make_subscription(customer, arr=arr)
    make_cancellation(customer, subscription=subscription, effective_on=day)
    subscription.terms.update(ends_on=day)
    return customer


def test_the_customers_and_their_money_lead_to_just_those_customers(client, csm):
    theme = make_theme()
    cheap, dear = leaver("Cheap", arr=1_200), leaver("Dear", arr=12_000)
    long_gone = leaver("Long gone", arr=600, days_ago=800)
    for customer in (cheap, dear, dear, long_gone, make_customer("Stays")):
        said_by(customer, theme, state="confirmed")
    said_by(make_customer("Waiting"), theme)
    said_by(make_customer("Then"), theme, state="confirmed",
            answered_at=timezone.now() - timedelta(days=500))  # fmt: skip
    address = f"/surveys/themes/{theme.pk}/"
    page = client.get(address)
    figures, text = page.context["figures"], page.content.decode()
    assert f'href="{address}?show=customers#people"' in text
    assert f'href="{address}?show=lost#people"' in text
    every = client.get(f"{address}?show=customers").context["sayers"]
    names = [one.customer.name for one in every]
    assert names[:2] == ["Dear", "Cheap"]
    assert sorted(names[2:]) == ["Long gone", "Stays"]
    assert len(every) == figures.customers == 4
    answer = client.get(f"{address}?show=lost")
    left = answer.context["sayers"]
    assert [one.customer for one in left] == [dear, cheap]
    assert sum(one.lost_arr_minor for one in left) == figures.lost_arr_minor == 1_320_000
    assert "€1,000" in answer.content.decode()
    whole = client.get("/surveys/themes/").content.decode()
    assert f'href="{address}?show=customers#people"' in whole
    assert f'href="{address}?show=lost#people"' in whole


def test_of_others_customers_nothing_is_said_there(client, csm):
    Organisation.objects.update(csm_sees_own_only=True)
    theme = make_theme()
    said_by(make_customer("Mine", owner=csm), theme, state="confirmed")
    said_by(make_customer("Hidden"), theme, state="confirmed")
    (one,) = client.get(f"/surveys/themes/{theme.pk}/?show=customers").context["sayers"]
    assert one.customer.name == "Mine"


def test_the_queue_marks_the_words_and_leads_to_the_customer(client, csm):
    customer = make_customer("Fjord AS")
    said_by(customer, make_theme(), "Our app is SLOW <b>now</b>")
    page = client.get("/surveys/themes/").content.decode()
    assert "Our <mark>app</mark> is <mark>SLOW</mark> &lt;b&gt;now" in page
    assert f'href="/customers/{customer.pk}/"' in page


def test_who_sees_only_their_own_reads_only_their_own(client, csm):
    Organisation.objects.update(csm_sees_own_only=True)
    theme = make_theme()
    said_by(make_customer("Mine", owner=csm), theme, state="confirmed")
    hidden = said_by(make_customer("Hidden"), theme, state="confirmed")
    page = client.get(f"/surveys/themes/{theme.pk}/")
    assert page.context["figures"].confirmed == 1
    assert "Hidden" not in page.content.decode()
    assert client.post(f"/surveys/themes/comments/{hidden.pk}/reject/").status_code == 404


def test_set_aside_and_withdrawn_words_count_nowhere(client, csm):
    theme = make_theme()
    said_by(make_customer(), theme, state="confirmed", quarantined_at=timezone.now())
    gone = make_cancellation(make_customer(), comment="Slow app", withdrawn_at=timezone.now())
    CommentTheme.objects.create(theme=theme, cancellation=gone, suggested_at=timezone.now())
    page = client.get("/surveys/themes/")
    assert [(f.confirmed, f.suggested) for f in page.context["figures"]] == [(0, 0)]
    assert page.context["waiting"] == []


def test_a_proposal_is_taken_up_handed_back_and_turned_down(client, manager):
    theme = make_theme(accepted=False)
    said_by(make_customer(), theme)
    assert client.get("/surveys/themes/").context["proposals"][0].number == 1
    client.post(f"/surveys/themes/{theme.pk}/accept/")
    assert list(Theme.objects.in_use()) == [theme]
    client.post(f"/surveys/themes/{theme.pk}/hand-back/")
    client.post(f"/surveys/themes/{theme.pk}/retire/")
    assert not Theme.objects.standing().exists()
    page = client.get("/surveys/themes/")
    assert list(page.context["gone"]) == [theme]
    assert "turned down on" in page.content.decode()
    client.post(f"/surveys/themes/{theme.pk}/restore/")
    assert list(Theme.objects.proposed()) == [theme]


def test_a_theme_is_named_and_needs_a_name_and_words(client, manager):
    theme = make_theme()
    address = f"/surveys/themes/{theme.pk}/change/"
    refused = client.post(address, {"label_en": "App", "words_en": " "})
    assert refused.status_code == 422
    assert "Say which words suggest it" in refused.content.decode()
    client.post(address, {"label_nb": "Appen", "words_nb": "app treg\n\napp henger"})
    theme.refresh_from_db()
    assert (theme.labels, theme.words) == ({"nb": "Appen"}, {"nb": ["app treg", "app henger"]})


def test_every_number_of_the_list_is_of_the_same_twelve_months(client, manager):
    theme = make_theme(accepted=False)
    said_by(make_customer("Lately"), theme)
    before = timezone.now() - timedelta(days=500)
    said_by(make_customer("Long ago"), theme, answered_at=before)
    (proposal,) = client.get("/surveys/themes/").context["proposals"]
    client.post(f"/surveys/themes/{theme.pk}/accept/")
    page = client.get("/surveys/themes/")
    (figures,) = page.context["figures"]
    assert proposal.number == figures.suggested == page.context["waiting_number"] == 1
    assert "1 older comment waits too" in page.content.decode()
    whole = client.get("/surveys/themes/?wait=all")
    assert [str(each.customer) for each in whole.context["waiting"]] == ["Lately", "Long ago"]


def test_a_reader_of_dark_pages_gets_a_dark_page(client, csm):
    csm.theme = "dark"
    csm.save(update_fields=["theme"])
    page = client.get(f"/surveys/themes/{make_theme().pk}/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "App slow" in page


@pytest.mark.parametrize("comments", [1, 25])
def test_the_page_costs_the_same(comments, client, csm, django_assert_max_num_queries):
    proposed = make_theme(accepted=False)
    themes = [make_theme() for _each in range(min(comments, 8))]
    for number in range(comments):
        theme = themes[number % 8]
        said_by(make_customer(), theme, state="confirmed")
        said_by(make_customer(), theme, f"Slow app, for the {number}th time")
        said_by(make_customer(), proposed)
    with django_assert_max_num_queries(15):
        client.get("/surveys/themes/")
    with django_assert_max_num_queries(13):
        client.get(f"/surveys/themes/{theme.pk}/")
    with django_assert_max_num_queries(13):
        client.get(f"/surveys/themes/{theme.pk}/?show=customers")
