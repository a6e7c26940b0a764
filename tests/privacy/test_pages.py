"""The privacy page of administrators, the public notice and the command."""

import json

import pytest
from django.core.management import CommandError, call_command

from customers.models import Contact, Erasure
from tests.factories import make_contact, make_mail, make_organisation, make_user

pytestmark = pytest.mark.django_db
PAGE = "/settings/privacy/"


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


def test_a_person_is_looked_up_and_handed_out(admin):
    contact = make_contact(email="kari@example.com")
    make_mail(contact=contact, text="Hi Kari")
    page = admin.get(PAGE, {"address": "Kari@example.com"}).content.decode()
    assert "Contacts: 1" in page
    assert "Outgoing mails: 1" in page
    handed = admin.post(f"{PAGE}person.json", {"address": "kari@example.com"})
    assert handed["Content-Disposition"] == 'attachment; filename="person.json"'
    assert json.loads(handed.content)["kept"]["contacts"][0]["email"] == "kari@example.com"


def test_an_address_that_nobody_has_says_so(admin):
    assert "Nobody has this address" in admin.get(PAGE, {"address": "a@b.no"}).content.decode()
    answer = admin.post(f"{PAGE}person.json", {"address": "a@b.no"}, follow=True)
    assert "Nobody has the address a@b.no" in answer.content.decode()


def test_erasing_asks_for_the_address_once_more(admin):
    contact = make_contact(email="kari@example.com")
    refused = admin.post(f"{PAGE}erase/", {"address": "kari@example.com", "again": "kar"})
    assert refused.status_code == 422
    assert "This is not kari@example.com" in refused.content.decode()
    assert Contact.objects.get(pk=contact.pk).email == "kari@example.com"

    done = admin.post(
        f"{PAGE}erase/", {"address": "kari@example.com", "again": "KARI@example.com"}, follow=True
    )
    assert f"number {Erasure.objects.get().pk}" in done.content.decode()
    assert Contact.objects.get(pk=contact.pk).email.endswith("@erased.invalid")


def test_the_notice_says_what_is_kept_and_whom_to_ask(client):
    make_organisation(name="Lysbro", privacy_contact="privacy@lysbro.no", privacy_notice="We care.")
    page = client.get("/privacy/").content.decode()
    for said in ("Lysbro keeps", "We care.", "privacy@lysbro.no", "730 days", "Contacts"):
        assert said in page


@pytest.mark.parametrize("customers", [1, 30])
def test_the_page_costs_the_same(customers, admin, django_assert_max_num_queries):
    for _number in range(customers):
        make_contact(email="kari@example.com")
    with django_assert_max_num_queries(31):
        admin.get(PAGE, {"address": "kari@example.com"})


def test_the_command_writes_all_and_erases(capsys):
    make_contact(email="kari@example.com")
    call_command("person", "kari@example.com")
    assert json.loads(capsys.readouterr().out)["address"] == "kari@example.com"
    call_command("person", "kari@example.com", "--erase")
    assert "contact: 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("person", "kari@example.com")
