"""Surveys, invitations and answers."""

from feedback.models.response import Answer, Response
from feedback.models.sending import Channel, Invitation, OpenLink, SendingRule
from feedback.models.survey import Survey, SurveyKind, SurveyVersion

__all__ = [
    "Answer",
    "Channel",
    "Invitation",
    "OpenLink",
    "Response",
    "SendingRule",
    "Survey",
    "SurveyKind",
    "SurveyVersion",
]
