"""Surveys, invitations and answers for tests."""

import hashlib
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from customers.models import Contact
from feedback.models import (
    Answer,
    CommentTheme,
    IncomingCall,
    IncomingWebhook,
    Invitation,
    OpenLink,
    Response,
    Survey,
    SurveyVersion,
    Theme,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from feedback.ready_surveys import READY
from tests.factories import make_contact, make_user

_number = count(1)


def make_survey(kind: str = "nps", **fields: Any) -> Survey:
    """A survey with one published version: the ready one of its kind, unless `content` is given."""
    content = fields.pop("content", None) or READY[kind]
    survey = Survey.objects.create(
        kind=kind, name=fields.pop("name", f"Survey {next(_number)}"), **fields
    )
    SurveyVersion.objects.create(
        survey=survey, number=1, content=content, published_at=timezone.now()
    )
    return survey


def make_invitation(
    survey: Survey | None = None, contact: Contact | None = None, **fields: Any
) -> Invitation:
    """An invitation that is open; its link's token is `token-` and its nonce's number."""
    survey, contact = survey or make_survey(), contact or make_contact()
    number = next(_number)
    now = timezone.now()
    fields = {
        "version": survey.versions.exclude(published_at=None).first(),
        "customer": contact.customer,
        "dedupe_key": f"test:{number}",
        "nonce": f"nonce-{number}",
        "token_sha256": hashlib.sha256(f"token-{number}".encode()).hexdigest(),
        "created_at": now,
        "expires_at": now + timedelta(days=30),
    } | fields
    return Invitation.objects.create(survey=survey, contact=contact, **fields)


def token_of(invitation: Invitation) -> str:
    """The token of an invitation made here."""
    return invitation.nonce.replace("nonce-", "token-")


def make_open_link(survey: Survey | None = None, **fields: Any) -> OpenLink:
    """An open link to a survey, which may be framed nowhere unless said."""
    fields = {"code": f"code{next(_number)}"} | fields
    return OpenLink.objects.create(survey=survey or make_survey(), **fields)


def make_response(
    survey: Survey | None = None, *, score: int | None = 9, comment: str = "", **fields: Any
) -> Response:
    """A response of a known contact that was sent in, with a score and a comment."""
    survey = survey or make_survey()
    now = timezone.now()
    contact = fields.pop("contact", None) or make_contact()
    fields = {
        "version": survey.versions.exclude(published_at=None).first(),
        "customer": contact.customer,
        "contact": contact,
        "begun_at": now,
        "answered_at": now,
        "changed_at": now,
    } | fields
    if not fields.get("quarantined_at"):
        fields.setdefault("counted_at", fields["answered_at"])
    response = Response.objects.create(survey=survey, **fields)
    kind = {"csat": "rating", "product": "rating", "ces": "effort"}.get(survey.kind, "nps")
    Answer.objects.create(response=response, question="score", kind=kind, number=score)
    if comment:
        Answer.objects.create(response=response, question="comment", kind="long", text=comment)
    return response


def make_webhook(address: str = "https://example.com/churnapp", **fields: Any) -> Webhook:
    """A webhook that is told of everything."""
    fields = {"events": list(WebhookEvent.values), "nonce": f"nonce-{next(_number)}"} | fields
    return Webhook.objects.create(address=address, **fields)


def make_delivery(webhook: Webhook | None = None, **fields: Any) -> WebhookDelivery:
    """A test of a webhook that is due for an hour."""
    now = timezone.now() - timedelta(hours=1)
    key = f"test:{next(_number)}"
    fields = {"event": "test", "key": key, "created_at": now, "due_at": now} | fields
    return WebhookDelivery.objects.create(webhook=webhook or make_webhook(), **fields)


def make_incoming_webhook(**fields: Any) -> IncomingWebhook:
    """An address that takes calls, acting as a customer-success manager."""
    number = next(_number)
    given = {"name": f"Shop {number}", "code": f"hook{number}", "nonce": f"nonce-{number}"} | fields
    acts_as = given.pop("acts_as", None) or make_user("csm")
    return IncomingWebhook.objects.create(acts_as=acts_as, **given)


def make_incoming_call(webhook: IncomingWebhook | None = None, **fields: Any) -> IncomingCall:
    """A call that was refused."""
    fields = {
        "event_id": f"evt-{next(_number)}",
        "body": "{}",
        "received_at": timezone.now(),
        "state": "refused",
        "problem": {"customer_id": ["This field is required."]},
    } | fields
    return IncomingCall.objects.create(webhook=webhook or make_incoming_webhook(), **fields)


def make_theme(*lines: str, accepted: bool = True, **fields: Any) -> Theme:
    """A theme in use, called "App slow" and looked for by these English lines."""
    fields = {
        "key": f"theme-{next(_number)}",
        "labels": {"en": "App slow"},
        "words": {"en": list(lines or ("app slow",))},
        "accepted_at": timezone.now() if accepted else None,
    } | fields
    return Theme.objects.create(**fields)


def make_comment_theme(
    theme: Theme | None = None, response: Response | None = None, **fields: Any
) -> CommentTheme:
    """A suggestion for the comment of a response."""
    response = response or make_response(comment="The app is slow")
    fields = {
        "answer": response.answers.get(question="comment"),
        "matched": "app, slow",
        "suggested_at": timezone.now(),
    } | fields
    if fields.get("state", "suggested") != "suggested":
        fields.setdefault("decided_at", timezone.now())
    return CommentTheme.objects.create(theme=theme or make_theme(), **fields)
