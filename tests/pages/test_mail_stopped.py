"""Who paused a batch, and what failed at an address that gets no mail any more."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from churnapp.common.errors import RuleError
from customers.mail import suppression
from customers.models import MailBatch, OutgoingEmail
from customers.services.mail import resend, resend_failed
from tests.factories import make_contact, make_customer, make_mail, make_user

pytestmark = pytest.mark.django_db
ADDRESSES = "/mail/addresses/"
FAILED = {"state": "failed", "error_code": "550", "error": "550 No such user here"}


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_user("manager", name="Ada Lie"))
    return client


def gone(**fields: object) -> OutgoingEmail:
    mail = make_mail(**FAILED, **fields)
    suppression.suppress_hard_bounce(mail)
    return mail


def test_mails_of_a_paused_batch_say_who_paused_it_when_and_why(manager: Client) -> None:
    batch = MailBatch.objects.create(name="Round")
    make_mail(batch=batch)
    manager.post(reverse("customers:pause_batch", args=[batch.pk]), {"because": "checking words"})
    page = manager.get("/mail/", {"batch": batch.pk})
    why = page.context["rows"][0].why
    assert re.fullmatch(r"Paused by Ada Lie, \d+ \w+ \d{4}, \d\d:\d\d: checking words\.", why)
    assert page.content.decode().count("aused by Ada Lie") == 3  # notice, batch, row
    manager.post(reverse("customers:resume_batch", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.paused_by is None


def test_a_pause_of_somebody_whose_account_is_gone_still_says_why(manager: Client) -> None:
    MailBatch.objects.create(name="Round", paused_at="2026-01-01T00:00Z", paused_because="Why not?")
    page = manager.get("/mail/").content.decode()
    assert "Round is paused on 1 Jan 2026, 01:00: Why not?" in page


def test_an_address_that_does_not_exist_is_to_be_corrected_not_tried_again(
    manager: Client,
) -> None:
    mail = gone()
    page = manager.get("/mail/", {"state": "failed"})
    assert page.context["deeds"] == ()
    text = page.content.decode()
    assert "Correct the address first" in text
    assert reverse("customers:edit_contact", args=[mail.contact_id]) in text
    alone = manager.get(reverse("customers:mail", args=[mail.pk])).content.decode()
    assert "Correct the address first" in alone
    assert "Send it again" not in alone
    with pytest.raises(RuleError):
        resend(mail, by=None)


def test_only_what_can_arrive_has_a_box_to_tick(manager: Client) -> None:
    lost, other = gone(), make_mail(**FAILED)
    text = manager.get("/mail/", {"state": "failed"}).content.decode()
    assert f'name="mail" value="{other.pk}"' in text
    assert f'name="mail" value="{lost.pk}"' not in text


def test_a_batch_counts_and_sends_only_what_can_arrive(manager: Client) -> None:
    batch = MailBatch.objects.create(name="Round")
    lost, other = gone(batch=batch), make_mail(batch=batch, **FAILED)
    page = manager.get("/mail/", {"batch": batch.pk})
    assert page.context["listed"].progress.failed == 1
    dialog = manager.get(reverse("customers:resend_batch", args=[batch.pk])).content.decode()
    assert "Send 1 failed mail of Round again?" in dialog
    assert resend_failed(batch, by=None) == 1
    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.state, other.state) == ("failed", "queued")


def test_contacts_who_get_no_mail_are_listed_and_others_counted(manager: Client) -> None:
    ada = make_contact(make_customer("Havbris"), name="Ada", email="ADA@havbris.example")
    bo = make_contact(make_customer("Other"), name="Bo")
    make_contact(name="Cyril Unstopped")
    suppression.suppress("ada@havbris.example", "hard_bounce")
    suppression.suppress(bo.email, "unsubscribe", purpose="survey")
    suppression.suppress("nobody@known.example", "erased")
    page = manager.get(ADDRESSES)
    assert [row.contact for row in page.context["rows_blocked"]] == [ada, bo]
    counted = [(str(key), number) for key, _label, number in page.context["blocked"].counts]
    assert counted == [("hard_bounce", 1), ("unsubscribe", 1), ("erased", 1)]
    text = page.content.decode()
    assert "The address does not exist" in text
    assert "1 more address belongs to nobody whom we still know" in text
    assert "Cyril Unstopped" not in text


@pytest.mark.parametrize(
    "query, found",
    [({"reason": "unsubscribe"}, ["Bo"]), ({"q": "havb"}, ["Ada"]), ({"reason": "erased"}, [])],
)
def test_contacts_without_mail_are_filtered(
    manager: Client, query: dict[str, str], found: list[str]
) -> None:
    suppression.suppress(make_contact(make_customer("Havbris"), name="Ada").email, "complaint")
    suppression.suppress(make_contact(name="Bo").email, "unsubscribe")
    rows = manager.get(ADDRESSES, query).context["rows_blocked"]
    assert [row.contact.name for row in rows] == found


@pytest.mark.parametrize("contacts", [2, 40])
def test_contacts_without_mail_cost_the_same(
    manager: Client, contacts: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(contacts):
        suppression.suppress(make_contact().email, "complaint")
    manager.get(ADDRESSES)
    with django_assert_max_num_queries(9):
        manager.get(ADDRESSES, headers={"HX-Request": "true"})
