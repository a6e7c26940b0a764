"""The mails of campaigns: what was written, framed once for all whom it goes to."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from campaigns.content_names import RECOMMENDED, linked, linked_html, names_in
from campaigns.paths import OFFER, Words
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of
from feedback.inviting.letters import why

LINK = "go"  # the name of a mail's private link
# What mails of campaigns may say beside the usual names.
REFERRAL, THEIR_WORDS = "referral.link", "fix.their_words"
NAMES = (
    "offer.title", "offer.until", "reason", "plan.name", "owner.name", "fix.name", THEIR_WORDS,
    REFERRAL, *RECOMMENDED, "recommended_feature.name", "recommended_plan.name",
)  # fmt: skip


@dataclass(frozen=True)
class Framed:
    """A whole mail with its placeholders and its private link still in it."""

    subject: str
    text: str
    html: str

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.subject, self.text, self.html


@lru_cache(maxsize=512)
def framed(words: Words, leads_to: str, sender: str, language: str) -> Framed:
    """The mail in its frame. Raises RuleError for a placeholder that there is not.

    `leads_to` is where its button leads: an address, the offer, or nowhere.
    """
    button = Button(words.button, LINK) if leads_to else None
    footer = Footer(
        why=why(sender, language),
        organisation=sender,
        language=language,
        privacy_address=f"{settings.BASE_URL}/privacy/",
    )
    names = names_of(words)
    body = linked_html(html_of(words.body), language)
    return Framed(
        words.subject,
        frame_text(linked(words.body), button, footer, names),
        frame(words.subject, body, button, footer, names),
    )


def names_of(words: Words) -> tuple[str, ...]:
    """The placeholders that a mail may hold, the contents among them that it names."""
    return *NAMES, *names_in(words.subject, words.body, words.button)


def needs_offer(leads_to: str) -> bool:
    return leads_to == OFFER
