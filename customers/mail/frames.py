"""The frame around a mail: MJML compiled once a language, in which a text and a button are put."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import css_inline
import mrml
import nh3
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.mail.unsubscribe import PLACE as UNSUBSCRIBE

SOURCE = """
<mjml lang="@@language@@"><mj-head><mj-title>@@subject@@</mj-title>
<mj-attributes><mj-all font-family="Helvetica, Arial, sans-serif" /></mj-attributes></mj-head>
<mj-body background-color="#f3f4f6">
<mj-section padding="24px 0 8px"><mj-column>
<mj-text font-size="14px" font-weight="bold" color="#374151">@@sender@@</mj-text>
</mj-column></mj-section>
<mj-section background-color="#ffffff" border-radius="8px" padding="16px 8px"><mj-column>
<mj-text font-size="16px" line-height="1.5" color="#1f2937">@@body@@</mj-text>
<mj-button href="@@link@@" background-color="#1d4ed8" color="#ffffff" font-size="16px"
 border-radius="6px" inner-padding="12px 24px" align="left">@@button@@</mj-button>
</mj-column></mj-section>
<mj-section padding="8px 0 24px"><mj-column>
<mj-text font-size="12px" line-height="1.5" color="#4b5563">@@why@@<br />
<a href="@@privacy@@" style="color:#4b5563">@@privacy_words@@</a>@@unsubscribe@@</mj-text>
</mj-column></mj-section>
</mj-body></mjml>
"""


@dataclass(frozen=True)
class Framed:
    """What stands in the frame; `body` is plain text, its paragraphs parted by empty lines.

    `link` is an address or the place of a private one, such as `[[link:survey]]`.
    """

    sender: str
    subject: str
    body: str
    button: str
    link: str
    language: str = "en"
    unsubscribable: bool = True


def as_html(framed: Framed) -> str:
    """The mail as HTML."""
    with translation.override(framed.language):
        page = compiled(SOURCE)
        ending = f' · <a href="{UNSUBSCRIBE}" style="color:#4b5563">{escape(_("Unsubscribe"))}</a>'
        for name, value in {
            "language": framed.language,
            "subject": escape(framed.subject),
            "sender": escape(framed.sender),
            "body": paragraphs(framed.body),
            "link": escape(framed.link),
            "button": escape(framed.button),
            "why": escape(why(framed)),
            "privacy": f"{settings.BASE_URL}/privacy/",
            "privacy_words": escape(_("Privacy notice")),
            "unsubscribe": ending if framed.unsubscribable else "",
        }.items():
            page = page.replace(f"@@{name}@@", value)
        return page


def as_text(framed: Framed) -> str:
    """The mail as plain text."""
    with translation.override(framed.language):
        lines = [framed.body.strip(), "", f"{framed.button}: {framed.link}", "", "-- ", why(framed)]
        lines.append(_("Privacy notice") + f": {settings.BASE_URL}/privacy/")
        if framed.unsubscribable:
            lines.append(_("Unsubscribe") + f": {UNSUBSCRIBE}")
        return "\n".join(lines) + "\n"


def why(framed: Framed) -> str:
    if framed.sender:
        return _("You get this mail because your company is or was a customer of %(name)s.") % {
            "name": framed.sender
        }
    return _("You get this mail because your company is or was a customer of ours.")


def paragraphs(body: str) -> str:
    """Plain text as HTML: what an empty line parts is a paragraph, a line break stays one."""
    found = [part.strip() for part in body.split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in found)


@lru_cache(maxsize=64)
def compiled(source: str) -> str:
    """HTML of MJML, styles put on the elements. Raises RuleError for MJML that can't be read."""
    try:
        page = mrml.to_html(source).content
    except OSError as error:
        raise RuleError(
            _("The MJML can't be read: %(why)s. Mend it, or begin from the standard frame.")
            % {"why": error},
            field="mjml",
        ) from error
    return css_inline.CSSInliner(keep_style_tags=True).inline(page)


def harmless(pasted: str) -> str:
    """Pasted HTML without scripts, styles that reach out, and whatever else could do harm."""
    return nh3.clean(pasted)
