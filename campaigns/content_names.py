"""What texts name of the library, such as `{{ content.first_steps.title }}`.

A placeholder that ends in `.link` becomes a private link, so that it is known who followed it: in
the text part its address, in HTML a few words that lead there.
"""

import html
import re
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from customers.mail.rendering import pieces

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS = ("title", "summary", "link")
# The content of the library that fits each recipient best.
RECOMMENDED = tuple(f"recommended.{part}" for part in PARTS)
_NAMED = re.compile(rf"\{{\{{\s*(content\.({KEY.pattern})\.({'|'.join(PARTS)}))\b")
_LINK = re.compile(
    rf"\{{\{{\s*(?:content\.({KEY.pattern})|recommended)\.link\s*(?:\|[^{{}}]{{0,300}})?\}}\}}"
)


def names_in(*texts: str) -> tuple[str, ...]:
    """The placeholders of single contents that texts hold, each once."""
    return tuple(dict.fromkeys(found[0] for text in texts for found in _NAMED.findall(text)))


def keys_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The keys of the contents that texts name, each once."""
    return tuple(dict.fromkeys(found[1] for text in texts for found in _NAMED.findall(text)))


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def link_name(key: str) -> str:
    """What a mail calls its private link to a content; without a key, to the recommended one."""
    return f"content_{key}" if key else "recommended"


def linked(text: str) -> str:
    """A text whose placeholders for links are private links."""
    return _LINK.sub(lambda found: f"[[link:{link_name(found[1] or '')}]]", text)


def linked_html(body: str, language: str) -> str:
    """The same of HTML: each link has words of its own."""
    with translation.override(language):
        words = html.escape(_("Read more"), quote=False)
    return _LINK.sub(
        lambda found: f'<a href="[[link:{link_name(found[1] or "")}]]">{words}</a>', body
    )


def needs_recommended(*texts: str) -> bool:
    """Whether a mail says nothing without a recommended content: it links it, or has no default."""
    known = (*RECOMMENDED, *names_in(*texts))
    if any("[[link:recommended]]" in text for text in texts):
        return True
    return any(
        name in RECOMMENDED and not default
        for text in texts
        if "recommended." in text
        for _literal, name, default in _read(text, known)
    )


def _read(text: str, names: tuple[str, ...]) -> Iterable[tuple[str, str, str]]:
    return pieces(text, names)
