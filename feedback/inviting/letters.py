"""The words of an invitation and its reminder, in the language of whom they go to."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.models import Organisation
from customers.mail.hours import ZONES
from customers.mail.linked_questions import LinkedQuestion
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
from feedback.inviting.first_question import LINK, PLACE, first_question, in_its_turn
from feedback.models import SurveyVersion
from feedback.offers import TURNS

# What files and programs call the languages that we have.
ALIKE = {"no": "nb", "nn": "nb", "dk": "da", "se": "sv", "norwegian": "nb", "danish": "da",
         "swedish": "sv", "english": "en"}  # fmt: skip
SPOKEN = {"Europe/Oslo": "nb", "Europe/Copenhagen": "da", "Europe/Stockholm": "sv"}
OF_COUNTRY = {name: language for zone, language in SPOKEN.items() for name in ZONES[zone]}


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
    of_country = OF_COUNTRY.get(customer.country.strip().lower(), "")
    wishes = (contact.language, customer.language, of_country)
    for wish in wishes:
        code = wish.strip().lower().replace("_", "-").split("-")[0]
        code = ALIKE.get(code, code)
        if code in content.languages:
            return code
    return SOURCE_LANGUAGE


@dataclass
class Writer:
    """Writes the mails of one run: what they have in common is looked up once."""

    sender: Organisation
    contents: dict[int, Content] = field(default_factory=dict)
    asked: dict[tuple[int, str], LinkedQuestion | None] = field(default_factory=dict)

    def letter(
        self,
        words: str,
        version: SurveyVersion,
        contact: Contact,
        language: str,
        turn: int | None = None,
    ) -> Letter:
        """The mail (`words` is `mail`) or the reminder (`reminder`), but for its private link.

        Its reasons stand in the order of a `turn`, without one in that of the list.
        """
        content = self.content(version)
        body = content.text(f"{words}.body", language)
        written = framed(
            Words(
                subject=content.text(f"{words}.subject", language),
                body=body,
                button=content.text("mail.button", language),
            ),
            self.question(version, language, turn) if PLACE.search(body) else None,
            why(self.sender.name, language),
            self.sender.name,
            language,
        )
        values = values_for(contact, contact.customer, self.sender)
        return Letter(
            fill_subject(written.subject, values),
            fill(written.text, values),
            fill_html(written.html, values),
        )

    def content(self, version: SurveyVersion) -> Content:
        if version.pk not in self.contents:
            self.contents[version.pk] = Content.read(version.content)
        return self.contents[version.pk]

    def question(
        self, version: SurveyVersion, language: str, turn: int | None
    ) -> LinkedQuestion | None:
        key = (version.pk, language)
        if key not in self.asked:
            self.asked[key] = first_question(self.content(version), language)
        asked = self.asked[key]
        return asked if asked is None or turn is None else in_its_turn(asked, turn)


@lru_cache(maxsize=16 * TURNS)
def framed(
    words: Words, question: LinkedQuestion | None, why: str, sender: str, language: str
) -> Letter:
    """The mail with its placeholders, made once for all whom it goes to.

    Where the first question stands in it, its answers lead to the page: no button is needed, but
    in the text part, whose only way there it is.
    """
    button = Button(words.button, LINK)
    footer = Footer(
        why=why,
        organisation=sender,
        language=language,
        privacy_address=f"{settings.BASE_URL}/privacy/",
    )
    parts = [part.strip() for part in PLACE.split(words.body)]
    asked = [question] if question else []
    pieces: list[str | LinkedQuestion] = [parts[0]]
    for part in parts[1:]:
        pieces += [*asked, part]
    written = [each if isinstance(each, str) else each.text for each in pieces]
    framed_html = [html_of(each) if isinstance(each, str) else each for each in pieces if each]
    return Letter(
        words.subject,
        frame_text("\n\n".join(filter(None, written)), button, footer),
        frame(words.subject, framed_html, None if question else button, footer),
    )


def why(sender: str, language: str) -> str:
    """Why the reader gets this mail."""
    with translation.override(language):
        if not sender:
            return _("You get this mail because your company is or was a customer of ours.")
        return _("You get this mail because your company is or was a customer of %(name)s.") % {
            "name": sender
        }
