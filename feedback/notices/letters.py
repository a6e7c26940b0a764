"""Mails to members of staff: in their language, in the same frame as all mail."""

import html
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from churnapp.models import Organisation, User
from customers.mail.drafts import Draft
from customers.mail.rendering import Button, Footer, frame, frame_text, quoted
from customers.models import MailPurpose
from customers.services.staff import language_of

escaped = partial(html.escape, quote=False)


@dataclass
class Letter:
    """A mail as it is written: each part once as plain text and once as HTML."""

    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        """A paragraph of ours or of somebody else's."""
        words = quoted(words)
        self.text.append(words)
        self.html.append(f"<p>{escaped(words).replace(chr(10), '<br>')}</p>")

    def head(self, words: str) -> None:
        words = quoted(words)
        self.text.append(words.upper())
        self.html.append(f"<h3>{escaped(words)}</h3>")

    def link(self, words: str, address: str) -> None:
        self.text.append(f"{quoted(words)}: {address}")
        self.html.append(f'<p><a href="{html.escape(address)}">{escaped(quoted(words))}</a></p>')

    def point_to(self, name: str, words: str, address: str) -> None:
        """A paragraph that begins with a link."""
        name, words = quoted(name), quoted(words)
        self.text.append(f"{name}: {words}\n{address}")
        link = f'<a href="{html.escape(address)}">{escaped(name)}</a>'
        self.html.append(f"<p>{link}: {escaped(words).replace(chr(10), '<br>')}</p>")


def page(name: str, *arguments: object) -> str:
    """The whole address of one of our pages."""
    return settings.BASE_URL + reverse(name, args=arguments)


def draft(key: str, reader: User, subject: str, letter: Letter, button: Button) -> Draft:
    """A notice to a member of staff, in the active language: not to a contact, and in no budget."""
    subject = " ".join(quoted(subject).split())[:200]
    footer = Footer(
        why=_("You get this mail because of your settings: %(address)s")
        % {"address": page("mail_preferences")},
        organisation=quoted(Organisation.current().name),
        language=language_of(reader),
        unsubscribable=False,
    )
    return Draft(
        dedupe_key=key,
        purpose=MailPurpose.NOTICE,
        to_email=reader.email,
        to_name=reader.name,
        language=footer.language,
        subject=subject,
        text=frame_text("\n\n".join(letter.text), button, footer),
        html=frame(subject, "".join(letter.html), button, footer),
    )
