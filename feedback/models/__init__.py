"""Surveys, invitations and answers."""

from feedback.models.response import Answer, Response
from feedback.models.sending import Channel, Invitation, OpenLink, SendingRule
from feedback.models.survey import Survey, SurveyKind, SurveyVersion
from feedback.models.theme import CommentTheme, Theme
from feedback.models.webhook import Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "Answer",
    "Channel",
    "CommentTheme",
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
