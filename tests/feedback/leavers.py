"""Customers who leave, and the survey and rule that ask them why."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from customers.models import Cancellation
from feedback.models import SendingRule, Survey
from tests.factories import make_cancellation, make_contact, make_customer, make_organisation
from tests.feedback_factories import make_survey

NOW = timezone.now()
ENGLISH = {
    "mail.subject": 'Why, {{ contact.first_name|default:"you" }}?',
    "mail.body": "Tell us.",
    "mail.button": "Answer",
    "reminder.subject": "Still curious",
    "reminder.body": "Please.",
}
NORWEGIAN = {
    "mail.subject": 'Hvorfor, {{ contact.first_name|default:"du" }}?',
    "mail.body": "Fortell oss.\n\nHilsen {{ organisation.name }}",
    "mail.button": "Svar",
    "reminder.subject": "Fortsatt nysgjerrig",
    "reminder.body": "Vær så snill.",
}
TEXTS = {"en": ENGLISH, "nb": NORWEGIAN}


def make_exit_survey() -> Survey:
    """It asks for the reason, in English and Norwegian."""
    make_organisation(name="Lysbro")
    questions = [{"key": "why", "kind": "single", "source": "reasons"}]
    return make_survey(
        "exit", content={"languages": ["en", "nb"], "questions": questions, "texts": TEXTS}
    )


def make_sending_rule(survey: Survey, trigger: str = "cancellation", **fields: Any) -> SendingRule:
    """A rule that is on since yesterday."""
    fields = {"on_since": NOW - timedelta(days=1)} | fields
    return SendingRule.objects.create(survey=survey, trigger=trigger, **fields)


def make_leaver(**fields: Any) -> Cancellation:
    """A customer with one Norwegian contact who just left."""
    contact = fields.pop("contact", {})
    customer = make_customer(**fields.pop("customer", {}))
    make_contact(customer, **({"name": "Kari Moe", "language": "nb"} | contact))
    return make_cancellation(customer, **({"recorded_at": NOW} | fields))
