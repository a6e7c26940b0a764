"""A person gets all that is kept of them, and is erased without changing a figure."""

import json
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.common.personal import registry
from churnapp.models import AuditEvent
from customers.mail.suppression import address_hmac, is_suppressed, lift, suppress
from customers.models import (
    Consent,
    Contact,
    Erasure,
    Interaction,
    OutgoingEmail,
    ReasonView,
    RefusedRow,
    RetentionPeriod,
    RowBefore,
    Suppression,
)
from customers.privacy.purging import purge
from customers.services.consents import Word, say_consents
from customers.services.contacts import add_contact, change_contact
from customers.services.interactions import change_interaction, log_interaction
from customers.services.mail import lift_suppression
from customers.services.privacy import erase_person, export_person
from customers.services.tasks import add_task, assign_task, finish_task, postpone_task
from customers.views.timeline_words import event_words
from feedback.models import Answer, Invitation, Response
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_import,
    make_interaction,
    make_mail,
    make_reason,
    make_task,
    make_user,
    today_here,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db
OURS = [m for label in ("churnapp", "customers", "feedback", "campaigns")
        for m in apps.get_app_config(label).get_models()]  # fmt: skip


@pytest.fixture
def admin():
    return make_user("admin")


@pytest.fixture
def kari(admin):
    """Kari, who stands at two customers, was written to, answered and was talked to."""
    customer = make_customer("Fjord AS")
    contact = add_contact(customer, {"email": "Kari@example.com", "name": "Kari Moe"}, by=admin)
    make_contact(make_customer("Other AS"), email="kari@example.com", name="Kari Moe")
    make_interaction(customer, contact=contact, summary="Kari says it is slow")
    make_interaction(customer, summary="Talked to Kari Moe about the price")
    make_mail(contact=contact, to_name="Kari Moe", text="Hi Kari", state="delivered")
    make_mail(contact=contact, text="Hi again")
    survey = make_survey()
    for _number in range(4):
        make_response(survey, score=10)
    invitation = make_invitation(survey, contact)
    make_response(survey, contact=contact, invitation=invitation, score=3, comment="I am Kari")
    return contact


def test_every_model_says_what_it_keeps_of_people():
    assert registry.undeclared(OURS) == []


def test_declared_fields_exist():
    for declared in registry.personal:
        names = {field.name for field in declared.model._meta.get_fields()}
        assert set(declared.fields) <= names, declared.model


def test_a_person_gets_all_that_is_kept_at_every_customer(kari, admin):
    told = export_person(" KARI@example.com", by=admin)
    kept = json.loads(told)["kept"]
    assert len(kept["contacts"]) == 2
    assert "Kari says it is slow" in told
    assert "Hi Kari" in told
    assert "I am Kari" in told
    assert AuditEvent.objects.filter(verb="person_exported").count() == 2


def test_an_address_that_nobody_has_is_named(admin):
    with pytest.raises(RuleError, match="nobody@"):
        export_person("nobody@example.com", by=admin)
    with pytest.raises(RuleError, match="nobody@"):
        erase_person("nobody@example.com", by=admin)


def test_erasing_leaves_no_word_that_names_the_person(kari, admin):
    erase_person("kari@example.com", by=admin)
    assert named_in_the_database("kari@example.com") == []
    # What colleagues wrote in words of their own is left for a person to look at.
    assert named_in_the_database("Kari") == ["customers_interaction"]


def named_in_the_database(word):
    """Tables of ours with a row that holds the word in any column."""
    found = []
    with connection.cursor() as cursor:
        for model in OURS:
            table = model._meta.db_table
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_erasing_changes_no_figure(kari, admin):
    before = figures()
    erase_person("kari@example.com", by=admin)
    assert figures() == before


def figures():
    return (
        list(Answer.objects.exclude(number=None).order_by("pk").values_list("number", flat=True)),
        Response.objects.counted().count(),
        Invitation.objects.count(),
        Interaction.objects.exclude(kind="event").count(),
        OutgoingEmail.objects.count(),
    )


def test_a_receipt_says_how_much_and_what_to_look_at(kari, admin):
    receipt = erase_person("kari@example.com", by=admin)
    assert receipt.rows["contact"] == 2
    assert receipt.rows["outgoingemail"] == 2
    assert [entry["customer_id"] for entry in receipt.to_read] == [kari.customer_id]
    assert "kari" not in json.dumps(receipt.rows).lower()


def test_who_was_erased_is_never_mailed_again_also_when_a_file_brings_them_back(kari, admin):
    erase_person("kari@example.com", by=admin)
    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {"delivered", "cancelled"}
    make_contact(kari.customer, email="kari@EXAMPLE.com")
    assert is_suppressed("kari@EXAMPLE.com", "survey") == "erased"


@pytest.mark.parametrize("earlier", ["hard_bounce", "soft_bounces", "by_hand", "complaint"])
def test_whatever_stood_before_who_was_erased_stays_out_of_mail(kari, admin, earlier):
    suppress("kari@example.com", earlier)
    suppress("kari@example.com", "unsubscribe", purpose="survey")
    erase_person("kari@example.com", by=admin)
    assert is_suppressed("kari@example.com", "campaign") == "erased"
    graver = AuditEvent.objects.get(verb="suppression_graver")
    assert graver.changes == {"reason": [earlier, "erased"]}
    for row in Suppression.objects.all():
        with pytest.raises(RuleError, match="for ever"):
            lift_suppression(row, because="It was a mistake", by=admin)
    assert Suppression.objects.filter(lifted_at=None).count() == 2


def test_whom_an_earlier_version_erased_stays_out_of_mail_too():
    for number, address in enumerate(("lifted@x.example", "bounced@x.example")):
        suppress(address, "hard_bounce")
        Erasure.objects.create(at=timezone.now(), address_hmac=address_hmac(address))
        if not number:
            lift(address)
    suppress("other@x.example", "hard_bounce")
    statement = import_module("customers.migrations.0031_erased_stay_out").ERASED_STAY_OUT
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(statement)
    told = [is_suppressed(f"{who}@x.example", "survey") for who in ("lifted", "bounced", "other")]
    assert told == ["erased", "erased", "hard_bounce"]
    assert Suppression.objects.filter(lifted_at=None).count() == 3


def test_a_suppression_that_became_graver_meanwhile_is_not_lifted(admin):
    suppress("kari@example.com", "hard_bounce")
    seen = Suppression.objects.get()
    suppress("kari@example.com", "erased")
    with pytest.raises(RuleError):
        lift_suppression(seen, because="As it was shown", by=admin)
    assert is_suppressed("kari@example.com", "survey") == "erased"


def test_a_mail_that_may_have_gone_out_is_uncertain_after_the_erasure(kari, admin):
    mail = make_mail(contact=kari, state="retry", error_code="in_doubt")
    erase_person("kari@example.com", by=admin)
    mail.refresh_from_db()
    assert (mail.state, mail.error_code) == ("uncertain", "in_doubt")


def test_few_answers_lose_their_link_to_the_person(admin):
    contact = make_contact(email="per@example.com")
    response = make_response(contact=contact, score=2, comment="Only mine")
    erase_person("per@example.com", by=admin)
    response.refresh_from_db()
    assert response.contact is None
    assert list(response.answers.order_by("pk").values_list("number", "text")) == [
        (2, ""),
        (None, ""),
    ]


def test_what_imports_keep_of_the_person_goes_too(admin):
    contact = make_contact(email="per@example.com")
    taken = make_import("contacts")
    RowBefore.objects.create(
        file_import=taken,
        table="customers_contact",
        row_id=contact.pk,
        before={"email": "per@example.com"},
    )
    RefusedRow.objects.create(file_import=taken, line=2, value="per@example.com", reason="twice")
    erase_person("per@example.com", by=admin)
    assert named_in_the_database("per@example.com") == []


def test_tasks_and_suggestions_no_longer_quote_the_person(admin):
    gone = make_cancellation()
    contact = make_contact(gone.customer, email="per@example.com")
    task = make_task(gone.customer, what="Survey 0: my boss is awful")
    response = make_response(contact=contact, comment="My boss is awful", cancellation=gone)
    Response.objects.filter(pk=response.pk).update(task=task)
    answer = response.answers.get(question="comment")
    RowBefore.objects.create(
        file_import=make_import("responses"),
        table="feedback_answer",
        row_id=answer.pk,
        before={"text": "My boss is awful"},
    )
    reason = make_reason("results")
    ReasonView.objects.create(
        cancellation=gone,
        kind="text",
        reason=reason,
        recorded_at=timezone.now(),
        suggested=True,
        evidence={"words": ["awful"]},
    )
    erase_person("per@example.com", by=admin)
    assert named_in_the_database("awful") == []


def test_what_tasks_quote_goes_from_the_timeline_too(admin):
    gone = make_cancellation()
    contact = make_contact(gone.customer, email="per@example.com")
    said = {"customer": gone.customer, "assignee": admin, "due_on": None, "by": admin}
    task, other = (add_task(what, **said) for what in ("My boss is awful", "Call them"))
    postpone_task(task, until=today_here(), by=admin)
    assign_task(task, to=admin, by=admin)
    finish_task(task, admin)
    Interaction.objects.filter(verb="task_finished").update(facts={"what": "My boss is awful"})
    response = make_response(contact=contact, comment="My boss is awful", cancellation=gone)
    Response.objects.filter(pk=response.pk).update(task=task)
    erase_person("per@example.com", by=admin)
    assert named_in_the_database("awful") == []
    assert named_in_the_database(other.what) == ["customers_interaction", "customers_task"]
    event = Interaction.objects.get(verb="task_postponed")
    assert event.facts["until"] == today_here().isoformat()
    assert event_words(event.verb, event.facts).endswith(": Words erased")


def test_a_complaint_goes_from_its_task_the_timeline_and_the_audit_trail(admin):
    contact = make_contact(email="per@example.com")
    values = {"customer": contact.customer, "contact": contact, "kind": "call", "complaint": True}
    values |= {"summary": "My boss is awful", "occurred_at": timezone.now()}
    entry = log_interaction(values, by=admin)
    finish_task(entry.work.task, admin)
    change_interaction(entry, {"summary": "My boss is an awful man"}, by=admin)
    assert named_in_the_database("awful") == [
        "churnapp_auditevent", "customers_interaction", "customers_task",
    ]  # fmt: skip
    erase_person("per@example.com", by=admin)
    assert named_in_the_database("awful") == []
    assert AuditEvent.objects.filter(verb="interaction_changed").exists()


def test_the_name_goes_from_the_audit_trail_of_words_that_colleagues_wrote(admin):
    contact = make_contact(email="kari@example.com", name="Kari Moe")
    entries = [
        make_interaction(contact.customer, summary=f"{said} by Kari Moe")
        for said in ("Called", "Mailed")
    ]
    change_interaction(entries[0], {"summary": "Called by somebody"}, by=admin)
    unnamed = make_interaction(contact.customer, summary="Call")
    change_interaction(unnamed, {"summary": "A Kari Moerk called"}, by=admin)
    receipt = erase_person("kari@example.com", by=admin)
    assert [entry["id"] for entry in receipt.to_read] == [entries[1].pk, unnamed.pk]
    change_interaction(entries[1], {"summary": "Mailed", "sentiment": 1}, by=admin)
    told = AuditEvent.objects.filter(verb="interaction_changed").order_by("pk")
    assert list(told.values_list("changes", flat=True)) == [
        {},
        {"summary": ["Call", "A Kari Moerk called"]},
        {"summary": [], "sentiment": [None, 1]},
    ]


def test_names_of_before_and_addresses_in_capitals_go_too(admin):
    customer = make_customer()
    contact = add_contact(customer, {"email": "Kari@Example.com"}, by=admin)
    for name in ("Kari Moe", "Kari Hansen"):
        contact = change_contact(contact, {"name": name}, seen={}, by=admin)
    erase_person("kari@example.com", by=admin)
    assert named_in_the_database("Kari") == []


def test_an_address_goes_from_old_mails_with_the_person_who_left():
    long_ago = today_here() - timedelta(days=4_000)
    contact = make_contact(email="per@example.com", name="Per", left_on=long_ago)
    make_mail(contact.customer, contact=contact, to_email="per@example.com", to_name="Per")
    assert named_in_the_database("per@example.com")
    purge(timezone.now())
    assert named_in_the_database("per@example.com") == []


def test_somebody_with_a_longer_address_keeps_theirs(admin):
    make_contact(email="per@example.com")
    longer = add_contact(make_customer(), {"email": "casper@example.com"}, by=admin)
    taken = make_import("contacts")
    for address in ("casper@example.com", "per@example.com.au", "Per <per@example.com>."):
        RefusedRow.objects.create(file_import=taken, line=2, value=address, reason="twice")
    erase_person("per@example.com", by=admin)
    kept = list(RefusedRow.objects.order_by("pk").values_list("value", flat=True))
    assert kept == ["casper@example.com", "per@example.com.au", ""]
    told = AuditEvent.objects.get(verb="contact_added", object_id=longer.pk)
    assert told.changes["email"] == [None, "casper@example.com"]


def test_the_audit_trail_can_be_changed_by_erasure_alone(kari):
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEvent.objects.update(changes={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('churnapp.erasing', 'on', true)")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEvent.objects.update(verb="nothing")


def test_consent_is_kept_word_by_word(kari, admin):
    say_consents(kari, [Word("survey", True, "On the phone")], by=admin)
    say_consents(kari, [Word("survey", False, "By mail")], by=admin)
    assert list(Consent.objects.values_list("given", flat=True)) == [False, True]
    assert AuditEvent.objects.filter(verb="consent_withdrawn").count() == 1


def test_a_suppression_is_per_purpose_and_can_be_lifted():
    suppress("Ola@example.com", Suppression.Reason.UNSUBSCRIBE, purpose="campaign")
    suppress("ola@example.com", Suppression.Reason.UNSUBSCRIBE, purpose="campaign")
    assert Suppression.objects.count() == 1
    assert is_suppressed("OLA@example.com", "campaign") == "unsubscribe"
    assert is_suppressed("ola@example.com", "survey") == ""
    assert lift("ola@example.com", purpose="campaign", reason="hard_bounce") == 0
    assert lift("ola@example.com", purpose="campaign", reason="unsubscribe") == 1
    assert is_suppressed("ola@example.com", "campaign") == ""


def test_what_was_kept_long_enough_is_forgotten_once():
    now = timezone.now()
    sent = make_mail(text="Hello", state="accepted")
    waiting = make_mail(text="Soon")
    OutgoingEmail.objects.update(created_at=now - timedelta(days=800))
    gone = make_contact(left_on=date(2020, 1, 1), name="Old Friend")
    assert purge(now) == {"mail_texts": 1, "people_who_left": 1}
    assert purge(now) == {}
    sent.refresh_from_db()
    waiting.refresh_from_db()
    gone.refresh_from_db()
    assert (sent.text, waiting.text) == ("", "Soon")
    assert (gone.name, gone.email) == ("", f"erased-{gone.pk}@erased.invalid")


def test_an_administrator_sets_how_long_things_are_kept():
    RetentionPeriod.objects.create(key="people_who_left", days=None)
    make_contact(left_on=date(2020, 1, 1))
    assert purge(timezone.now()) == {}
    assert Contact.objects.exclude(email__endswith="@erased.invalid").count() == 1
