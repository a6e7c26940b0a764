"""The words of an invitation and its reminder, in the language of whom they go to."""

from dataclasses import dataclass

from customers.mail.frames import Framed, as_html, as_text
from customers.mail.placeholders import fill, fill_subject, values_for
from customers.models import Contact
from feedback.content import SOURCE_LANGUAGE, Content

LINK = "[[link:survey]]"
# What files and programs call the languages that we have.
ALIKE = {"no": "nb", "nn": "nb", "dk": "da", "se": "sv", "norwegian": "nb", "danish": "da",
         "swedish": "sv", "english": "en"}  # fmt: skip
OF_COUNTRY = {"NO": "nb", "DK": "da", "SE": "sv"}


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


def letter(words: str, content: Content, contact: Contact, language: str, sender: str) -> Letter:
    """The mail (`words` is `mail`) or the reminder (`reminder`), but for its private link."""
    values = values_for(contact, sender)
    subject = fill_subject(content.text(f"{words}.subject", language), values)
    framed = Framed(
        sender=sender,
        subject=subject,
        body=fill(content.text(f"{words}.body", language), values),
        button=content.text("mail.button", language),
        link=LINK,
        language=language,
    )
    return Letter(subject, as_text(framed), as_html(framed))
