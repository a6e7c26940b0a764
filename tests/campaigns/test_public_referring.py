"""The public page of a referral link: opening it changes nothing, its form keeps who came once."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from campaigns.models import Referral
from campaigns.services.referring import Came, refer
from customers.models import Task
from tests.campaign_factories import make_program, make_referral, make_referral_link
from tests.factories import make_contact, make_customer, make_user
from tests.feedback.visitors import client, stamp, words

__all__ = ["client"]
MOST_BYTES = 30_000
CSS = Path(settings.BASE_DIR) / "static" / "css" / "survey.css"
TEXTS = {
    code: {"title": f"Tittel {code}", "text": f"Tekst {code}", "welcome": f"Gave {code}"}
    for code, _name in settings.LANGUAGES
}
KARI = {"name": "Kari Holm", "company": "Nordlys AS", "email": "kari@nordlys.example"}


@pytest.fixture
def link(db):
    customer = make_customer("Fjord AS", owner=make_user())
    make_contact(customer, name="Anna Secret", email="anna@fjord.example")
    return make_referral_link(make_program(texts=TEXTS), customer=customer)


def press(client, link, **fields):
    return client.post(link.path, {"stamp": stamp(), "lang": "en"} | KARI | fields)


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_it_says_who_recommends_and_what_both_get(client, link, language):
    page = client.get(f"{link.path}?lang={language}")
    said = words(page)
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in page.content.decode()
    assert f"Tittel {language}" in said
    assert f"Gave {language}" in said
    assert "Fjord AS" in said
    assert "Anna" not in said
    assert all(name in page.content.decode() for name in ("?lang=nb", "?lang=sv", "?lang=da"))


def test_it_is_small_has_no_script_and_nobody_keeps_it(client, link):
    page = client.get(link.path)
    assert len(page.content) + CSS.stat().st_size < MOST_BYTES
    assert b"<script" not in page.content
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert b'href="/privacy/"' in page.content


def test_opening_it_changes_nothing(client, link):
    client.get(link.path)
    client.head(link.path)
    assert not Referral.objects.exists()


def test_who_came_is_kept_with_a_task_that_names_nobody(client, link):
    answer = press(client, link)
    assert answer.status_code == 302
    assert "Thank you" in words(client.get(answer.headers["Location"]))
    referral = Referral.objects.get()
    assert (referral.name, referral.company, referral.email, referral.state) == (
        "Kari Holm", "Nordlys AS", "kari@nordlys.example", "new",
    )  # fmt: skip
    task = Task.objects.get(key=f"referral:{referral.pk}")
    assert (task.customer, task.assignee) == (link.customer, link.customer.owner)
    assert task.page == f"/referrals/{link.program_id}/#referral-{referral.pk}"
    assert "Kari" not in task.what
    assert "Nordlys" not in task.what


def test_the_responsible_of_the_program_gets_the_task(client, link):
    link.program.responsible = make_user()
    link.program.save()
    press(client, link)
    assert Task.objects.get().assignee == link.program.responsible


def test_sent_twice_it_is_one_and_answered_the_same(client, link):
    first, second = press(client, link), press(client, link, email="KARI@nordlys.example")
    assert (first.status_code, first.headers["Location"]) == (
        second.status_code,
        second.headers["Location"],
    )
    assert Referral.objects.count() == Task.objects.count() == 1


@pytest.mark.parametrize("field", ["name", "company", "email"])
def test_what_is_missing_is_named_and_the_rest_is_kept(client, link, field):
    answer = press(client, link, **{field: " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Fill in all three fields" in words(answer)
    assert page.count('aria-invalid="true"') == 1
    kept = next(value for name, value in KARI.items() if name != field)
    assert f'value="{kept}"' in page


def test_what_is_no_address_is_said(client, link):
    answer = press(client, link, email="kari at nordlys")
    assert answer.status_code == 422
    assert "no e-mail address" in words(answer)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("fields", [{"stamp": "forged"}, {"website": "https://spam.example"}])
def test_what_was_not_filled_in_on_the_page_is_not_kept(client, link, fields):
    assert press(client, link, **fields).status_code == 422
    assert not Referral.objects.exists()


def test_unknown_codes_and_programs_that_are_off_are_answered_the_same(client, link):
    off = make_referral_link(make_program(on_since=None))
    old = make_referral_link(make_program(archived_at=timezone.now()))
    answers = [client.get(path) for path in ("/r/unknown", off.path, old.path)]
    answers.append(press(client, off))
    assert {each.status_code for each in answers} == {404}
    assert len({re.sub(rb"\s+", b" ", each.content) for each in answers}) == 1
    assert not Referral.objects.exists()


def test_who_tries_many_codes_has_to_wait(client, link):
    last = [client.get(f"/r/guess{number}") for number in range(31)][-1]
    assert last.status_code == 429
    assert client.get(link.path).status_code == 429


def test_one_link_takes_only_so_many_in_a_day(client, link, monkeypatch):
    monkeypatch.setattr("campaigns.services.referring.MOST_A_DAY", 2)
    make_referral(link)
    make_referral(link)
    answer = press(client, link)
    assert answer.status_code == 422
    assert Referral.objects.count() == 2


def test_a_link_with_capital_letters_opens_the_same_page(client, link):
    assert client.get(link.path.upper().replace("/R/", "/r/")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_200_forms_of_one_address_at_once_are_one_referral():
    link = make_referral_link()
    came = Came("Kari", "kari@nordlys.example", "Nordlys AS")

    def send(_number):
        try:
            return refer(link, came, now=timezone.now()).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(send, range(200)))

    assert len(set(keys)) == 1
    assert Referral.objects.count() == Task.objects.count() == 1
