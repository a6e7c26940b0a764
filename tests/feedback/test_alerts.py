"""The mail to an owner whose customer is unhappy."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import OutgoingEmail
from customers.privacy.erasing import erase
from customers.privacy.people import Person
from feedback.answering import Signs
from feedback.logic import Given
from feedback.services.answering import Filled, answer_invitation, release
from feedback.services.responses import Given as Recorded
from feedback.services.responses import record_response
from tests.factories import make_contact, make_customer, make_interaction, make_user
from tests.feedback_factories import make_invitation, make_survey

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CALM = Signs(issued_at=NOW - timedelta(minutes=1))


@pytest.fixture
def contact(alice):
    return make_contact(make_customer(name="Fjord AS", owner=alice), name="Kari")


def answer(contact, score, comment="", *, signs=CALM, survey=None):
    given = {"score": Given(number=score), "comment": Given(text=comment)}
    invitation = make_invitation(survey or make_survey("nps"), contact)
    return answer_invitation(invitation, Filled(given, "en", signs), now=NOW)


def test_the_owner_reads_the_words_and_the_score_now_and_before(contact, alice):
    survey = make_survey("nps")
    before = {"kind": "answer", "score": 9, "facts": {"kind": "nps"}}
    make_interaction(contact.customer, occurred_at=NOW - timedelta(days=90), **before)

    answer(contact, 3, "Too slow since spring", survey=survey)

    mail = OutgoingEmail.objects.get(purpose="notice")
    assert (mail.to_email, mail.customer, mail.unsubscribable) == (alice.email, None, False)
    assert mail.subject == "Fjord AS answered 3 of 10"
    assert "Too slow since spring" in mail.text
    assert "3 of 10; it was 9" in mail.text
    assert f"/customers/{contact.customer_id}/" in mail.text
    assert "Too slow since spring" in mail.html


@pytest.mark.parametrize(
    "kind, said", [("csat", "1 of 5"), ("product", "1 of 5"), ("ces", "1 of 7")]
)
def test_each_score_is_told_on_its_own_scale(contact, kind, said):
    answer(contact, 1, survey=make_survey(kind))
    mail = OutgoingEmail.objects.get()
    assert mail.subject == f"Fjord AS answered {said}"
    assert "It is their first." in mail.text


def test_somebody_who_leaves_and_says_why_is_told_without_a_score(contact):
    invitation = make_invitation(make_survey("exit"), contact)
    given = {"reason": Given(choices=("other",)), "comment": Given(text="Be faster")}
    answer_invitation(invitation, Filled(given, "en", CALM), now=NOW)
    mail = OutgoingEmail.objects.get()
    assert mail.subject == "Fjord AS is unhappy"
    assert "Be faster" in mail.text


def test_the_mail_is_in_the_language_of_its_reader(contact, alice):
    alice.language = "nb"
    alice.save(update_fields=["language"])

    answer(contact, 2)

    assert OutgoingEmail.objects.get().subject == "Fjord AS svarte 2 av 10"


def test_one_answer_is_one_mail_however_often_it_is_changed(contact):
    response = answer(contact, 3)
    given = Filled({"score": Given(number=1)}, "en", CALM)
    answer_invitation(response.invitation, given, now=NOW + timedelta(minutes=5))

    assert OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize("score", [7, 10])
def test_happy_answers_wake_nobody(contact, score):
    answer(contact, score)
    assert not OutgoingEmail.objects.exists()


def test_what_is_set_aside_wakes_nobody_until_a_person_counts_it(contact, bob):
    response = answer(contact, 1, signs=Signs(issued_at=NOW, trap_filled=True))
    assert not OutgoingEmail.objects.exists()

    release(response, by=bob)

    assert OutgoingEmail.objects.count() == 1


def test_who_switched_it_off_gets_none(contact, alice):
    alice.mail_unhappy = False
    alice.save(update_fields=["mail_unhappy"])
    answer(contact, 1)
    assert not OutgoingEmail.objects.exists()


def test_an_owner_who_no_longer_works_here_gets_none(contact, alice):
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    answer(contact, 1)
    assert not OutgoingEmail.objects.exists()


def test_old_answers_brought_by_another_program_wake_nobody(contact):
    record_response(
        Recorded("x-1", make_survey("nps"), contact.customer, NOW - timedelta(days=30), 1), by=None
    )
    assert not OutgoingEmail.objects.exists()


def test_placeholders_in_somebodys_words_stay_words(contact):
    answer(contact, 1, "{{ contact.email }} [[link:survey]] <b>bold</b> \x0b\x1b\ufffe 😡 {{{ [[[")

    mail = OutgoingEmail.objects.get()
    assert "[[link:survey]]" not in mail.text + mail.html
    assert "{{" not in mail.text + mail.html
    assert "<b>bold" not in mail.html


def test_erasing_a_person_blanks_what_staff_were_told(contact):
    answer(contact, 1, "I am Kari and cross")
    erase(Person.at(contact.email))
    mail = OutgoingEmail.objects.get()
    assert (mail.text, mail.html) == ("", "")


def test_the_settings_are_ones_own(alices_client, alice):
    other = make_user("csm", email="other@example.com")

    page = alices_client.get("/preferences/mails/")
    assert "each unhappy answer" in page.content.decode().lower()
    alices_client.post("/preferences/mails/", {"mail_digest": "weekly", "language": "da"})

    alice.refresh_from_db()
    other.refresh_from_db()
    assert (alice.mail_unhappy, alice.mail_digest, alice.language) == (False, "weekly", "da")
    assert (other.mail_unhappy, other.mail_digest) == (True, "never")


def test_choosing_a_language_is_remembered_for_mails(alices_client, alice):
    alices_client.post("/language/", {"language": "sv", "next": "/"})
    alice.refresh_from_db()
    assert alice.language == "sv"


@pytest.mark.parametrize("why", ["nobody owns it", "the owner left"])
def test_where_nobody_owns_the_customer_the_managers_are_told(why, alice):
    managers = [make_user("manager", language=language) for language in ("nb", "sv")]
    make_user("manager", mail_unhappy=False)
    make_user("csm")
    if why == "the owner left":
        alice.is_active = False
        alice.save(update_fields=["is_active"])
    owner = alice if why == "the owner left" else None
    contact = make_contact(make_customer(name="Fjord AS", owner=owner))

    response = answer(contact, 3, "Too slow")
    given = Filled({"score": Given(number=1)}, "en", CALM)
    answer_invitation(response.invitation, given, now=NOW + timedelta(minutes=5))

    mails = OutgoingEmail.objects.order_by("pk")
    assert {mail.to_email for mail in mails} == {manager.email for manager in managers}
    assert len(mails) == 2
    assert {mail.subject for mail in mails} == {
        "Fjord AS svarte 3 av 10",
        "Fjord AS svarade 3 av 10",
    }
    assert "ingen som jobber her" in mails.get(to_email=managers[0].email).text


def test_managers_are_not_told_of_what_an_owner_is_told_of(contact):
    make_user("manager")
    answer(contact, 3)
    assert OutgoingEmail.objects.count() == 1


def test_erasing_a_person_blanks_what_managers_were_told():
    make_user("manager")
    contact = make_contact()
    answer(contact, 1, "I am Kari and cross")
    erase(Person.at(contact.email))
    mail = OutgoingEmail.objects.get()
    assert (mail.text, mail.html) == ("", "")
