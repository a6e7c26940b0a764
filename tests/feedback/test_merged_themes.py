"""A merged theme is read through the other, and comes back whole when the two are separated."""

from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from feedback.models import CommentTheme, Theme
from feedback.services.themes import merge_theme, retire_theme, separate_theme
from feedback.themes.comments import comments_of
from feedback.themes.suggesting import suggest
from tests.factories import make_contact, make_customer, make_user
from tests.feedback_factories import make_comment_theme, make_response, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_user("manager")
    client.force_login(user)
    return user


def said(theme, customer="Fjord", state="suggested", response=None):
    contact = make_contact(make_customer(customer))
    response = response or make_response(contact=contact, comment="The app is slow")
    return make_comment_theme(theme, response, state=state)


def listed(client, query=""):
    page = client.get(f"/surveys/themes/{query}")
    return {str(f.theme): (f.confirmed, f.suggested, f.customers) for f in page.context["figures"]}


def named(name, **fields):
    return make_theme(labels={"en": name}, **fields)


def everything():
    themes = Theme.objects.order_by("pk").values("pk", "labels", "words", "merged_into")
    rows = CommentTheme.objects.order_by("pk").values("pk", "theme", "state", "decided_at")
    return list(themes), list(rows)


def test_a_merged_theme_counts_at_the_other_and_separating_brings_everything_back(client, manager):
    price, slow = named("Price"), named("Slow")
    said(price, "A", "confirmed")
    said(price, "B")
    said(slow, "C", "confirmed")
    before = everything()
    done = client.post(f"/surveys/themes/{price.pk}/merge/", {"into": slow.pk}, follow=True)
    assert f"/surveys/themes/{price.pk}/separate/" in done.content.decode()
    assert listed(client) == {"Slow": (2, 1, 2)}
    comments = client.get(f"/surveys/themes/{slow.pk}/").context["comments"]
    assert sorted(str(each.customer) for each in comments) == ["A", "B", "C"]
    client.post(f"/surveys/themes/{price.pk}/separate/")
    assert everything() == before
    assert listed(client) == {"Slow": (1, 0, 1), "Price": (1, 1, 1)}


def test_what_is_judged_while_merged_stays_judged_at_its_own_theme(client, manager):
    price, slow = named("Price"), named("Slow")
    row = said(price)
    merge_theme(price, slow, by=None)
    (waiting,) = client.get("/surveys/themes/").context["waiting"]
    assert str(waiting.theme) == "Slow"
    answer = client.post(f"/surveys/themes/comments/{row.pk}/confirm/", follow=True)
    assert "Confirmed: Slow." in answer.content.decode()
    separate_theme(price, by=None)
    assert listed(client)["Price"] == (1, 0, 1)


@pytest.mark.parametrize(
    "own, merged, counted",
    [
        ("suggested", "suggested", (0, 1, 0)),
        ("suggested", "confirmed", (1, 0, 1)),
        ("confirmed", "suggested", (1, 0, 1)),
        ("rejected", "confirmed", (0, 0, 0)),
        ("confirmed", "rejected", (1, 0, 1)),
    ],
)
def test_a_comment_of_both_counts_once_as_it_was_judged(client, manager, own, merged, counted):
    price, slow = named("Price"), named("Slow")
    row = said(price, state=merged)
    said(slow, state=own, response=row.answer.response)
    merge_theme(price, slow, by=None)
    assert listed(client) == {"Slow": counted}


def test_words_of_a_merged_theme_are_still_looked_for_until_the_other_is_retired():
    price, slow = make_theme("price"), make_theme("slow")
    merge_theme(price, slow, by=None)
    make_response(comment="What a price")
    assert suggest(comments_of(), now=timezone.now()) == 1
    assert CommentTheme.objects.get().theme == price
    retire_theme(slow, by=None)
    suggest(comments_of(), now=timezone.now())
    assert not CommentTheme.objects.exists()


def test_the_page_of_a_merged_theme_says_where_it_counts_and_parts_it(client, manager):
    price, slow = named("Price"), named("Slow")
    said(price, "Fjord")
    merge_theme(price, slow, by=None)
    page = client.get(f"/surveys/themes/{price.pk}/")
    assert "Merged into Slow." in page.content.decode()
    assert [str(each.customer) for each in page.context["comments"]] == ["Fjord"]
    refused = client.post(f"/surveys/themes/{price.pk}/merge/", {"into": slow.pk})
    assert refused.status_code == 422
    other = client.get(f"/surveys/themes/{slow.pk}/").content.decode()
    assert f"/surveys/themes/{price.pk}/separate/" in other


def test_one_with_others_merged_into_it_is_not_merged_itself(client, manager):
    price, slow, app = named("Price"), named("Slow"), named("App")
    merge_theme(price, slow, by=None)
    refused = client.post(f"/surveys/themes/{slow.pk}/merge/", {"into": app.pk})
    assert "Others are merged into Slow" in refused.content.decode()


def test_themes_merged_before_can_be_separated_too():
    steps = import_module("feedback.migrations.0017_merged_themes")
    last = make_theme(key="last")
    middle = make_theme(key="middle", merged_into=last, retired_at=timezone.now())
    make_theme(key="first", merged_into=middle, retired_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(steps.FOLLOW)
        cursor.execute(steps.UNRETIRE)
    rows = Theme.objects.filter(retired_at=None)
    assert {each.key: each.merged_into for each in rows} == {
        "last": None,
        "middle": last,
        "first": last,
    }
