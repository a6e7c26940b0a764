"""Some rows of every model, for the lists of the administration."""

from datetime import date

from django.utils import timezone

from campaigns.models import ContentSent, FixTold, LinkHit, StepDone, VisitStep
from churnapp.models import ApiKey, AuditEvent, Heartbeat, Job, RememberedAnswer, ScheduledRun
from customers.models import (
    BulkHandover,
    CheckRun,
    ColumnMapping,
    Consent,
    CustomerAlias,
    Erasure,
    Handover,
    MailBatch,
    MailEvent,
    RefusedRow,
    RetentionPeriod,
    RowBefore,
    SavedView,
    Suppression,
)
from customers.services.reason_views import state_reason
from feedback.models import OpenLink, SendingRule
from tests.campaign_factories import (
    make_answer,
    make_cancel_visit,
    make_content,
    make_fix,
    make_grant,
    make_level,
    make_recipient,
    make_recommendation,
    make_referral,
)
from tests.factories import (
    make_cancellation,
    make_complaint,
    make_contact,
    make_customer,
    make_flag,
    make_import,
    make_interaction,
    make_mail,
    make_member,
    make_mention,
    make_offer,
    make_payment,
    make_rate,
    make_reason,
    make_spend,
    make_subscription,
    make_task,
    make_topic_wish,
    make_usage,
    make_user,
    make_wishes,
    stand,
)
from tests.feedback_factories import (
    make_comment_theme,
    make_delivery,
    make_incoming_call,
    make_invitation,
    make_response,
    make_survey,
)


def make_some_of_everything():
    for number in (1, 2, 3):
        customer = make_customer()
        subscription = make_subscription(customer)
        reason = make_reason(f"reason-{number}")
        gone = make_cancellation(customer, reason=reason, subscription=subscription)
        state_reason(gone, "csm", reason, by=None)
        make_contact(customer)
        make_flag(customer)
        make_interaction(customer)
        make_complaint(customer)
        make_mention(customer=customer)
        make_offer()
        make_member(customer)
        make_payment(customer)
        make_usage(customer, date(2025, 1, 1), feature=f"feature-{number}")
        make_rate("NOK", "0.1", date(2025, 1, number))
        make_spend(date(2025, 1, 1), channel=f"channel-{number}")
        make_records_of_work(customer, make_user(), number)
        make_correspondence(customer, number)
    stand()


def make_correspondence(customer, number):
    contact = make_contact(customer)
    mail = make_mail(contact=contact, batch=MailBatch.objects.create(name=f"Round {number}"))
    MailEvent.objects.create(provider="test", event_id=f"e{number}", kind="delivered", mail=mail)
    Suppression.objects.create(address_hmac=f"{number}", reason="by_hand")
    Consent.objects.create(contact=contact, purpose="survey", given=True, at=timezone.now())
    make_topic_wish(contact)
    make_wishes(contact)
    Erasure.objects.create(at=timezone.now(), address_hmac=f"{number}")
    RetentionPeriod.objects.create(key=("mail_texts", "mail_events", "refused_rows")[number % 3])
    survey = make_survey()
    invitation = make_invitation(survey, contact)
    response = make_response(survey, contact=contact, invitation=invitation, comment="Well done")
    make_comment_theme(response=response)
    SendingRule.objects.create(survey=survey, trigger="cancellation")
    OpenLink.objects.create(survey=survey, code=f"code-{number}")
    make_delivery()
    make_incoming_call()
    make_grant(contact=contact)
    make_trace_of_a_campaign(contact)
    visit = make_cancel_visit(contact=contact)
    make_answer(visit.flow)
    make_referral(contact=contact)
    make_level()
    VisitStep.objects.create(visit=visit, at=timezone.now(), verb="made", sha256="0" * 64)


def make_trace_of_a_campaign(contact):
    now = timezone.now()
    recipient = make_recipient(contact=contact)
    StepDone.objects.create(recipient=recipient, step="hello", at=now, outcome="mailed")
    LinkHit.objects.create(recipient=recipient, step="hello", at=now, source="x")
    FixTold.objects.create(fix=make_fix(), customer=contact.customer, told_at=now)
    make_recommendation(contact.customer)
    ContentSent.objects.create(
        content=make_content(), customer=contact.customer, how="noted", key=f"{contact.pk}", at=now
    )


def make_records_of_work(customer, user, number):
    now = timezone.now()
    make_task(customer, assignee=user)
    file_import = make_import()
    RefusedRow.objects.create(file_import=file_import, line=number, reason="no date")
    RowBefore.objects.create(file_import=file_import, table="customers_plan", row_id=number)
    ColumnMapping.objects.create(kind="customers", theirs=f"Kunde {number}", ours="name")
    SavedView.objects.create(owner=user, page="customers", name="Mine")
    Handover.objects.create(customer=customer, to=user, on=date(2025, 1, 1), created_at=now)
    BulkHandover.objects.create(job=Job.objects.create(kind="x"), to=user, on=date(2025, 1, 1))
    CustomerAlias.objects.create(external_id=f"OLD-{number}", customer=customer, merged_at=now)
    CheckRun.objects.create(name="identity", ran_at=now, known_at=now, ok=True)
    ApiKey.objects.create(name="Key", owner=user, prefix=f"prefix{number}", scopes=["read"])
    AuditEvent.objects.create(verb="note_added", object_kind="interaction", object_id=number)
    RememberedAnswer.objects.create(owner=user, key=f"key-{number}")
    ScheduledRun.objects.create(job="night", period=f"2025-01-0{number}")
    Heartbeat.objects.create(queue=f"queue-{number}", seen_at=now)
