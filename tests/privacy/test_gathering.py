"""The file about a person names all that an erasure would look for."""

import json

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.common.personal import registry
from churnapp.models import AuditEvent
from customers.mail.suppression import is_suppressed, suppress
from customers.models import (
    Erasure,
    Interaction,
    Mention,
    OutgoingEmail,
    ReasonView,
    RefusedRow,
    RowBefore,
)
from customers.services.consents import Word, say_consents
from customers.services.contacts import add_contact
from customers.services.mentions import add_mention
from customers.services.privacy import erase_person, export_person
from feedback.models import Response
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_import,
    make_mail,
    make_mention,
    make_reason,
    make_task,
    make_user,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user("admin")


@pytest.fixture
def kari(admin):
    contact = add_contact(make_customer("Fjord AS"), {"email": "Kari@example.com"}, by=admin)
    contact.refresh_from_db()
    return contact


def kept_of(address, admin):
    return json.loads(export_person(address, by=admin))["kept"]


def test_what_they_agreed_to_and_which_survey_they_answered(kari, admin):
    say_consents(kari, [Word("survey", False, "On the phone")], by=admin)
    survey = make_survey(name="Why they leave")
    invitation = make_invitation(survey, kari)
    response = make_response(survey, contact=kari, invitation=invitation, score=3)
    kept = kept_of("kari@example.com", admin)
    assert kept["consents"][0]["given"] is False
    assert kept["invitations"][0]["survey"] == "Why they leave"
    assert kept["responses"][0]["survey"] == "Why they leave"
    assert kept["responses"][0]["invitation"] == invitation.pk
    assert {row["response"] for row in kept["answers"]} == {response.pk}
    assert kept["contacts"][0]["customer"] == "Fjord AS"


def test_that_they_get_no_mail_and_what_the_audit_trail_and_files_hold(kari, admin):
    suppress("kari@example.com", "unsubscribe", purpose="survey")
    taken = make_import("contacts")
    RefusedRow.objects.create(file_import=taken, line=2, value="Kari@example.com", reason="x")
    RowBefore.objects.create(
        file_import=taken, table="customers_contact", row_id=kari.pk, before={"name": "K. Moe"}
    )
    kept = kept_of("kari@example.com", admin)
    (stopped,) = kept["suppressed addresses"]
    assert (stopped["reason"], stopped["purpose"]) == ("unsubscribe", "survey")
    assert kept["audit events"][0]["changes"]["email"] == [None, "Kari@example.com"]
    assert kept["refused rows"][0]["value"] == "Kari@example.com"
    assert "K. Moe" in json.dumps(kept)
    assert kept["interactions"][0]["facts"]["name"] == "Kari@example.com"


def test_words_that_tasks_and_suggestions_repeat(admin):
    gone = make_cancellation()
    contact = make_contact(gone.customer, email="per@example.com")
    task = make_task(gone.customer, what="Survey 0: my boss is awful")
    response = make_response(contact=contact, comment="My boss is awful", cancellation=gone)
    Response.objects.filter(pk=response.pk).update(task=task)
    ReasonView.objects.create(
        cancellation=gone,
        kind="text",
        reason=make_reason("results"),
        recorded_at=timezone.now(),
        suggested=True,
        evidence={"words": ["awful"]},
    )
    kept = kept_of("per@example.com", admin)
    assert kept["tasks"][0]["what"] == "Survey 0: my boss is awful"
    assert kept["views of reasons"][0]["evidence"] == {"words": ["awful"]}


def test_what_they_said_in_public_also_without_their_address(kari, admin):
    """By the address whoever it was matched to, and by the name that stood beside it."""
    site = {"site": "Trustpilot", "author": "Kari M."}
    make_mention(**site, author_email="KARI@example.com", text="Slow")
    make_mention(site="trustpilot.com", author="Kari M.", text="Another Kari")
    make_mention(**site, text="Still slow")
    kept = kept_of("kari@example.com", admin)
    assert [row["text"] for row in kept["mentions"]] == ["Slow", "Still slow"]
    erase_person("kari@example.com", by=admin)
    texts = Mention.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["", "Another Kari", ""]


def test_who_is_no_contact_is_handed_out_and_erased_by_their_address(admin):
    customer = make_customer("Fjord AS")
    values = {"kind": "review", "customer": customer, "occurred_at": timezone.now()}
    values |= {"author": "Kari", "author_email": "kari@example.com", "text": "It is awful"}
    mention = add_mention(values, by=admin)
    mail = make_mail(customer, to_email="Kari@example.com", to_name="Kari", text="Hi Kari")
    OutgoingEmail.objects.update(contact=None)
    assert "It is awful" in export_person("kari@example.com", by=admin)
    entry = Interaction.objects.get(external_id=mention.entry_id)
    assert "awful" in entry.summary
    erase_person("kari@example.com", by=admin)
    for row in (mention, mail, entry):
        row.refresh_from_db()
    assert (mention.author_email, mention.text, entry.summary) == ("", "", "")
    assert (mail.state, mail.to_email) == ("cancelled", f"erased-{mail.pk}@erased.invalid")
    assert is_suppressed("kari@example.com", "survey") == "erased"
    assert AuditEvent.objects.get(verb="person_erased").object_id is None
    with pytest.raises(RuleError):
        export_person("kari@example.com", by=admin)


def test_an_author_without_an_address_is_found_by_name(admin):
    make_mention(author="@kari_moe", text="Awful")
    make_mention(author="@kari_moe", author_email="other@example.com", text="Not hers")
    assert len(kept_of("@Kari_Moe", admin)["mentions"]) == 1
    erase_person("@kari_moe", by=admin)
    assert list(Mention.objects.order_by("pk").values_list("text", flat=True)) == ["", "Not hers"]


@pytest.mark.parametrize("nothing", ["", "  "])
def test_without_an_address_nobody_is_found(admin, nothing):
    mention = make_mention(text="By nobody we know")
    make_mail()
    with pytest.raises(RuleError):
        erase_person(nothing, by=admin)
    mention.refresh_from_db()
    assert mention.text == "By nobody we know"
    assert not Erasure.objects.exists()


def test_mail_to_staff_is_theirs(admin):
    mail = make_mail(to_email="kari@example.com", purpose="notice")
    OutgoingEmail.objects.update(contact=None, customer=None)
    with pytest.raises(RuleError):
        erase_person("kari@example.com", by=admin)
    mail.refresh_from_db()
    assert mail.to_email == "kari@example.com"


def test_whatever_is_forgotten_of_copies_is_read_too():
    unread = {copy.forget.__name__ for copy in registry.copies if copy.read is None}
    assert unread == {"untie_from_few"}  # a link that is cut: its rows are the person's own


def test_what_opens_a_private_link_is_not_handed_out():
    contact = make_contact(email="kari@example.com")
    link = {"path": "/s/{token}", "purpose": "survey", "nonce": "a-nonce-of-ours"}
    make_mail(contact=contact, links={"survey": link})
    told = export_person("kari@example.com", by=None)
    assert "/s/{token}" in told
    assert "nonce" not in told
