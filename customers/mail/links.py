"""Private links: tokens that are made when they are needed and kept nowhere.

A token is the HMAC-SHA256, under the server's secret, of its purpose and a random nonce. The row
that it opens keeps the nonce and the token's SHA-256: a dump of the database opens nothing.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import NotRequired, TypedDict

from django.conf import settings
from django.utils.crypto import salted_hmac

SURVEY = "survey"
PLACE = re.compile(r"\[\[link:([a-z0-9_]+)\]\]")


class PrivateLink(TypedDict):
    """What a mail keeps of a link: `path` holds `{token}` once, such as `/s/{token}`.

    From `until` on, a moment as ISO 8601, it opens nothing; without it, it always does.
    """

    path: str
    purpose: str
    nonce: str
    until: NotRequired[str]


def new_nonce() -> str:
    """32 random bytes, as text of 43 characters."""
    return secrets.token_urlsafe(32)


def token_of(purpose: str, nonce: str) -> str:
    """The token of 43 characters for `nonce`; of no use for another purpose."""
    digest = salted_hmac(f"churnapp.links.{purpose}", nonce, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What is stored of a token, and looked up when one comes in."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(link: PrivateLink) -> str:
    """The whole address of a link, with its token."""
    token = token_of(link["purpose"], link["nonce"])
    return settings.BASE_URL + link["path"].replace("{token}", token)


def has_expired(links: Mapping[str, PrivateLink], now: datetime) -> bool:
    """Whether one of a mail's links opens nothing any more."""
    ends = (link["until"] for link in links.values() if "until" in link)
    return any(datetime.fromisoformat(end) <= now for end in ends)


def with_links(text: str, links: Mapping[str, PrivateLink]) -> str:
    """`text` with each `[[link:NAME]]` replaced; KeyError for a name that `links` lacks."""
    return PLACE.sub(lambda found: address_of(links[found[1]]), text)
