"""The privacy page of administrators, the public notice and the command."""

import json

import pytest
from django.core.management import CommandError, call_command

from churnapp.common.describing import options
from churnapp.common.personal import ERASED_TASK, Whose, registry
from customers.models import Contact, Erasure
from customers.privacy.notice import PARTS, PERIODS
from tests.factories import (
    make_contact,
    make_customer,
    make_interaction,
    make_mail,
    make_organisation,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db
PAGE = "/settings/privacy/"


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


def test_a_person_is_looked_up_and_handed_out(admin):
    contact = make_contact(email="kari@example.com")
    make_mail(contact=contact, text="Hi Kari")
    page = admin.post(PAGE, {"address": "Kari@example.com"}).content.decode()
    assert "Contacts: 1" in page
    assert "Outgoing mails: 1" in page
    handed = admin.post(f"{PAGE}person.json", {"address": "kari@example.com"})
    assert handed["Content-Disposition"] == 'attachment; filename="person.json"'
    assert json.loads(handed.content)["kept"]["contacts"][0]["email"] == "kari@example.com"


def test_an_address_that_nobody_has_says_so(admin):
    assert "Nobody has this address" in admin.post(PAGE, {"address": "a@b.no"}).content.decode()
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
    for said in (
        "Lysbro keeps",
        "We care.",
        "privacy@lysbro.no",
        "730 days",
        ">Lysbro<",
    ):
        assert said in page


@pytest.mark.parametrize("customers", [1, 30])
def test_the_page_costs_the_same(customers, admin, django_assert_max_num_queries):
    for _number in range(customers):
        make_contact(email="kari@example.com")
    with django_assert_max_num_queries(42):
        admin.post(PAGE, {"address": "kari@example.com"})


def test_the_command_writes_all_and_erases(capsys):
    make_contact(email="kari@example.com")
    call_command("person", "kari@example.com")
    assert json.loads(capsys.readouterr().out)["address"] == "kari@example.com"
    call_command("person", "kari@example.com", "--erase")
    assert "contact: 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("person", "kari@example.com")


def test_who_it_is_stands_there_before_anything_is_erased(admin):
    contact = make_contact(make_customer("Havbris"), name="Kari Li", email="kari@example.com")
    make_interaction(contact.customer, contact=contact, occurred_at="2026-03-04T10:00Z")
    for page in (
        admin.post(PAGE, {"address": "kari@example.com"}).content.decode(),
        admin.get(PAGE, {"contact": contact.pk}).content.decode(),
    ):
        for said in ("Kari Li", "Havbris", "last contact 4 Mar 2026"):
            assert said in page
    in_address = admin.get(PAGE, {"address": "kari@example.com"}).content.decode()
    assert "Kari Li" not in in_address
    menu = admin.get(f"/customers/{contact.customer_id}/").content.decode()
    assert f"{PAGE}?contact={contact.pk}" in menu
    assert f"{PAGE}?address=" not in menu


def test_what_an_erasure_leaves_reads_like_words(admin):
    contact = make_contact(name="Kari Li", email="kari@example.com")
    mail = make_mail(contact=contact, subject="Hi Kari", to_name="Kari Li", state="accepted")
    task = make_task(contact.customer, what=ERASED_TASK)
    admin.post(f"{PAGE}erase/", {"address": "kari@example.com", "again": "kari@example.com"})
    customer = admin.get(f"/customers/{contact.customer_id}/").content.decode()
    assert "erased person" in customer
    assert "Words erased" in customer
    assert "@erased.invalid" not in customer
    row = admin.get("/mail/", {"state": "all"}).content.decode()
    assert "erased person" in row
    assert "Words erased" in row
    assert "Words erased" in admin.get(f"/mail/{mail.pk}/").content.decode()
    assert str(task) == "Words erased"
    receipt = admin.get(PAGE).content.decode()
    assert "Contacts: 1" in receipt
    assert "Outgoing mails: 1" in receipt


def test_the_notice_tells_of_every_model_and_period():
    told = {name for part in PARTS for name in part.models}
    assert told == {options(found.model).label_lower for found in registry.about(Whose.CONTACT)}
    assert {key for part in PARTS for key in part.periods} == set(registry.kept) == set(PERIODS)


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_the_notice_knows_no_names_of_models(client, language):
    make_organisation(name="Lysbro")
    client.cookies["django_language"] = language
    page = client.get("/privacy/").content.decode()
    for name in ("evidence", "as it came", "Churnapp", "Mail events"):
        assert name not in page
    assert page.count("<h3>") == len(PARTS)


def test_languages_go_by_their_own_names(client):
    client.cookies["django_language"] = "sv"
    page = client.get("/privacy/").content.decode()
    for name in ("English", "Norsk bokmål", "Dansk", "Svenska"):
        assert f">{name}</button>" in page
