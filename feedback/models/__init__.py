"""Surveys, invitations and answers; webhooks out and in."""

from feedback.models.incoming import IncomingCall, IncomingWebhook
from feedback.models.response import Answer, Response
from feedback.models.sending import Channel, Invitation, OpenLink, SendingRule
from feedback.models.survey import Survey, SurveyKind, SurveyVersion
from feedback.models.theme import CommentTheme, Theme
from feedback.models.webhook import Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "Answer",
    "Channel",
    "CommentTheme",
    "IncomingCall",
    "IncomingWebhook",
    "Invitation",
    "OpenLink",
    "Response",
    "SendingRule",
    "Survey",
    "SurveyKind",
    "SurveyVersion",
    "Theme",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
]
