"""Mails as people see them: one plain frame, compiled when a text is saved, never when it is sent.

A body is written as plain text or pasted as HTML; both become the same mail. Private links stand as
`[[link:NAME]]`, values as placeholders such as `{{ contact.first_name|default:"there" }}` from a
closed list of names, until the mail is queued and sent. An unknown name is refused when saving.
"""

import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import mrml
import nh3
from css_inline import CSSInliner
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.models import Contact, Customer

NAMES = (
    "contact.first_name",
    "contact.name",
    "contact.email",
    "customer.name",
    "organisation.name",
)
_QUOTE = r"(?:\"|&quot;|&#34;|&#x27;|&#39;|')"
LONGEST = 100_000  # characters of one text: what takes longer to read than to send is no mail
# Between the braces stand neither more braces nor more than a name and its default.
_ANY = re.compile(r"\{\{([^{}]{0,300})\}\}")
_ONE = re.compile(rf"\s*([a-z0-9_.]+)\s*(?:\|\s*default:\s*{_QUOTE}(.*?){_QUOTE})?\s*", re.DOTALL)
TAGS = {"a", "b", "br", "em", "h2", "h3", "i", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
# No style sheet is fetched: what a mail looks like is in the mail.
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
_DOUBLED = re.compile(r"([{\[])(?=\1)")
_UNPRINTED = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Button:
    """`link` names a private link, such as `survey`, or is the address of a page for staff."""

    label: str
    link: str

    @property
    def address(self) -> str:
        is_address = self.link.startswith(("http://", "https://"))
        return self.link if is_address else f"[[link:{self.link}]]"


class Block(Protocol):
    """Sections of a mail that we make ourselves, with nothing in them that is not escaped."""

    @property
    def mjml(self) -> str: ...


Body = str | Sequence[str | Block]


@dataclass(frozen=True)
class Footer:
    """`why` says why the reader gets this mail; addresses that are empty are left out."""

    why: str
    organisation: str
    language: str = "en"
    privacy_address: str = ""
    unsubscribable: bool = True


def clean_html(pasted: str) -> str:
    """Pasted HTML made harmless: text, lists, headings and links."""
    return nh3.clean(
        pasted, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"
    )


def quoted(words: str) -> str:
    """What somebody else wrote, for a mail: no placeholder, no private link, no control codes."""
    return _DOUBLED.sub(r"\1 ", _UNPRINTED.sub("", words))


def html_of(text: str) -> str:
    """Plain text as paragraphs."""
    paragraphs = _PARAGRAPHS.split(text.strip())
    escaped = (html.escape(part, quote=False).replace("\n", "<br>") for part in paragraphs)
    return "".join(f"<p>{part}</p>" for part in escaped)


def frame(
    subject: str,
    body: Body,
    button: Button | None,
    footer: Footer,
    names: Collection[str] = (),
) -> str:
    """The HTML of a whole mail, with placeholders and private links still in it.

    `body` is HTML, or pieces of it with blocks of ours between. `names` are placeholders beside
    ours. Raises RuleError for an unknown one and for what can't be compiled.
    """
    pieces_of_body = [body] if isinstance(body, str) else body
    check_placeholders(subject, names, field="subject")
    for piece in pieces_of_body:
        check_placeholders(piece if isinstance(piece, str) else "", names, field="body")
    parts = {
        "language": html.escape(footer.language),
        "subject": html.escape(subject, quote=False),
        "organisation": html.escape(footer.organisation, quote=False),
        "body": "".join(map(_sections, pieces_of_body)) + _button(button),
        "footer": _footer_html(footer),
    }
    return compile_mjml(_MJML % parts)


def frame_text(
    text: str, button: Button | None, footer: Footer, names: Collection[str] = ()
) -> str:
    """The text part of the same mail."""
    check_placeholders(text, names, field="body")
    parts = [text.strip()]
    if button:
        parts.append(f"{button.label}:\n{button.address}")
    lines = [footer.why, *(f"{word}: {address}" for word, address in _footer_links(footer))]
    return "\n\n".join([*parts, "-- \n" + "\n".join([footer.organisation, *lines]).strip()]) + "\n"


def compile_mjml(source: str) -> str:
    """MJML as HTML with its styles inline. Raises RuleError with what is wrong in it."""
    try:
        compiled = mrml.to_html(source, None, mrml.RenderOptions(disable_comments=True, fonts={}))
    except OSError as error:
        raise RuleError(
            _("This is no valid MJML: %(problem)s.") % {"problem": error}, field="body"
        ) from error
    return str(_INLINER.inline(compiled.content))


def section(content: str) -> str:
    """A strip of the mail, its whole width."""
    return f'<mj-section padding="0"><mj-column>{content}</mj-column></mj-section>'


def _button(button: Button | None) -> str:
    if button is None:
        return ""
    label = html.escape(button.label, quote=False)
    return section(f'<mj-button href="{html.escape(button.address)}">{label}</mj-button>')


def _sections(piece: "str | Block") -> str:
    if not isinstance(piece, str):
        return piece.mjml
    return section(f"<mj-text>{clean_html(piece)}</mj-text>") if piece else ""


def _footer_links(footer: Footer) -> list[tuple[str, str]]:
    with translation.override(footer.language):
        links = [(_("Privacy"), footer.privacy_address)] if footer.privacy_address else []
        if footer.unsubscribable:
            links.append((_("Choose what we send you"), "[[link:preferences]]"))
            links.append((_("Unsubscribe"), "[[link:unsubscribe]]"))
    return links


def _footer_html(footer: Footer) -> str:
    links = " · ".join(
        f'<a class="quiet" href="{html.escape(address)}">{html.escape(word)}</a>'
        for word, address in _footer_links(footer)
    )
    return f"{html.escape(footer.why, quote=False)}<br>{links}"


def check_placeholders(text: str, names: Collection[str] = (), *, field: str | None = None) -> None:
    """Refuse what is no placeholder, naming those that are: ours, and `names`. Raises RuleError."""
    if len(text) > LONGEST:
        raise RuleError(
            _("A text has at most %(limit)s characters; this one has %(count)s.")
            % {"limit": LONGEST, "count": len(text)},
            field=field,
        )
    for found in _ANY.findall(text):
        read = _ONE.fullmatch(found)
        if read is None or (read[1] not in NAMES and read[1] not in names):
            raise RuleError(
                _("“{{%(found)s}}” is no placeholder. There are: %(names)s.")
                % {"found": found, "names": ", ".join([*NAMES, *names])},
                field=field,
            )


def values_for(
    contact: Contact | None, customer: Customer | None, organisation: Organisation
) -> dict[str, str]:
    """What each name stands for in a mail to `contact`."""
    name = contact.name.strip() if contact else ""
    return {
        "contact.first_name": name.split(" ")[0],
        "contact.name": name,
        "contact.email": contact.email if contact else "",
        "customer.name": customer.name if customer else "",
        "organisation.name": organisation.name,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """Plain text with its placeholders filled in."""
    return _filled(text, values, str)


def fill_html(text: str, values: Mapping[str, str]) -> str:
    """HTML with its placeholders filled in and escaped, so that no value brings tags along."""
    return _filled(text, values, html.escape)


def fill_subject(text: str, values: Mapping[str, str]) -> str:
    """One line, whatever the values hold."""
    return " ".join(fill(text, values).split())


def pieces(text: str, names: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """The literal pieces of a text, each with the name and default of the placeholder after it.

    The last one has no name. Raises RuleError for a placeholder that there is not.
    """
    check_placeholders(text, names)
    start = 0
    for found in _ANY.finditer(text):
        read = _ONE.fullmatch(found[1])
        if read is not None:
            yield text[start : found.start()], read[1], html.unescape(read[2] or "")
        start = found.end()
    yield text[start:], "", ""


def _filled(text: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    def one(found: re.Match[str]) -> str:
        read = _ONE.fullmatch(found[1])
        if read is None:
            return found[0]
        return escape(values.get(read[1]) or html.unescape(read[2] or ""))

    return _ANY.sub(one, text)


_MJML = """
<mjml lang="%(language)s"><mj-head><mj-title>%(subject)s</mj-title>
<mj-attributes>
<mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
<mj-text font-size="16px" line-height="1.5" color="#17202e" padding="10px 20px" />
<mj-button font-size="16px" font-weight="600" background-color="#2f4bc7" color="#ffffff"
 border-radius="8px" inner-padding="12px 22px" align="left" padding="10px 20px" />
</mj-attributes>
<mj-style inline="inline">p { margin: 0 0 16px; } a.quiet { color: #5a6575; }</mj-style>
</mj-head><mj-body background-color="#f6f7f9">
<mj-section padding="24px 0 0"><mj-column>
<mj-text font-size="14px" color="#5a6575">%(organisation)s</mj-text></mj-column></mj-section>
<mj-wrapper background-color="#ffffff" border-radius="12px">%(body)s</mj-wrapper>
<mj-section><mj-column>
<mj-text font-size="13px" color="#5a6575">%(footer)s</mj-text></mj-column></mj-section>
</mj-body></mjml>
"""
