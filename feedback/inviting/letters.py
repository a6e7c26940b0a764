"""The words of an invitation and its reminder, in the language of whom they go to."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.models import Organisation
from customers.mail.rendering import (
    Button,
    Footer,
    fill,
    fill_html,
    fill_subject,
    frame,
    frame_text,
    html_of,
    values_for,
)
from customers.models import Contact
from feedback.content import SOURCE_LANGUAGE, Content

LINK = "survey"
# What files and programs call the languages that we have.
ALIKE = {"no": "nb", "nn": "nb", "dk": "da", "se": "sv", "norwegian": "nb", "danish": "da",
         "swedish": "sv", "english": "en"}  # fmt: skip
OF_COUNTRY = {"NO": "nb", "DK": "da", "SE": "sv"}


@dataclass(frozen=True)
class Words:
    """What was written for a mail; the body is plain text."""

    subject: str
    body: str
    button: str


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def language_for(contact: Contact, content: Content) -> str:
    """The contact's language, else the customer's, else its country's, if the survey has it."""
    customer = contact.customer
    wishes = (contact.language, customer.language, OF_COUNTRY.get(customer.country.upper(), ""))
    for wish in wishes:
        code = wish.strip().lower().replace("_", "-").split("-")[0]
        code = ALIKE.get(code, code)
        if code in content.languages:
            return code
    return SOURCE_LANGUAGE


def letter(
    words: str, content: Content, contact: Contact, language: str, organisation: Organisation
) -> Letter:
    """The mail (`words` is `mail`) or the reminder (`reminder`), but for its private link."""
    written = framed(
        Words(
            subject=content.text(f"{words}.subject", language),
            body=content.text(f"{words}.body", language),
            button=content.text("mail.button", language),
        ),
        organisation.name,
        language,
        f"{settings.BASE_URL}/privacy/",
    )
    values = values_for(contact, contact.customer, organisation)
    return Letter(
        fill_subject(written.subject, values),
        fill(written.text, values),
        fill_html(written.html, values),
    )


@lru_cache(maxsize=64)
def framed(words: Words, sender: str, language: str, notice: str) -> Letter:
    """The mail with its placeholders, made once for all whom it goes to."""
    button = Button(words.button, LINK)
    footer = Footer(
        why=why(sender, language),
        organisation=sender,
        language=language,
        privacy_address=notice,
    )
    return Letter(
        words.subject,
        frame_text(words.body, button, footer),
        frame(words.subject, html_of(words.body), button, footer),
    )


def why(sender: str, language: str) -> str:
    """Why the reader gets this mail."""
    with translation.override(language):
        if not sender:
            return _("You get this mail because your company is or was a customer of ours.")
        return _("You get this mail because your company is or was a customer of %(name)s.") % {
            "name": sender
        }
