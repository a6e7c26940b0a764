"""Keys for other programs: a prefix to find them, a secret that is shown once, scopes."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from churnapp.models import ApiKey, User

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
KEYWORD = "Bearer"


def make_key(owner: User, name: str, scopes: list[str], expires_at: datetime | None = None) -> str:
    """Make a key and give its full text, `prefix.secret`, for the only time."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        secret_sha256=_hash(secret),
        scopes=scopes,
        expires_at=expires_at,
    )
    return f"{prefix}.{secret}"


def find_key(text: str, now: datetime) -> ApiKey | None:
    """The standing key that `text` is, or None; compared in constant time."""
    prefix, _dot, secret = text.partition(".")
    key = (
        ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), prefix=prefix)
        .filter(revoked_at=None, owner__is_active=True)
        .select_related("owner")
        .first()
    )
    expected = key.secret_sha256 if key else _hash("")
    matches = secrets.compare_digest(_hash(secret), expected)
    return key if key and matches else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer prefix.secret`; the request acts as the key's owner."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        keyword, _space, text = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        now = timezone.now()
        key = find_key(text.strip(), now)
        if key is None:
            raise exceptions.AuthenticationFailed(_("The API key is unknown, expired or revoked."))
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class RoleAndScope(permissions.BasePermission):
    """The owner's role must allow the model's verb, and a key's scopes reading or writing at all.

    A view names what it needs in `permission_needed = {"GET": "customers.view_customer", …}`.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        if isinstance(request.auth, ApiKey):
            scope = READ if request.method in permissions.SAFE_METHODS else WRITE
            if scope not in request.auth.scopes:
                return False
        return bool(request.user.has_perm(self.needed(request, view)))

    def needed(self, request: Request, view: Any) -> str:
        """The permission of this verb; a view that names none is closed to all but superusers."""
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
        return str(view.permission_needed.get(method, "nobody.at_all"))
