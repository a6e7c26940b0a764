"""The public page of an offer: it says what it costs now and later, and only its forms decide."""

import re
import secrets
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from campaigns.models import Grant, Offer
from campaigns.services.accepting import accept, decline, take_back
from churnapp.common import public_limits as limits
from customers.models import Term
from tests.campaign_factories import NEEDED, TEXTS, make_sales_offer
from tests.campaigns.visitors import address, client, made, press, stamp, words
from tests.factories import make_customer, make_organisation, make_subscription

__all__ = ["client"]
pytestmark = pytest.mark.django_db
MOST_BYTES = 30_000
CSS = Path(settings.BASE_DIR) / "static" / "css" / "survey.css"
LANGUAGES = {
    "nb": "Ja takk, gjerne",
    "da": "Ja tak, gerne",
    "sv": "Ja tack, gärna",
}
SPOKEN = TEXTS | {
    code: {"title": f"Tittel {code}", "text": f"Tekst {code}", "button": button}
    for code, button in LANGUAGES.items()
}


@pytest.fixture
def grant():
    return made(make_sales_offer(texts=SPOKEN), now=timezone.now(), language="nb")


def test_it_says_what_is_paid_now_and_later(client, grant):
    page = words(client.get(address(grant, "en")))

    assert "An offer for you" in page
    assert "20% off for 3 months" in page
    assert "€100 a month" in page
    assert re.search(r"€80 a month until .+, then €100 a month", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_of_the_contact_and_others_when_asked(client, language):
    grant = made(make_sales_offer(texts=SPOKEN), now=timezone.now(), language=language)

    page = client.get(address(grant))

    assert page.headers["Content-Language"] == language
    assert LANGUAGES[language] in words(page)
    assert f'<html lang="{language}">' in page.content.decode()
    assert "An offer for you" in words(client.get(address(grant, "en")))
    assert 'hreflang="sv"' in page.content.decode()


def test_moments_are_those_of_the_organisation(client, grant):
    make_organisation(timezone="Pacific/Auckland")
    until = timezone.localtime(grant.expires_at, ZoneInfo("Pacific/Auckland"))

    assert f"{until:%H:%M}" in words(client.get(address(grant, "nb")))


def test_a_language_that_the_offer_is_not_written_in_is_english(client):
    grant = made(make_sales_offer(), now=timezone.now(), language="sv")

    page = client.get(address(grant))

    assert page.headers["Content-Language"] == "en"
    assert "hreflang" not in page.content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, grant, method):
    for _ in range(3):
        getattr(client, method)(address(grant) + "?do=accept")

    grant.refresh_from_db()
    assert grant.state == "open"
    assert Term.objects.count() == 1


def test_accepted_it_holds_and_says_what_comes_next(client, grant):
    answer = press(client, grant, "accept")

    assert answer.status_code == 302
    page = words(client.get(answer.url))
    assert "Thank you, it is agreed" in page
    assert "It holds from today on" in page
    assert re.search(r"€80 a month until .+, then €100 a month", page)
    grant.refresh_from_db()
    assert (grant.state, grant.settled_by) == ("accepted", None)
    assert Term.objects.standing().count() == 3


def test_pressed_twice_it_is_accepted_once(client, grant):
    form = {"stamp": stamp(), "lang": "en", "do": "accept"}
    first, second = (client.post(address(grant), form) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert Term.objects.standing().count() == 3


def test_declined_there_is_a_way_back_for_a_day(client, grant):
    page = words(client.get(press(client, grant, "decline").url))
    assert "You have declined" in page
    assert "Accept it after all" in page

    assert "Thank you, it is agreed" in words(client.get(press(client, grant, "accept").url))

    grant.refresh_from_db()
    assert grant.state == "accepted"


def test_a_day_after_declining_the_link_is_closed(client, grant):
    decline(grant, now=timezone.now() - timedelta(hours=25))

    assert client.get(address(grant)).status_code == 404


def test_content_is_shown_once_accepted(client):
    grant = made(make_sales_offer("content"), now=timezone.now())
    assert "https://example.com/guide" not in client.get(address(grant)).content.decode()

    page = client.get(press(client, grant, "accept").url).content.decode()

    assert 'href="https://example.com/guide" rel="noreferrer noopener"' in page


@pytest.mark.parametrize(
    "form",
    [
        {"do": "accept"},
        {"do": "accept", "stamp": "forged"},
        {"do": "accept", "website": "x"},
        {"do": "give me all"},
        {},
    ],
)
def test_what_was_not_filled_in_on_our_page_decides_nothing(client, grant, form):
    given = {"stamp": stamp()} | form if "website" in form or "give" in str(form) else form

    answer = client.post(address(grant), given)

    assert answer.status_code == 422
    grant.refresh_from_db()
    assert grant.state == "open"


def test_a_form_left_open_while_the_offer_is_stopped_is_refused_in_words(client, grant):
    Offer.objects.update(stopped_at=timezone.now())

    answer = client.post(address(grant), {"stamp": stamp(), "lang": "en", "do": "accept"})

    assert answer.status_code == 422
    assert "This offer has ended" in words(answer)
    assert client.get(address(grant)).status_code == 404


def test_what_fits_no_longer_can_not_be_accepted(client):
    customer = make_customer()
    make_subscription(customer)
    grant = made(make_sales_offer("pause"), customer, now=timezone.now())
    Term.objects.update(ends_on="2024-06-01")

    page = client.get(address(grant))

    assert "no longer fits" in words(page)
    assert 'value="accept"' not in page.content.decode()
    assert press(client, grant, "accept").status_code == 422


def closed_ones():
    now = timezone.now()
    old = now - timedelta(days=40)
    with time_machine.travel(old):
        expired = made(make_sales_offer(), now=old)
    back = made(make_sales_offer(), now=now)
    take_back(back, now=now, by=None)
    stopped = made(make_sales_offer(), now=now)
    Offer.objects.filter(pk=stopped.offer_id).update(stopped_at=now)
    return [expired, back, stopped]


def test_one_body_for_what_is_unknown_forged_over_taken_back_and_stopped(client):
    known = closed_ones()
    tokens = [address(grant) for grant in known]
    number, token = tokens[0].split("-", 1)
    others = [
        f"/o/{2**62}-{secrets.token_urlsafe(32)}",
        f"{number}-{secrets.token_urlsafe(32)}",
        f"/o/{known[1].pk}-{token}",
        f"/o/0{tokens[0][3:]}",
        "/o/x",
        "/o/1-",
        "/o/-1-" + "a" * 43,
        "/o/1-" + "a" * 42 + "é",
        "/o/" + "9" * 400 + "-" + "a" * 43,
        "/o/%00",
        "/o/1-%27%20OR%201=1",
    ]

    answers = [client.get(path) for path in tokens + others]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_one_amount_of_work_for_what_is_unknown_and_over(client, django_assert_num_queries):
    known = closed_ones()
    for path in [address(known[0]), f"/o/{2**62}-{secrets.token_urlsafe(32)}"]:
        client.get(path)
        with django_assert_num_queries(2):  # the organisation, and the offer
            client.get(path)


def test_the_token_is_kept_nowhere(grant):
    token = address(grant).split("-", 1)[1]

    assert token not in str(Grant.objects.values().get())
    assert len(token) == 43


def test_who_tries_many_links_waits(client):
    for _ in range(limits.MOST_MISSES):
        client.get(f"/o/1-{secrets.token_urlsafe(32)}")

    answer = client.get(f"/o/1-{secrets.token_urlsafe(32)}")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"


def test_nobody_keeps_indexes_frames_or_passes_on_its_address(client, grant):
    answer = client.get(address(grant))

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not answer.cookies
    assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("kind", Offer._meta.get_field("kind").choices)
def test_every_kind_is_a_light_page_before_and_after(client, kind):
    fields = NEEDED.get(kind[0], {})
    texts = {"en": TEXTS["en"] | {"text": "x" * 2_000, "title": "y" * 120}}
    grant = made(make_sales_offer(kind[0], **(fields | {"texts": texts})), now=timezone.now())

    before = client.get(address(grant))
    accept(grant, now=timezone.now())
    after = client.get(address(grant))

    for page in (before, after):
        assert page.status_code == 200
        assert len(page.content) + CSS.stat().st_size < MOST_BYTES


def test_what_people_wrote_brings_no_tags_along(client):
    texts = {"en": {"title": "<b>Hi</b>", "text": "<script>alert(1)</script>", "button": '"><i>'}}
    grant = made(make_sales_offer(texts=texts), now=timezone.now())

    page = client.get(address(grant)).content.decode()

    assert "<b>" not in page
    assert "<script" not in page
    assert "<i>" not in page


def test_no_cookie_is_needed_also_where_they_are_checked(grant):
    strict = Client(enforce_csrf_checks=True)

    assert press(strict, grant, "accept").status_code == 302
