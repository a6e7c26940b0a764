"""What a content of the library may say: its key, its days, its texts, where it leads."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.content_names import KEY
from campaigns.models import ContentKind
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services.checking import CONTROL
from churnapp.common.errors import RuleError

Values = dict[str, Any]
LONGEST = {"title": 120, "summary": 1_000, "address": 500}


def checked(values: Values) -> Values:
    """The fields of a content as they are kept. Raises RuleError, with its field."""
    kept = dict(values)
    if kept.get("kind") not in ContentKind.values:
        raise RuleError(_("Choose one of the kinds."), field="kind")
    kept["key"] = checked_key(str(kept.get("key") or ""))
    begins, ends = kept.get("published_on"), kept.get("expires_on")
    if begins and ends and ends <= begins:
        raise RuleError(_("It ends before it begins. Choose a later day."), field="expires_on")
    return kept | {"texts": checked_texts(kept.get("texts") or {})}


def checked_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise RuleError(
            _(
                "Use small letters from a to z, digits and underscores, a letter first, at most"
                " %(limit)s in all: it is written in placeholders."
            )
            % {"limit": 40},
            field="key",
        )
    return key


def checked_texts(texts: Values) -> dict[str, dict[str, str]]:
    """Title, summary and address by language; in English all three."""
    kept = {}
    for language, _name in settings.LANGUAGES:
        told = texts.get(language) or {}
        found = {part: tidy(told.get(part) or "", part, language) for part in LONGEST}
        if any(found.values()):
            kept[language] = {part: text for part, text in found.items() if text}
    for part in LONGEST:
        if not kept.get(SOURCE_LANGUAGE, {}).get(part):
            raise RuleError(
                _("Write it in English first: other languages fall back to it."),
                field=f"{part}_{SOURCE_LANGUAGE}",
            )
    return kept


def tidy(text: Any, part: str, language: str) -> str:
    """A text without control codes, of one line but for summaries; an address that is safe."""
    plain = CONTROL.sub("", str(text).replace("\r\n", "\n")).strip()
    plain = plain if part == "summary" else " ".join(plain.split())
    field = f"{part}_{language}"
    if len(plain) > LONGEST[part]:
        raise RuleError(
            _("Use at most %(limit)s characters.") % {"limit": LONGEST[part]}, field=field
        )
    if part == "address" and plain and not is_safe(plain):
        raise RuleError(_("Give the address of a page, beginning with https://."), field=field)
    return plain


def is_safe(address: str) -> bool:
    """Whether it is an address with https that names a host, and nobody's password."""
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_whole = parts.scheme == "https" and bool(parts.hostname) and " " not in address
    return is_whole and port_is_one and not parts.username and not parts.password
